// Reading replies.
//
// Entry points: ReplyReader::create, feed, finish, next. A reply is read by one matcher of markers,
// which is told what to look for at each place (reply_markers.h), and inside of a call by a reader of
// its arguments. Bytes that may still be a marker are held; all others are handed on at once. What
// begins as a call and is none is reported as it stands, and reading goes on where the call ends.
//
//   Hi <tool_call>...  ->  "Hi " is text; "<tool_ca" would wait for the next bytes
//
// Tests: tests/unit/chat/reply_reader_test.cc, tests/chat/read_replies.cc.
#include "chat/reply_reader.h"

#include <algorithm>

#include "chat/chat_request.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

constexpr uint64_t kMaxHeldMarker = 65536;
constexpr uint64_t kMaxHeldCall = uint64_t{1} << 20;  // to be reported if it cannot be read
constexpr size_t kMaxHeldBlanks = 4096;

bool is_blank_text(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

ReplyReader::ReplyReader(std::shared_ptr<const ReplyMarkers> markers, bool knows_tools)
    : m_(std::move(markers)), matcher_(m_->program, reply_, knows_tools ? &names_ : nullptr) {}

Result<std::unique_ptr<ReplyReader>> ReplyReader::create(const Family& family,
                                                         const ReplyReaderOptions& options,
                                                         const Limits& limits) {
  ChatRequest request;
  if (!options.request.empty()) {
    Result<ChatRequest> read = read_chat_request(options.request, limits);
    if (!read.ok()) return std::move(read.error());
    request = std::move(read).value();
  }
  const std::string found = options.tokenizer ? suffix_in(family, *options.tokenizer) : "";
  Family suffixed = with_suffix(family, request.marker_suffix.value_or(found));
  if (!options.request.empty() && request.tools.empty()) {
    // Without tools, what looks like a call is text.
    suffixed.call.clear();
    suffixed.builtin_call.clear();
    suffixed.sections.clear();
  }
  Result<std::shared_ptr<const ReplyMarkers>> markers = ReplyMarkers::create(suffixed);
  if (!markers.ok()) return std::move(markers.error());
  std::unique_ptr<ReplyReader> reader(
      new ReplyReader(std::move(markers).value(), !options.request.empty()));
  for (const ChatTool& tool : request.tools) {
    if (MaybeError e = reader->types_.add(tool.name, tool.schema, limits)) return *std::move(e);
    reader->names_.insert(tool.name);
  }
  const bool off = request.reasoning == ReasoningMode::kOff;
  const bool usual =
      family.reasoning && family.reasoning->in_prompt && request.reasoning != ReasoningMode::kAuto;
  const bool inside = options.in_reasoning.value_or(family.reasoning && !off &&
                                                    request.reasoning_in_prompt.value_or(usual));
  Spot start{inside && family.reasoning ? Where::kStartInReasoning : Where::kStart, 0};
  if (!inside && (off || !family.reasoning) && family.texts[0].in_prompt)
    start = {Where::kFrame, 0};
  reader->skip_blanks_ = start.where != Where::kFrame;
  reader->go(start, 0);
  return reader;
}

void ReplyReader::feed(std::string_view bytes) {
  events_.tidy();
  if (finished_) return;
  reply_.append(bytes);
  run();
  forget();
}

bool ReplyReader::searches() const {
  return here_.where == Where::kTop || here_.where == Where::kReasoning ||
         here_.where == Where::kFrame || here_.where == Where::kGivenUp;
}

void ReplyReader::go(Spot to, uint64_t at) {
  here_ = to;
  at_ = told_ = at;
  running_ = false;
  decided_.reset();
  const ReplyPlace* place = nullptr;
  switch (to.where) {
    case Where::kStart:
      place = &m_->start;
      break;
    case Where::kStartInReasoning:
      place = &m_->start_in_reasoning;
      break;
    case Where::kBehindReasoning:
      place = &m_->behind_reasoning;
      break;
    case Where::kTop:
      place = &m_->top;
      skip_blanks_ = skip_blanks_ || m_->framed;
      break;
    case Where::kReasoning:
      place = &m_->reasoning;
      break;
    case Where::kFrame:
      place = &m_->frames[to.index];
      skip_blanks_ = false;
      blanks_.clear();
      break;
    case Where::kSection:
      place = &m_->sections[to.index];
      break;
    case Where::kGivenUp:
      place = &m_->given_up;
      break;
    case Where::kCallTail:
      break;
  }
  if (searches()) return matcher_.search(place->pc, place->first);
  const State state = matcher_.expect(place ? place->pc : call_pc_, at);
  running_ = state == State::kRunning;
  if (!running_) decided_ = state;
}

void ReplyReader::run() {
  while (true) {
    if (arguments_) {
      if (!read_arguments()) return;
      continue;
    }
    State state = State::kRunning;
    if (decided_) {
      state = *decided_;
      decided_.reset();
    } else {
      state = step_all();
    }
    if (state == State::kMatched) {
      perform(matcher_.match());
    } else if (state == State::kFailed) {
      if (searches()) hand_on(matcher_.begin());
      give_up(at_, "this is not how the family goes on here");
    } else if (!too_long()) {
      if (searches()) hand_on(running_ ? matcher_.begin() : at_);
      return;
    }
  }
}

ReplyReader::State ReplyReader::step_all() {
  const bool searching = searches();
  while (at_ < reply_.end()) {
    if (searching && !running_) {
      while (at_ < reply_.end() && !matcher_.begins(reply_[at_])) ++at_;
      if (at_ == reply_.end()) break;
    }
    const State state = matcher_.step(at_);
    running_ = state == State::kRunning;
    if (state == State::kFailed) return state;  // at this byte
    ++at_;
    if (state == State::kMatched) return state;
  }
  return State::kRunning;
}

// Names and white space may go on forever; then they are no marker.
bool ReplyReader::too_long() {
  if (!running_ || at_ - matcher_.begin() <= kMaxHeldMarker) return false;
  if (!searches() || matcher_.committed()) {
    if (searches()) hand_on(matcher_.begin());
    give_up(at_, "a marker is longer than 65536 bytes");
    return true;
  }
  hand_on(at_);
  go(here_, at_);
  return true;
}

// Text up to `to`. A stop token at the end may be the last of the reply.
void ReplyReader::hand_on(uint64_t to) {
  if (stop_end_ == to && to == reply_.end() && stop_end_ > stop_begin_) to = stop_begin_;
  if (to <= told_) return;
  text(reply_.view(told_, to), told_);
  told_ = to;
}

void ReplyReader::text(std::string_view text, uint64_t offset) {
  if (here_.where == Where::kGivenUp)
    return events_.add(ReplyEventKind::kMalformed, calls_ - 1, offset, text);
  if (here_.where == Where::kReasoning)
    return events_.add_text(ReplyEventKind::kReasoning, 0, offset, text);
  if (skip_blanks_) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    const bool only = first == std::string_view::npos;
    if (only && blanks_.size() + text.size() <= kMaxHeldBlanks) {
      blanks_ += text;
      return;
    }
    skip_blanks_ = false;
    if (!m_->framed) events_.add_text(ReplyEventKind::kText, 0, offset, blanks_);
    if (m_->framed && !only) text.remove_prefix(first);
    blanks_.clear();
  }
  events_.add_text(ReplyEventKind::kText, 0, offset, text);
}

void ReplyReader::perform(const MarkerMatch& found) {
  const MarkerMatch match = found;
  if (searches()) {
    // The text in front of it is not at the end of the reply.
    stop_end_ = match.begin == stop_end_ ? 0 : stop_end_;
    hand_on(match.begin);
  }
  if (match.op.kind == MarkerOpKind::kArguments) return begin_call(match);
  act(m_->actions[match.op.x], match);
}

void ReplyReader::act(const ReplyAction& action, const MarkerMatch& match) {
  const Spot from = here_;
  switch (action.kind) {
    case ReplyActionKind::kNothing:
      if (from.where == Where::kStartInReasoning) return go({Where::kReasoning, 0}, match.end);
      if (from.where == Where::kSection) return go(from, match.end);
      return go({Where::kTop, 0}, match.end);
    case ReplyActionKind::kReasoning:
      return go({Where::kReasoning, 0}, match.end);
    case ReplyActionKind::kReasoningEnd:
      skip_blanks_ = calls_ == 0;
      return go({Where::kBehindReasoning, 0}, match.end);
    case ReplyActionKind::kCut:
      return go({Where::kTop, 0}, match.begin);
    case ReplyActionKind::kFrame:
      return go({Where::kFrame, action.index}, match.end);
    case ReplyActionKind::kFrameEnd:
      return go({Where::kTop, 0}, match.end);
    case ReplyActionKind::kSection:
      if (from.where != Where::kGivenUp) outer_ = from;
      return go({Where::kSection, action.index}, match.end);
    case ReplyActionKind::kSectionEnd:
    case ReplyActionKind::kSectionLeft:
      skip_blanks_ = outer_.where != Where::kReasoning;
      go(outer_, match.end);
      skip_blanks_ = outer_.where != Where::kReasoning;
      return;
    case ReplyActionKind::kCallEnd:
      events_.add(ReplyEventKind::kCallEnd, calls_ - 1, match.end);
      return end_call(match.end);
    case ReplyActionKind::kGivenUp:
      text(reply_.view(match.begin, match.end), match.begin);
      return end_call(match.end);
    case ReplyActionKind::kStop:
      stop_begin_ = match.begin;
      stop_end_ = match.end;
      const uint64_t told = told_;
      go(from, match.end);
      told_ = told;
      return;
  }
}

std::string ReplyReader::call_name(const MarkerMatch& match, std::string* id) const {
  *id = match.part(reply_, kIdPart);
  const std::string_view quoted = match.part(reply_, kQuotedNamePart);
  if (quoted.empty()) return std::string(match.part(reply_, kNamePart));
  if (quoted.find('\\') != std::string_view::npos) {
    Result<JsonDocument> doc = JsonDocument::parse("\"" + std::string(quoted) + "\"", Limits{});
    if (doc.ok()) return std::string(doc.value().text(0));
  }
  return std::string(quoted);
}

void ReplyReader::begin_call(const MarkerMatch& match) {
  const CallPlace& place = m_->calls[match.op.x];
  if (here_.where != Where::kSection && here_.where != Where::kGivenUp) outer_ = here_;
  std::string id;
  const std::string name = call_name(match, &id);
  blanks_.clear();
  events_.add(ReplyEventKind::kCallBegin, calls_++, match.begin, name, id);
  in_call_ = true;
  call_begin_ = match.begin;
  call_pc_ = match.pc + 1;
  call_section_ = place.section;
  arguments_ = make_argument_reader(m_->formats[place.format], reply_, types_.arguments(name));
  at_ = told_ = match.end;
  running_ = false;
}

bool ReplyReader::read_arguments() {
  std::string json;
  const uint64_t from = at_;
  const CallArgumentReader::State state = arguments_->run(&at_, &json);
  events_.add_text(ReplyEventKind::kArguments, calls_ - 1, from, json);
  if (state == CallArgumentReader::State::kMore) return false;
  if (state == CallArgumentReader::State::kDone) {
    arguments_.reset();
    go({Where::kCallTail, 0}, at_);
    return true;
  }
  const std::string problem = arguments_->problem();
  give_up(at_, problem);
  return true;
}

void ReplyReader::end_call(uint64_t at) {
  in_call_ = false;
  const bool alone = call_section_ == CallPlace::kNoSection;
  go(alone ? outer_ : Spot{Where::kSection, call_section_}, at);
  if (alone) skip_blanks_ = outer_.where != Where::kReasoning;
}

// What came since the call began is no call. Goes on behind it.
void ReplyReader::give_up(uint64_t at, std::string_view problem) {
  if (!in_call_) {
    if (here_.where != Where::kSection && here_.where != Where::kGivenUp) outer_ = here_;
    call_section_ = here_.where == Where::kSection ? here_.index : CallPlace::kNoSection;
    call_begin_ = told_;
    ++calls_;
  }
  blanks_.clear();
  arguments_.reset();
  events_.add(ReplyEventKind::kMalformed, calls_ - 1, at, reply_.view(call_begin_, at), {},
              problem);
  in_call_ = false;
  go({Where::kGivenUp, 0}, at);
}

// Frees what is not needed any more.
void ReplyReader::forget() {
  uint64_t first = arguments_ ? arguments_->needed(at_) : std::min(at_, told_);
  if (!arguments_ && running_) first = std::min(first, matcher_.begin());
  if (in_call_) {
    if (at_ - call_begin_ > kMaxHeldCall) call_begin_ = first;
    first = std::min(first, call_begin_);
  }
  reply_.drop_before(first);
}

// Whether a stop token that was left out is all that a call lacks.
bool ReplyReader::ends_with_stop() {
  const uint64_t end = reply_.end();
  for (const std::string& word : m_->stop) {
    MarkerMatcher ahead = matcher_;
    reply_.append(word);
    State state = State::kRunning;
    for (uint64_t at = end; at < reply_.end() && state == State::kRunning; ++at)
      state = ahead.step(at);
    if (state == State::kRunning) state = ahead.end();
    reply_.truncate(end);
    if (state == State::kMatched) return true;
  }
  return false;
}

// What waits for bytes that do not come.
void ReplyReader::finish_matching() {
  while (!arguments_ && running_) {
    running_ = false;
    if (matcher_.end() == State::kMatched) {
      perform(matcher_.match());
      run();
    } else if (searches() && !matcher_.committed()) {
      hand_on(at_);
    } else {
      running_ = true;
      return;
    }
  }
}

void ReplyReader::finish() {
  events_.tidy();
  if (finished_) return;
  finish_matching();
  if (calls_ == 0 && !m_->framed && !blanks_.empty())
    events_.add_text(ReplyEventKind::kText, 0, reply_.end() - blanks_.size(), blanks_);
  std::string_view missing;
  const bool between =
      here_.where == Where::kSection && is_blank_text(reply_.view(told_, reply_.end()));
  if (!between && (arguments_ || here_.where == Where::kCallTail || running_)) {
    if (!arguments_ && in_call_ && running_ && ends_with_stop()) {
      events_.add(ReplyEventKind::kCallEnd, calls_ - 1, at_);
    } else {
      missing = "the reply ends inside of a call";
      if (!in_call_ && searches()) hand_on(matcher_.begin());
      const uint64_t begin = in_call_ ? call_begin_ : matcher_.begin();
      if (!in_call_) ++calls_;
      events_.add(ReplyEventKind::kMalformed, calls_ - 1, at_, reply_.view(begin, reply_.end()), {},
                  missing);
    }
  } else if (here_.where == Where::kReasoning) {
    missing = "the reply ends inside of its reasoning";
  } else if (here_.where == Where::kFrame && m_->frame_ends[here_.index] &&
             !m_->stop_ends[here_.index]) {
    missing = "the reply ends inside of its text";
  } else if (here_.where == Where::kSection) {
    missing = "the reply ends between calls";
  }
  finished_ = true;
  events_.add(ReplyEventKind::kEnd, 0, reply_.end(), {}, {}, missing);
}

}  // namespace xgr::core
