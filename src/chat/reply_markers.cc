// What to look for at each place of a reply.
//
// Entry point: ReplyMarkers::create. All places are entries of one program. In free text a marker
// is taken for nothing else once so much of it is there as the family says; at places where a marker
// has to come, any other text is an error.
//
//   hermes, at the top  ->  <think>, <tool_call> and the beginning of a call
//
// Tests: tests/unit/chat/reply_reader_test.cc, tests/chat/read_replies.cc.
#include "chat/reply_markers.h"

#include <algorithm>
#include <memory>

namespace xgr::core {

class ReplyMarkerWriter {
 public:
  ReplyMarkerWriter(const Family& family, ReplyMarkers* out)
      : f_(family), out_(*out), b_(&out->program) {}

  MaybeError write() {
    out_.stop = f_.stop;
    for (const FamilyText& text : f_.texts) frames_.push_back(&text);
    if (f_.answer) frames_.push_back(&*f_.answer);
    out_.framed = std::none_of(f_.texts.begin(), f_.texts.end(),
                               [](const FamilyText& t) { return t.begin.empty(); });
    starts();
    out_.top = place([&] { top(); });
    if (f_.reasoning) out_.reasoning = place([&] { reasoning(); });
    for (const FamilyFrame* frame : frames_)
      out_.frames.push_back(place([&] { in_frame(*frame); }));
    for (size_t i = 0; i < f_.sections.size(); ++i)
      out_.sections.push_back(place([&] { in_section(static_cast<uint32_t>(i)); }));
    out_.given_up = place([&] { given_up(); });
    return write_formats();
  }

 private:
  template <typename F>
  ReplyPlace place(const F& build) {
    ReplyPlace p{b_.here(), {}};
    MarkerBuilder::Choice choice(b_);
    choice_ = &choice;
    build();
    choice.next();
    nowhere();
    choice.end();
    bool nullable = false;
    p.first = first_bytes(out_.program, p.pc, &nullable);
    return p;
  }
  // Matches nothing: the set of a class without bytes.
  void nowhere() { b_.some_of(MarkerBytes(), kIdPart); }

  void match(ReplyActionKind kind, uint32_t index = 0) {
    b_.match(static_cast<uint32_t>(out_.actions.size()));
    out_.actions.push_back({kind, index});
  }
  void nothing() {
    choice_->next();
    match(ReplyActionKind::kNothing);
  }
  static bool nullable(const FamilyMarker& marker) {
    return std::all_of(marker.begin(), marker.end(), [](const FamilyPart& p) {
      return p.kind == PartKind::kOptional || p.kind == PartKind::kSpace ||
             (p.kind == PartKind::kText && p.text.empty()) ||
             (p.kind == PartKind::kOneOf &&
              std::any_of(p.of.begin(), p.of.end(),
                          [](const FamilyMarker& m) { return nullable(m); }));
    });
  }

  // ---- places where something is expected

  void starts() {
    out_.start = place([&] {
      if (f_.reasoning && !nullable(f_.reasoning->off)) {
        choice_->next();
        b_.commitment(Commitment::kArguments);
        b_.marker(f_.reasoning->off);
        match(ReplyActionKind::kNothing);
      }
      if (f_.reasoning && !nullable(f_.reasoning->begin)) {
        choice_->next();
        b_.spaces();
        b_.commitment(Commitment::kArguments);
        b_.marker(f_.reasoning->begin);
        match(ReplyActionKind::kReasoning);
      }
      nothing();
    });
    out_.start_in_reasoning = place([&] {
      if (f_.reasoning && !nullable(f_.reasoning->begin)) {
        choice_->next();
        b_.spaces();
        b_.commitment(Commitment::kArguments);
        b_.marker(f_.reasoning->begin);
        match(ReplyActionKind::kNothing);
      }
      nothing();
    });
    out_.behind_reasoning = place([&] {
      if (f_.reasoning && !f_.reasoning->after.empty()) {
        choice_->next();
        b_.commitment(Commitment::kArguments);
        b_.marker(f_.reasoning->after);
        match(ReplyActionKind::kNothing);
      }
      nothing();
    });
  }

  void in_section(uint32_t i) {
    const FamilySection& s = f_.sections[i];
    choice_->next();
    b_.spaces();
    call(i, Commitment::kText);
    for (auto [marker, kind] : {std::pair(&s.separator, ReplyActionKind::kNothing),
                                std::pair(&s.end, ReplyActionKind::kSectionEnd)}) {
      if (nullable(*marker)) continue;
      choice_->next();
      b_.spaces();
      b_.commitment(Commitment::kText);
      b_.marker(*marker);
      match(kind, i);
    }
    if (!nullable(s.end)) return;
    choice_->next();
    match(ReplyActionKind::kSectionLeft);
  }

  // ---- places where markers are searched for

  void top() {
    if (f_.reasoning && !nullable(f_.reasoning->begin)) {
      choice_->next();
      b_.commitment(Commitment::kText);
      b_.marker(f_.reasoning->begin);
      match(ReplyActionKind::kReasoning);
    }
    for (size_t i = 0; i < frames_.size(); ++i) {
      if (nullable(frames_[i]->begin)) continue;
      choice_->next();
      b_.commitment(Commitment::kText);
      b_.marker(frames_[i]->begin);
      match(ReplyActionKind::kFrame, static_cast<uint32_t>(i));
    }
    calls();
    if (!f_.separator.empty()) {
      choice_->next();
      b_.literal(f_.separator);
      match(ReplyActionKind::kNothing);
    }
    if (!nullable(f_.turn_end)) {
      choice_->next();
      b_.commitment(Commitment::kArguments);
      b_.marker(f_.turn_end);
      match(ReplyActionKind::kNothing);
    }
    stops();
  }

  void stops() {
    for (const std::string& word : f_.stop) {
      choice_->next();
      b_.literal(word);
      match(ReplyActionKind::kStop);
    }
  }

  void reasoning() {
    for (const FamilyEnd& end : f_.reasoning->ends) {
      choice_->next();
      b_.literal(end.text);
      match(end.implicit ? ReplyActionKind::kCut : ReplyActionKind::kReasoningEnd);
    }
    if (f_.reasoning->calls) calls();
    stops();
  }

  void in_frame(const FamilyFrame& frame) {
    bool stopped = false;
    for (const FamilyEnd& end : frame.ends) {
      stopped = stopped || std::find(f_.stop.begin(), f_.stop.end(), end.text) != f_.stop.end();
      choice_->next();
      b_.literal(end.text);
      match(end.implicit ? ReplyActionKind::kCut : ReplyActionKind::kFrameEnd);
    }
    out_.stop_ends.push_back(stopped);
    out_.frame_ends.push_back(!frame.ends.empty());
    if (f_.layout == FamilyLayout::kInline) calls();
    stops();
  }

  void given_up() {
    for (const FamilyMarker* marker : {&f_.call, &f_.builtin_call}) {
      const std::string end = last_text(*marker);
      if (end.size() < 3) continue;
      choice_->next();
      b_.literal(end);
      match(ReplyActionKind::kGivenUp);
    }
    calls();
    for (size_t i = 0; i < f_.sections.size(); ++i) {
      const std::string end = last_text(f_.sections[i].end);
      if (end.size() < 3) continue;
      choice_->next();
      b_.literal(end);
      match(ReplyActionKind::kSectionEnd, static_cast<uint32_t>(i));
    }
    if (!f_.separator.empty()) {
      choice_->next();
      b_.literal(f_.separator);
      match(ReplyActionKind::kSectionEnd);
    }
  }
  // What a call ends with, white space aside.
  static std::string last_text(const FamilyMarker& marker) {
    if (marker.empty()) return "";
    const FamilyPart* last = &marker.back();
    while (last->kind == PartKind::kOneOf && !last->of.empty() && !last->of[0].empty())
      last = &last->of[0].back();
    if (last->kind != PartKind::kText) return "";
    const size_t begin = last->text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return "";
    return last->text.substr(begin, last->text.find_last_not_of(" \t\r\n") + 1 - begin);
  }

  // Sections, or calls that stand alone. Where a section cannot be told from text, it begins with
  // its first call.
  void calls() {
    const Commitment when = f_.trigger == FamilyTrigger::kBegin  ? Commitment::kText
                            : f_.trigger == FamilyTrigger::kCall ? Commitment::kName
                                                                 : Commitment::kArguments;
    if (f_.call.empty()) return;
    if (f_.sections.empty()) {
      choice_->next();
      call(CallPlace::kNoSection, when);
    }
    for (size_t i = 0; i < f_.sections.size(); ++i) {
      const uint32_t section = static_cast<uint32_t>(i);
      // White space in front of it is text, which may end with some.
      FamilyMarker begin = f_.sections[i].begin;
      if (when == Commitment::kText && !begin.empty() && begin[0].kind == PartKind::kSpace)
        begin.erase(begin.begin());
      choice_->next();
      b_.commitment(when);
      if (when == Commitment::kText && !nullable(begin)) {
        b_.marker(begin);
        match(ReplyActionKind::kSection, section);
      } else {
        b_.marker(begin);
        call_forms(section);
      }
    }
  }

  void call(uint32_t section, Commitment when) {
    b_.commitment(when);
    call_forms(section);
  }
  void call_forms(uint32_t section) {
    MarkerBuilder::Choice forms(b_);
    const bool committed = b_.committed();
    for (const FamilyMarker* marker : {&f_.call, &f_.builtin_call}) {
      if (marker->empty()) continue;
      forms.next();
      b_.set_committed(committed);
      b_.marker(*marker);
      match(ReplyActionKind::kCallEnd, section);
      places_.resize(b_.arguments().size(), {0, section});
    }
    forms.end();
  }

  // Each arguments part has a format; what may come first there is known now.
  MaybeError write_formats() {
    std::vector<const FamilyPart*> known;
    for (size_t i = 0; i < b_.arguments().size(); ++i) {
      const FamilyPart* part = b_.arguments()[i];
      auto it = std::find(known.begin(), known.end(), part);
      places_[i].format = static_cast<uint32_t>(it - known.begin());
      if (it != known.end()) continue;
      known.push_back(part);
      std::optional<ArgumentFormat> format = argument_format(*part);
      if (!format) return std::move(argument_style(part->text).error());
      out_.formats.push_back(*std::move(format));
    }
    out_.calls = places_;
    for (uint32_t pc = 0; pc < out_.program.ops.size(); ++pc) {
      MarkerOp& op = out_.program.ops[pc];
      if (op.kind != MarkerOpKind::kArguments) continue;
      const ArgumentFormat& format = out_.formats[out_.calls[op.x].format];
      MarkerBytes first = format.first;
      bool none = false;
      // Where nothing closes them, arguments may be none at all.
      if (format.elements || (format.notation && format.notation->root.open.empty()))
        first |= first_bytes(out_.program, pc + 1, &none);
      op.y = static_cast<uint32_t>(out_.program.classes.size());
      out_.program.classes.push_back(first);
    }
    return std::nullopt;
  }

  const Family& f_;
  ReplyMarkers& out_;
  MarkerBuilder b_;
  MarkerBuilder::Choice* choice_ = nullptr;
  std::vector<const FamilyFrame*> frames_;
  std::vector<CallPlace> places_;
};

Result<std::shared_ptr<const ReplyMarkers>> ReplyMarkers::create(const Family& family) {
  auto out = std::make_shared<ReplyMarkers>();
  if (MaybeError e = ReplyMarkerWriter(family, out.get()).write()) return *std::move(e);
  return std::shared_ptr<const ReplyMarkers>(std::move(out));
}

}  // namespace xgr::core
