// Collecting what front ends notice.
//
// Entry points: add, check_text, check_pattern, take. A text can contain the name of a control or
// stop token as often as it is long, so each token counts once a text, and only so many diagnostics
// are kept. Of a pattern only runs of characters that stand for themselves are looked at.
//
//   check_text("<call>", ...)  ->  "<call>" is text here, and never the control token 7 of that name; ...
//   check_pattern("a|<\|x\|>", ...) looks for names in "a" and "<|x|>"
//
// Tests: tests/unit/frontend/source_notes_test.cc.
#include "frontend/source_notes.h"

#include <algorithm>
#include <utility>

#include "frontend/source_text.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr char kNoText = '\xFF';  // in no name: a token with it has no text

// The characters of a pattern that stand for themselves, and where; what lies between them is kNoText.
std::string plain_characters(std::string_view pattern, std::vector<size_t>* offsets) {
  constexpr std::string_view kMeaning = "^$.|?*+()[]{}";
  std::string out;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    const size_t at = i;
    const bool escaped = c == '\\' && i + 1 < pattern.size();
    if (escaped) c = pattern[++i];
    const bool means = escaped ? is_letter_or_digit(c) : kMeaning.find(c) != kMeaning.npos;
    if (!escaped && c == '[') in_class = true;
    offsets->push_back(at);
    out += means || in_class ? kNoText : c;
    if (!escaped && c == ']') in_class = false;
  }
  return out;
}

}  // namespace

Error SourcePlaces::at(std::string message, size_t offset) {
  offset = std::min(offset, text_.size());
  if (offset < offset_) offset_ = 0, line_ = 1, column_ = 1;
  for (; offset_ < offset; ++offset_) {
    const char c = text_[offset_];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column_;
    }
  }
  Error out = make_error(Status::kOk, std::move(message));
  out.byte_offset = static_cast<int64_t>(offset);
  out.line = line_;
  out.column = column_;
  return out;
}

void SourceNotes::add(Diagnostic diagnostic) {
  const size_t size = diagnostic.message.size() + diagnostic.json_pointer.size();
  if (full() || bytes_ + size > kMaxBytes) {
    ++more_;
    return;
  }
  bytes_ += size;
  notes_.push_back(std::move(diagnostic));
}

void SourceNotes::add_once(Diagnostic diagnostic) {
  if (std::find(notes_.begin(), notes_.end(), diagnostic) == notes_.end())
    add(std::move(diagnostic));
}

std::vector<Diagnostic> SourceNotes::take() {
  if (more_ > 0) {
    Diagnostic last;
    last.message = std::to_string(more_) + " more diagnostics are left out of this list";
    notes_.push_back(std::move(last));
  }
  more_ = 0, bytes_ = 0;
  return std::exchange(notes_, {});
}

void SourceNotes::check_text(std::string_view text, const TokenForm& form, const PlaceOf& place) {
  if (!knows_names()) return;
  std::vector<int32_t> seen;
  for (size_t at = 0; const auto match = names_->find(text, at);) {
    at = match->offset + match->name.size();
    if (std::find(seen.begin(), seen.end(), match->id) != seen.end()) continue;
    seen.push_back(match->id);
    if (full()) {
      ++more_;
      continue;
    }
    const std::string id = std::to_string(match->id);
    std::string message = "\"" + show_text(match->name) + "\" is text here, and never the ";
    message += match->stop
                   ? "stop token " + id +
                         " of that name, which ends the output by itself: leave the text out"
                   : "control token " + id + " of that name; for the token write " + form(*match);
    add_once(make_diagnostic(DiagnosticCode::kSpecialTokenAsText, std::string(match->name),
                             place(std::move(message), match->offset)));
  }
}

void SourceNotes::check_pattern(std::string_view pattern, const TokenForm& form,
                                const PlaceOf& place) {
  if (!knows_names()) return;
  std::vector<size_t> offsets;
  const std::string text = plain_characters(pattern, &offsets);
  check_text(text, form, [&](std::string message, size_t offset) {
    return place(std::move(message), offsets[offset]);
  });
}

}  // namespace xgr::core
