// Arguments that are JSON already.
//
// Entry point: make_json_argument_reader. They are handed on as they come; only where the object ends
// has to be found.
//
//   {"a": 1}}</tool_call>  ->  {"a": 1}
//
// Tests: tests/unit/chat/argument_reader_test.cc.
#include "chat/argument_reader.h"
#include "chat/json_scanner.h"

namespace xgr::core {
namespace {

class JsonArguments : public CallArgumentReader {
 public:
  explicit JsonArguments(const ReplyBuffer& reply) : reply_(reply) {}

  State run(uint64_t* at, std::string* json) override {
    uint64_t from = *at;
    for (; *at < reply_.end(); ++*at) {
      const unsigned char c = reply_[*at];
      if (!begun_ && is_blank(c)) {
        from = *at + 1;
        continue;
      }
      const JsonScanner::State state =
          begun_ || c == '{' ? scanner_.step(c) : JsonScanner::State::kFailed;
      begun_ = true;
      if (state == JsonScanner::State::kMore) continue;
      const bool done = state == JsonScanner::State::kDone;
      *json += reply_.view(from, *at + done);
      if (!done) {
        problem_ = "the arguments are no JSON object from here on";
        return State::kFailed;
      }
      ++*at;
      return State::kDone;
    }
    *json += reply_.view(from, *at);
    return State::kMore;
  }

 private:
  const ReplyBuffer& reply_;
  JsonScanner scanner_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<CallArgumentReader> make_json_argument_reader(const ReplyBuffer& reply) {
  return std::make_unique<JsonArguments>(reply);
}

}  // namespace xgr::core
