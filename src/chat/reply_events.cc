// The queue of events.
//
// Entry points: ReplyEvents::add_text, add, next. The beginning of a character waits for its end, or
// for an event of another kind, which shows that it has none.
//
//   add_text("caf\xC3"), add_text("\xA9!")  ->  "caf", "é!"
//
// Tests: tests/unit/chat/reply_reader_test.cc, tests/chat/read_replies.cc.
#include "chat/reply_events.h"

namespace xgr::core {
namespace {

// Bytes at the end that begin a character which lacks its end.
size_t unfinished(std::string_view text) {
  for (size_t n = 1; n <= 3 && n <= text.size(); ++n) {
    const unsigned char c = static_cast<unsigned char>(text[text.size() - n]);
    if (c < 0x80) return 0;
    if (c < 0xC0) continue;
    const size_t size = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    return size > n ? n : 0;
  }
  return 0;
}

}  // namespace

void ReplyEvents::add_text(ReplyEventKind kind, uint32_t call, uint64_t offset,
                           std::string_view text) {
  if (!rest_.empty() && (rest_item_.kind != kind || rest_item_.call != call)) flush();
  if (text.empty()) return;
  std::string joined;
  if (!rest_.empty()) {
    joined = rest_ + std::string(text);
    text = joined;
    offset = rest_item_.offset;
    rest_.clear();
  }
  const size_t rest = unfinished(text);
  if (rest < text.size()) push(kind, call, offset, text.substr(0, text.size() - rest), {}, {});
  rest_.assign(text.substr(text.size() - rest));
  rest_item_ = {kind, call, offset + (text.size() - rest), 0, 0, 0, 0};
}

void ReplyEvents::flush() {
  if (rest_.empty()) return;
  push(rest_item_.kind, rest_item_.call, rest_item_.offset, rest_, {}, {});
  rest_.clear();
}

void ReplyEvents::add(ReplyEventKind kind, uint32_t call, uint64_t offset, std::string_view text,
                      std::string_view id, std::string_view problem) {
  flush();
  push(kind, call, offset, text, id, problem);
}

void ReplyEvents::push(ReplyEventKind kind, uint32_t call, uint64_t offset, std::string_view text,
                       std::string_view id, std::string_view problem) {
  const bool joins = kind == ReplyEventKind::kReasoning || kind == ReplyEventKind::kText ||
                     kind == ReplyEventKind::kArguments || kind == ReplyEventKind::kMalformed;
  if (joins && taken_ < items_.size() && problem.empty()) {
    Item& last = items_.back();
    if (last.kind == kind && last.call == call && last.problem + 1 == last.end) {
      texts_.resize(last.id - 1);  // the NULs of the text, no id and no problem
      texts_ += text;
      texts_.append(3, '\0');
      last.id = texts_.size() - 2;
      last.problem = texts_.size() - 1;
      last.end = texts_.size();
      return;
    }
  }
  Item item{kind, call, offset, texts_.size(), 0, 0, 0};
  (texts_ += text) += '\0';
  item.id = texts_.size();
  (texts_ += id) += '\0';
  item.problem = texts_.size();
  (texts_ += problem) += '\0';
  item.end = texts_.size();
  items_.push_back(item);
}

bool ReplyEvents::next(ReplyEvent* out) {
  if (taken_ >= items_.size()) return false;
  const Item& item = items_[taken_++];
  const std::string_view all = texts_;
  *out = {item.kind,
          item.call,
          item.offset,
          all.substr(item.text, item.id - 1 - item.text),
          all.substr(item.id, item.problem - 1 - item.id),
          all.substr(item.problem, item.end - 1 - item.problem)};
  return true;
}

void ReplyEvents::tidy() {
  if (taken_ < items_.size()) return;
  items_.clear();
  texts_.clear();
  taken_ = 0;
}

}  // namespace xgr::core
