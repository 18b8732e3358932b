// Captures: every step of the output is read again from the parses before it.
//
// Entry point: Captures::find. Where a parse can return from the frame of a rule with attributes,
// an occurrence of the rule is complete; the frame says where it began. It may be completed again
// when it goes on, so by default the longest text counts. An occurrence without text never has a
// frame: it is complete where the rule could be called and what follows it goes on.
//
//   "a" v "b", v[capture] ::= [0-9]+,  a123b:   v is complete after 1, 12 and 123, and is 123
//
// Tests: tests/unit/matcher/captures_test.cc.
#include "matcher/captures.h"

#include <algorithm>
#include <map>

#include "matcher/marker_split.h"
#include "matcher/token_budget.h"
#include "support/reserve.h"

namespace xgr::core {
namespace {

constexpr int kEndOfOutput = -1;  // the end of the output, in place of a byte

bool has_marker(const RuleAttributes& a) { return a.content != kNoExpr && a.marker != kNoExpr; }

}  // namespace

void Captures::keep(size_t steps) {
  if (steps >= after_step_.size()) return;
  after_step_.resize(steps);
  events_.resize(steps == 0 ? 0 : after_step_.back());
}

void Captures::copy_from(const Captures& other) {
  events_ = other.events_;
  after_step_ = other.after_step_;
}

// Occurrences that end where configurations of v[begin..] may return, those that began last first.
void Captures::add_completed(const std::vector<Config>& v, size_t begin, size_t end) {
  stepper_.returns(v, begin, v.size(), &reached_);
  const size_t first = events_.size();
  for (const Config& c : reached_) {
    const Occurrence* o = c.state->nullable && c.stack ? c.stack->occurrence() : nullptr;
    if (!o) continue;
    const Event event{o->rule, o->begin.offset, end};
    const auto from = events_.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::find(from, events_.end(), event) == events_.end()) events_.push_back(event);
  }
  std::stable_sort(events_.begin() + static_cast<std::ptrdiff_t>(first), events_.end(),
                   [](const Event& x, const Event& y) { return x.begin > y.begin; });
}

// Whether what follows an empty occurrence of the entry's rule can read `next`, or end there.
bool Captures::goes_on(const Config& c, const Closure& closure, uint32_t entry, int next) {
  std::vector<uint32_t> work{entry};
  std::vector<Config> frames;
  for (size_t i = 0; i < work.size(); ++i) {
    const ClosureEntry& e = closure.entries[work[i]];
    for (uint32_t x = 0; x < e.edge_count; ++x) {
      const ClosureEdge& edge = closure.edges[e.edge_begin + x];
      if (edge.parent == 0) {
        frames.push_back({edge.ret, c.stack});
        continue;
      }
      const ByteSet* live = Automaton::live(edge.ret, stepper_.work());
      if (next != kEndOfOutput && live && live->has(static_cast<uint8_t>(next))) return true;
      const bool seen = std::find(work.begin(), work.end(), edge.parent) != work.end();
      if (edge.ret->nullable && !seen) work.push_back(edge.parent);
    }
  }
  if (frames.empty()) return false;
  if (next == kEndOfOutput) return stepper_.can_finish(frames, 0, frames.size());
  return stepper_.can_read(frames, 0, frames.size(), static_cast<uint8_t>(next));
}

void Captures::add_empty(const std::vector<Config>& parses, int next, size_t at) {
  std::vector<Config> reached;
  stepper_.returns(parses, 0, parses.size(), &reached);
  for (const Config& c : reached) {
    const Closure* closure = Automaton::closure(c.state, stepper_.work());
    for (uint32_t i = 1; closure && i < closure->entry_count; ++i) {
      const State* s = closure->entries[i].state;
      if (s->attributed_rule == 0 || !s->nullable || !goes_on(c, *closure, i, next)) continue;
      const Event event{s->attributed_rule - 1, at, at};
      auto known = events_.rbegin();  // the last ones end here
      while (known != events_.rend() && known->end == at && *known != event) ++known;
      if (known == events_.rend() || *known != event) events_.push_back(event);
    }
  }
}

// What the text completes, unless it is refused: then the token was taken as a whole.
void Captures::read_text(std::vector<Config> parses, std::string_view text, const Place& place,
                         bool token) {
  const size_t first = events_.size();
  for (size_t i = 0; i < text.size(); ++i) {
    const uint8_t byte = static_cast<uint8_t>(text[i]);
    const uint32_t at = place.offset + static_cast<uint32_t>(i);
    add_empty(parses, byte, at);
    const bool last = i + 1 == text.size();
    stepper_.set_place({at, place.token}, {at + 1, place.token + (token && last ? 1 : 0)});
    const size_t size = parses.size();
    if (!stepper_.step(&parses, 0, size, byte)) {
      events_.resize(first);
      return;
    }
    add_completed(parses, size, at + 1);
    parses.erase(parses.begin(), parses.begin() + static_cast<std::ptrdiff_t>(size));
  }
}

void Captures::read_token(std::vector<Config> parses, int32_t token, const Place& place,
                          size_t end) {
  stepper_.set_place(place, {static_cast<uint32_t>(end), place.token + 1});
  const std::vector<Config> before = parses;
  size_t begin = 0;
  for (char b : spelled_token(token)) {
    const size_t size = parses.size();
    if (!stepper_.step(&parses, begin, size, static_cast<uint8_t>(b))) return;
    begin = size;
  }
  add_empty(before, kTokenMark, place.offset);
  add_completed(parses, begin, end);
}

void Captures::read_step(const History& history, const OutputLog& log, size_t step) {
  const OutputLog::Step& s = log.step(step);
  const Place place{static_cast<uint32_t>(log.begin(step)), log.tokens_before(step)};
  const std::string_view text =
      std::string_view(log.text()).substr(place.offset, s.end - place.offset);
  const std::span<const Config> now = history.parses_after(step);
  std::vector<Config> parses(now.begin(), now.end());
  if (s.held) leave_spent(*engine_, place.token, &arena_, &stepper_, &parses);
  const bool is_token = s.token != OutputLog::kText;
  if (!is_token || !engine_->token_edges() || is_text(engine_->tokenizer().token_bytes(s.token)))
    read_text(parses, text, place, is_token);
  if (is_token && engine_->token_edges() && engine_->token_edges()->possible(s.token))
    read_token(parses, s.token, place, s.end);
  arena_.release({});
}

std::vector<Captures::Event> Captures::chosen(bool all) const {
  if (all) return events_;
  std::map<std::pair<RuleId, size_t>, size_t> last;  // of an occurrence, its longest event
  for (size_t i = 0; i < events_.size(); ++i) {
    size_t& at = last.try_emplace({events_[i].rule, events_[i].begin}, i).first->second;
    if (events_[i].end >= events_[at].end) at = i;
  }
  std::vector<size_t> order;
  for (const auto& [occurrence, i] : last) order.push_back(i);
  std::sort(order.begin(), order.end());
  std::vector<Event> out;
  for (size_t i : order) out.push_back(events_[i]);
  return out;
}

// Where the marker of the occurrence begins; its end when it has none.
size_t Captures::content_end(const Event& e, std::string_view text) {
  const RuleAttributes& a = engine_->attributes(e.rule);
  if (!has_marker(a)) return e.end;
  auto it = markers_.find(e.rule);
  if (it == markers_.end()) {
    State* of_content = engine_->automaton().state_of(a.content, stepper_.work());
    State* of_marker = engine_->automaton().state_of(a.marker, stepper_.work());
    it = markers_.emplace(e.rule, std::make_pair(of_content, of_marker)).first;
  }
  const auto [content, marker] = it->second;
  if (!content || !marker) return e.end;
  const size_t size = e.end - e.begin;
  return e.begin +
         split_marker(content, marker, text.substr(e.begin, size), stepper_.work()).value_or(size);
}

void Captures::report(const std::vector<Event>& events, std::string_view text,
                      std::vector<Capture>* out) {
  std::vector<size_t> ends;
  std::vector<Hidden> hidden;
  for (const Event& e : events) {
    ends.push_back(content_end(e, text));
    if (ends.back() < e.end && engine_->attributes(e.rule).hide_marker)
      hidden.push_back({ends.back(), e.end});
  }
  auto less = [](const Hidden& x, const Hidden& y) { return x.begin < y.begin; };
  std::sort(hidden.begin(), hidden.end(), less);
  for (size_t i = 0; i < events.size(); ++i) {
    const RuleAttributes& a = engine_->attributes(events[i].rule);
    if (!a.capture.empty()) {
      Capture c{a.capture, {}};
      size_t at = events[i].begin;
      auto h = std::lower_bound(hidden.begin(), hidden.end(), Hidden{at, at}, less);
      for (; h != hidden.end() && h->begin < ends[i]; ++h) {
        if (h->begin < at || h->end > ends[i]) continue;
        c.text += text.substr(at, h->begin - at);
        at = h->end;
      }
      c.text += text.substr(at, ends[i] - at);
      out->push_back(std::move(c));
    }
    if (!a.stop_capture.empty() && ends[i] < events[i].end) {
      out->push_back({a.stop_capture, std::string(text.substr(ends[i], events[i].end - ends[i]))});
    }
  }
}

Status Captures::find(const History& history, const OutputLog& log, bool all,
                      std::vector<Capture>* out) {
  out->clear();
  stepper_.clear_failed();
  // Of a step that breaks off, and of the end of the output, nothing is kept.
  struct Unfinished {
    ~Unfinished() { captures->events_.resize(kept); }
    Captures* captures;
    size_t kept;
  } unfinished{this, events_.size()};
  arena_.release({});
  for (size_t i = after_step_.size(); i < log.size(); ++i) {
    reserve_for(&after_step_, 1);
    read_step(history, log, i);
    if (stepper_.failed()) return Status::kLimitExceeded;
    unfinished.kept = events_.size();
    after_step_.push_back(events_.size());
  }
  // An empty occurrence at the end counts while the output may end here.
  const std::span<const Config> now = history.parses();
  add_empty({now.begin(), now.end()}, kEndOfOutput, log.text().size());
  report(chosen(all), log.text(), out);
  return Status::kOk;
}

}  // namespace xgr::core
