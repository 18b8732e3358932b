// What a reader of replies found, in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

enum class ReplyEventKind : uint8_t {
  kReasoning,  // text of reasoning
  kText,       // text for the user
  kCallBegin,  // text: the name of the function; id: its id or number, if it has one
  kArguments,  // text: more of the JSON of the arguments
  kCallEnd,
  kMalformed,  // what looked like a call is none: the text as it stands
  kEnd,        // of the reply
};

struct ReplyEvent {
  ReplyEventKind kind;
  uint32_t call = 0;    // the number of the call, for events of calls
  uint64_t offset = 0;  // into the reply: where the event comes from
  std::string_view text, id;
  // kMalformed: why, only with the first of a call; kEnd: what is incomplete, or nothing.
  std::string_view problem;
};

// A queue whose texts share one buffer. Texts of one kind that follow each other become one event,
// and no text ends inside of a character.
class ReplyEvents {
 public:
  // Reasoning, text and arguments.
  void add_text(ReplyEventKind kind, uint32_t call, uint64_t offset, std::string_view text);
  void add(ReplyEventKind kind, uint32_t call, uint64_t offset, std::string_view text = {},
           std::string_view id = {}, std::string_view problem = {});
  // The next one; the views live until the next call of any function, and a NUL follows each. False:
  // there is none.
  bool next(ReplyEvent* out);
  // Frees what was taken.
  void tidy();

 private:
  struct Item {
    ReplyEventKind kind;
    uint32_t call;
    uint64_t offset;
    size_t text, id, problem, end;  // in texts_; a NUL ends each
  };
  void flush();
  void push(ReplyEventKind kind, uint32_t call, uint64_t offset, std::string_view text,
            std::string_view id, std::string_view problem);

  std::vector<Item> items_;
  size_t taken_ = 0;
  std::string texts_;
  std::string rest_;  // the beginning of a character
  Item rest_item_ = {};
};

}  // namespace xgr::core
