// Reads replies of the models of a family: bytes in, events out.
//
//   Result<std::unique_ptr<ReplyReader>> r = ReplyReader::create(family, {}, limits);
//   r.value()->feed("<tool_call>\n{\"name\": \"f\", \"argu");
//   r.value()->feed("ments\": {\"a\": 1}}\n</tool_call>");
//   r.value()->finish();
//   while (r.value()->next(&event)) ...   // call begins, {"a": 1}, call ends, end
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "chat/family.h"
#include "chat/marker_matcher.h"
#include "chat/reply_events.h"
#include "chat/reply_markers.h"
#include "chat/tool_types.h"

namespace xgr::core {

struct ReplyReaderOptions {
  // The request that is answered, as for the constraint; empty: none. Its tools tell the types of
  // arguments that are written without.
  std::string_view request;
  std::optional<bool> in_reasoning;      // the reply begins there; none: as request and family say
  const Tokenizer* tokenizer = nullptr;  // tells the suffix of markers; may be null
};

class ReplyReader {
 public:
  static Result<std::unique_ptr<ReplyReader>> create(const Family& family,
                                                     const ReplyReaderOptions& options,
                                                     const Limits& limits);
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  // The next bytes of the reply, cut anywhere. Special tokens count with their names, stop tokens
  // may be left out.
  void feed(std::string_view bytes);
  // The reply is over; further calls change nothing.
  void finish();
  bool finished() const { return finished_; }
  bool next(ReplyEvent* event) { return events_.next(event); }

 private:
  enum class Where : uint8_t {
    kStart,
    kStartInReasoning,
    kBehindReasoning,
    kTop,
    kReasoning,
    kFrame,
    kSection,
    kCallTail,
    kGivenUp,
  };
  struct Spot {
    Where where = Where::kTop;
    uint32_t index = 0;  // of a frame or section
  };
  using State = MarkerMatcher::State;

  ReplyReader(std::shared_ptr<const ReplyMarkers> markers, bool knows_tools);

  void go(Spot to, uint64_t at);
  void run();
  bool searches() const;
  State step_all();
  bool too_long();
  void hand_on(uint64_t to);
  void text(std::string_view text, uint64_t offset);
  void perform(const MarkerMatch& match);
  void act(const ReplyAction& action, const MarkerMatch& match);
  void begin_call(const MarkerMatch& match);
  std::string call_name(const MarkerMatch& match, std::string* id) const;
  bool read_arguments();
  void end_call(uint64_t at);
  void give_up(uint64_t at, std::string_view problem);
  void forget();
  bool ends_with_stop();
  void finish_matching();

  const std::shared_ptr<const ReplyMarkers> m_;
  ToolTypes types_;
  std::unordered_set<std::string> names_;
  ReplyBuffer reply_;
  MarkerMatcher matcher_;
  ReplyEvents events_;

  Spot here_, outer_;             // outer_: where the calls stand
  std::optional<State> decided_;  // before any byte
  bool running_ = false, finished_ = false;
  uint64_t at_ = 0;                         // the next byte
  uint64_t told_ = 0;                       // text before it is handed on
  uint64_t stop_begin_ = 0, stop_end_ = 0;  // a stop token that may be the last

  std::unique_ptr<CallArgumentReader> arguments_;
  uint32_t calls_ = 0;       // begun so far
  uint64_t call_begin_ = 0;  // of the last
  bool in_call_ = false;     // it was told and goes on
  uint32_t call_pc_ = 0, call_section_ = CallPlace::kNoSection;

  bool skip_blanks_ = false;  // white space only counts if other text follows
  std::string blanks_;
};

}  // namespace xgr::core
