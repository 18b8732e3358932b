// Strings of EBNF text that have the names of special tokens.
//
// Entry point: note_ebnf_texts. One pass over the tokens, before anything is parsed: a string is an
// element, or an argument of the macro around it, which decides what to write instead. Chunks of
// Substring are pieces of a document and stay what they are.
//
//   TagDispatch(("<tool_call>", call))   ->  write TokenTagDispatch((151657, call))
//
// Tests: tests/unit/frontend/source_notes_test.cc, tests/capi/diagnostics_test.c.
#include "frontend/ebnf/ebnf_notes.h"

#include <algorithm>
#include <vector>

#include "frontend/ebnf/ebnf_macros.h"

namespace xgr::core {
namespace {

class EbnfNotes {
 public:
  EbnfNotes(const EbnfSource& source, SourceNotes* notes)
      : s_(source), notes_(*notes), places_(source.text()) {}

  void run() {
    const std::vector<EbnfToken>& tokens = s_.tokens();
    for (size_t i = 0; i < tokens.size(); ++i) {
      const EbnfToken& t = tokens[i];
      if (s_.defines_rule(i)) macro_ = {}, depth_ = 0, excludes_ = false;
      if (t.kind == EbnfTokenKind::kIdentifier)
        identifier(t, tokens[std::min(i + 1, tokens.size() - 1)]);
      if (t.kind == EbnfTokenKind::kOpen && !macro_.empty()) ++depth_;
      if (t.kind == EbnfTokenKind::kClose && !macro_.empty() && --depth_ == 0) macro_ = {};
      if (t.kind == EbnfTokenKind::kString && macro_ != "Substring") string(t);
      if (t.kind == EbnfTokenKind::kAttributes) attributes(t);
    }
  }

 private:
  using Match = SpecialNames::Match;

  void identifier(const EbnfToken& t, const EbnfToken& next) {
    const std::string_view name = s_.spelling(t);
    const bool called = next.kind == EbnfTokenKind::kOpen && next.begin == t.end;
    if (macro_.empty()) {
      if (!called || s_.gbnf() || !is_ebnf_macro(name)) return;
      macro_ = name;
      depth_ = 0;
      excludes_ = false;
    } else if (depth_ == 1) {
      excludes_ = name == "excludes";
    }
  }

  std::string form(const Match& m) const {
    const std::string id = std::to_string(m.id);
    if (s_.gbnf()) return "<[" + id + "]>";
    if (macro_ != "TagDispatch") return "Token(" + id + ")";
    return excludes_ ? "TokenTagDispatch(..., excludes=(" + id + ",))"
                     : "TokenTagDispatch((" + id + ", rule))";
  }

  void string(const EbnfToken& t) {
    std::vector<uint32_t> starts;
    Result<std::string> text = decode_ebnf_string(s_.text(), t, s_.gbnf(), &starts);
    if (!text.ok()) return;  // an error when it is parsed
    auto form_of = [this](const Match& m) { return form(m); };
    auto place = [&](std::string message, size_t offset) {
      return places_.at(std::move(message), starts[offset]);
    };
    if (macro_ == "Regex") {
      notes_.check_pattern(text.value(), form_of, place);
    } else {
      notes_.check_text(text.value(), form_of, place);
    }
  }

  // [suffix="text", capture="name"]: only markers are texts of the output.
  void attributes(const EbnfToken& t) {
    const std::string_view all = s_.spelling(t);
    std::string_view key;
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i] == '=') {
        const size_t last = all.find_last_not_of(" \t", i - 1);
        const size_t first = all.find_last_of("[, \t", last);
        key = all.substr(first + 1, last - first);
      }
      if (all[i] != '"') continue;
      const size_t begin = i + 1;
      for (++i; i < all.size() && all[i] != '"'; ++i) i += all[i] == '\\';
      if (key != "suffix" && key != "stop") continue;
      auto form_of = [](const Match& m) {
        return "the rule without a marker, and Token(" + std::to_string(m.id) + ") behind it";
      };
      notes_.check_text(all.substr(begin, i - begin), form_of, [&](std::string message, size_t o) {
        return places_.at(std::move(message), t.begin + begin + o);
      });
    }
  }

  const EbnfSource& s_;
  SourceNotes& notes_;
  SourcePlaces places_;
  std::string_view macro_;  // around the tokens that are looked at; empty: none
  int depth_ = 0;           // of parentheses in it
  bool excludes_ = false;   // whether its argument is called that
};

}  // namespace

void note_ebnf_texts(const EbnfSource& source, SourceNotes* notes) {
  if (notes->knows_names()) EbnfNotes(source, notes).run();
}

}  // namespace xgr::core
