// Arguments that are written as tags.
//
// Entry point: make_element_argument_reader. Between values a tag is expected: one that opens an
// argument, or whatever comes behind the arguments. Inside of a value only its end is searched for. A
// value that can only be a string goes on as it comes; of others all of the text is needed to tell
// what they are.
//
//   <parameter=a>1</parameter>  ->  {"a":1} if the schema says that a is a number, else {"a":"1"}
//
// Tests: tests/unit/chat/argument_reader_test.cc.
#include "chat/argument_reader.h"
#include "chat/marker_matcher.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxElementDepth = 1000;
constexpr uint64_t kMaxHeldValue = uint64_t{4} << 20;
constexpr uint64_t kMaxHeldTag = 65536;

class ElementArguments : public CallArgumentReader {
 public:
  ElementArguments(const ArgumentFormat& format, const ReplyBuffer& reply, ToolTypes::Place types)
      : format_(format),
        notation_(*format.notation),
        programs_(*format.elements),
        reply_(reply),
        matcher_(programs_.program, reply, nullptr) {
    frames_.push_back({true, true, types, 0, ""});
  }

  State run(uint64_t* at, std::string* json) override {
    if (mode_ == Mode::kBegin) {
      *json += '{';
      expect(Mode::kBetween, programs_.members, *at);
    }
    while (true) {
      Matched m = MarkerMatcher::State::kRunning;
      if (decided_) {
        m = *decided_;
        decided_.reset();
      } else if (mode_ == Mode::kText || mode_ == Mode::kValue) {
        look_at_value(json);
        m = search(at, json);
      } else {
        m = step_all(at);
      }
      if (m == Matched::kRunning || m == Matched::kIdle)
        return too_long(*at) ? failed() : State::kMore;
      const bool moved = m == Matched::kMatched ? matched(at, json) : unmatched(at);
      if (done_) {
        *json += '}';
        return State::kDone;
      }
      if (!moved) return failed();
    }
  }

  uint64_t needed(uint64_t at) const override {
    uint64_t first = at;
    if (mode_ == Mode::kBetween || mode_ == Mode::kCdata) first = std::min(first, begun_);
    if (mode_ == Mode::kText) first = std::min(first, value_);
    if (running_) first = std::min(first, matcher_.begin());
    return std::min(first, value_ == kNone ? first : value_);
  }

 private:
  using Matched = MarkerMatcher::State;
  static constexpr uint64_t kNone = UINT64_MAX;
  enum class Mode : uint8_t {
    kBegin,
    kBetween,  // a tag is expected
    kCdata,    // perhaps <![CDATA[
    kValue,    // text that is held until its end
    kText,     // text of a string, handed on as it comes
  };
  // An object or array that is open; the first is that of the arguments.
  struct Frame {
    bool object, first;
    ToolTypes::Place types;
    size_t items;
    std::string key;  // in the object around it
  };

  State failed() {
    if (problem_.empty()) problem_ = "expected an argument or what ends the call";
    return State::kFailed;
  }

  bool too_long(uint64_t at) {
    const bool tag =
        (mode_ == Mode::kBetween || mode_ == Mode::kCdata) && at - begun_ > kMaxHeldTag;
    const bool value = mode_ == Mode::kValue && at - value_ > kMaxHeldValue;
    if (tag) problem_ = "a tag is longer than 65536 bytes";
    if (value) problem_ = "a value that need not be a string is longer than 4194304 bytes";
    return tag || value;
  }

  void expect(Mode mode, const ElementPrograms::Entry& entry, uint64_t at) {
    mode_ = mode;
    begun_ = at;
    const Matched m = matcher_.expect(entry.pc, at);
    running_ = m == Matched::kRunning;
    if (!running_) decided_ = m;
  }

  Matched step_all(uint64_t* at) {
    while (*at < reply_.end()) {
      const Matched m = matcher_.step((*at)++);
      if (m == Matched::kRunning) continue;
      running_ = false;
      return m;
    }
    return Matched::kRunning;
  }

  // A value that may be a string, and begins like nothing else that it may be, is one.
  void look_at_value(std::string* json) {
    if (mode_ != Mode::kValue || looked_) return;
    const std::string_view text = reply_.view(value_, reply_.end());
    const size_t first = text.find_first_not_of(" \t\r\n");
    looked_ = first != std::string_view::npos;
    const bool limits = format_.own_lines && ToolTypes::limits_strings(types_);
    if (!looked_ || limits || ToolTypes::lists_strings(types_)) return;
    if (nested_ && matcher_.begins(static_cast<unsigned char>(text[first]))) return;
    if (!is_string_text(text[first], mark_, types_)) return;
    mode_ = Mode::kText;
    at_first_ = true;
    *json += '"';
  }

  // Inside of a value. Bytes that cannot be its end are handed on.
  Matched search(uint64_t* at, std::string* json) {
    while (*at < reply_.end()) {
      if (!running_) {
        while (*at < reply_.end() && !matcher_.begins(reply_[*at])) ++*at;
        if (*at == reply_.end()) break;
      }
      const Matched m = matcher_.step((*at)++);
      running_ = m == Matched::kRunning;
      if (m == Matched::kMatched) {
        if (mode_ == Mode::kText) hand_on(matcher_.match().begin, true, json);
        return m;
      }
    }
    if (mode_ == Mode::kText) hand_on(running_ ? matcher_.begin() : *at, false, json);
    return Matched::kRunning;
  }

  // Text of a string up to `to`. A line feed at an end may not belong to it.
  void hand_on(uint64_t to, bool last, std::string* json) {
    std::string_view text = reply_.view(value_, to);
    if (format_.own_lines) {
      if (at_first_ && text.starts_with('\n')) text.remove_prefix(1);
      if (text.ends_with('\n')) {
        text.remove_suffix(1);
        if (!last) --to;
      }
    }
    if (to > value_) at_first_ = false;
    append_json_chars(text, json);
    value_ = to;
  }

  bool unmatched(uint64_t* at) {
    if (mode_ != Mode::kBetween || frames_.size() > 1) return false;
    done_ = true;
    for (*at = begun_; *at < reply_.end() && is_blank(reply_[*at]);) ++*at;
    return true;
  }

  bool matched(uint64_t* at, std::string* json) {
    const MarkerMatch m = matcher_.match();
    *at = m.end;
    if (m.op.x == ElementPrograms::kCdata || m.op.x == ElementPrograms::kNoCdata) {
      cdata_ = m.op.x == ElementPrograms::kCdata;
      begin_value(*at, json);
      return true;
    }
    if (m.op.x == ElementPrograms::kClose) return close(m, json);
    if (mode_ == Mode::kValue || mode_ == Mode::kText) {
      // Not a value but the first tag inside of one.
      const std::string_view before = reply_.view(value_, m.begin);
      if (mode_ == Mode::kText || before.find_first_not_of(" \t\r\n") != before.npos) {
        problem_ = "a tag stands in the text of a value";
        return false;
      }
      if (!open(m.op.x < ElementPrograms::kItem, json)) return false;
    }
    const bool item = !frames_.back().object;
    return opened(m, item, json);
  }

  std::string name(const MarkerMatch& m) const {
    const std::string_view text = m.part(reply_, kNamePart);
    const KeyForm form = notation_.root.key;
    return form == KeyForm::kPlain ? std::string(text) : without_entities(text);
  }

  // A member or an item begins.
  bool opened(const MarkerMatch& m, bool item, std::string* json) {
    Frame& frame = frames_.back();
    if (!frame.first) *json += ',';
    frame.first = false;
    if (item) {
      types_ = ToolTypes::item(frame.types, frame.items++);
      key_ = "item";
    } else {
      key_ = name(m);
      *json += '"';
      append_json_chars(key_, json);
      *json += "\":";
      types_ = ToolTypes::member(frame.types, key_);
    }
    mark_ = programs_.marks[m.op.x % ElementPrograms::kItem].types;
    if (notation_.cdata) {
      expect(Mode::kCdata, programs_.cdata, m.end);
      return true;
    }
    begin_value(m.end, json);
    return problem_.empty();
  }

  void begin_value(uint64_t at, std::string* json) {
    const TypeSet allowed = ToolTypes::types(types_);
    const TypeSet types = (allowed & mark_) != 0 ? allowed & mark_ : mark_;
    constexpr TypeSet kContainers = kObjectBit | kArrayBit;
    running_ = looked_ = false;
    value_ = at;
    if (notation_.nests && (types & ~kContainers) == 0 && types != kContainers) {
      value_ = kNone;
      open(types == kObjectBit, json);
      return;
    }
    nested_ = notation_.nests && (types & kContainers) != 0;
    const ElementPrograms::Entry& end = cdata_    ? programs_.cdata_end
                                        : nested_ ? programs_.value_or_nested
                                                  : programs_.value;
    matcher_.search(end.pc, end.first);
    mode_ = Mode::kValue;
  }

  bool open(bool object, std::string* json) {
    if (frames_.size() >= kMaxElementDepth) {
      problem_ = "arguments are nested deeper than 1000";
      return false;
    }
    *json += object ? '{' : '[';
    frames_.push_back({object, true, types_, 0, key_});
    value_ = kNone;
    expect(Mode::kBetween, object ? programs_.nested_members : programs_.items, next_tag());
    return true;
  }
  uint64_t next_tag() const { return matcher_.match().end; }

  bool close(const MarkerMatch& m, std::string* json) {
    const bool container = mode_ == Mode::kBetween;
    const std::string& key = container ? frames_.back().key : key_;
    if (notation_.root.ends_with_key() && name(m) != key) {
      problem_ = "the end of another argument than the one that is open";
      return false;
    }
    if (container) {
      *json += frames_.back().object ? '}' : ']';
      frames_.pop_back();
    } else if (mode_ == Mode::kText) {
      *json += '"';
    } else {
      *json += argument_value(reply_.view(value_, m.begin), mark_, types_, format_.own_lines);
    }
    value_ = kNone;
    cdata_ = false;
    const Frame& frame = frames_.back();
    expect(Mode::kBetween,
           frames_.size() == 1 ? programs_.members
           : frame.object      ? programs_.nested_members
                               : programs_.items,
           m.end);
    return true;
  }

  const ArgumentFormat& format_;
  const ArgumentNotation& notation_;
  const ElementPrograms& programs_;
  const ReplyBuffer& reply_;
  MarkerMatcher matcher_;
  Mode mode_ = Mode::kBegin;
  bool running_ = false, done_ = false;
  bool looked_ = false;             // at the first character of the value
  bool nested_ = false;             // the value may turn out to be made of tags
  std::optional<Matched> decided_;  // before any byte
  uint64_t begun_ = 0;              // where a tag is expected
  uint64_t value_ = kNone;          // where the value begins, or what of it was not handed on
  bool at_first_ = false;           // nothing of the value was handed on
  bool cdata_ = false;
  std::string key_;
  TypeSet mark_ = kAllTypes;
  ToolTypes::Place types_;
  std::vector<Frame> frames_;
};

}  // namespace

std::unique_ptr<CallArgumentReader> make_element_argument_reader(const ArgumentFormat& format,
                                                                 const ReplyBuffer& reply,
                                                                 ToolTypes::Place types) {
  return std::make_unique<ElementArguments>(format, reply, types);
}

}  // namespace xgr::core
