// What front ends notice about a source that compiles.
//
//   SourceNotes notes(&tokenizer.special_names());
//   options.notes = &notes;  parse_ebnf(text, "root", options, limits);
//   for (const Diagnostic& d : notes.take()) ...
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic.h"
#include "tokenizer/special_names.h"

namespace xgr::core {

// Lines and columns of places in a text that come mostly one behind the other.
class SourcePlaces {
 public:
  explicit SourcePlaces(std::string_view text) : text_(text) {}
  // As error_at says; its status means nothing.
  Error at(std::string message, size_t offset);

 private:
  std::string_view text_;
  size_t offset_ = 0;
  int32_t line_ = 1, column_ = 1;
};

class SourceNotes {
 public:
  static constexpr size_t kMaxNotes = 1000;
  static constexpr size_t kMaxBytes = size_t{1} << 20;  // of all messages and pointers

  // `names` outlives it; null: there is no vocabulary.
  explicit SourceNotes(const SpecialNames* names) : names_(names) {}

  // Keeps a diagnostic, or counts it when there are too many.
  void add(Diagnostic diagnostic);
  // The same, where a part of a source may be read more than once.
  void add_once(Diagnostic diagnostic);
  // So many more were found.
  void add_more(size_t count) { more_ += count; }
  // In the order in which they were added; the last may say how many more there are.
  std::vector<Diagnostic> take();

  // Of the vocabulary; null: there is none.
  const SpecialNames* names() const { return names_; }
  // Whether texts have to be checked at all.
  bool knows_names() const { return names_ != nullptr && !names_->empty(); }
  // How the source writes a control token itself.
  using TokenForm = std::function<std::string(const SpecialNames::Match&)>;
  // An error with this message at a byte of the text, for its place.
  using PlaceOf = std::function<Error(std::string message, size_t offset)>;
  // Adds a diagnostic for each special token whose name the text contains.
  void check_text(std::string_view text, const TokenForm& form, const PlaceOf& place);
  // The same for the pattern of a regular expression: characters that stand for themselves.
  void check_pattern(std::string_view pattern, const TokenForm& form, const PlaceOf& place);

 private:
  bool full() const { return notes_.size() + 1 >= kMaxNotes; }

  const SpecialNames* names_;
  std::vector<Diagnostic> notes_;
  size_t bytes_ = 0, more_ = 0;
};

}  // namespace xgr::core
