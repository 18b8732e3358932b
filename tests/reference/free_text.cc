// Free text by definition: what is remembered is the longest end of the text that begins a word.
//
// Entry point: add_free_text. A text is free characters in which no word is complete, then a trigger,
// which is guessed where it begins, then what follows it. Inside of a guessed trigger other triggers
// may be complete, if they begin in it; excludes may not.
// Example: "ab" followed by X: F = "" | [^a] F | a Fa | T0; Fa = "" | [^ab] F | a Fa | T0a;
// T0 = a T1; T1 = b X F.
// Test: oracle_test.cc compares it with all short texts.
#include "free_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace reference {
namespace {

bool ends_with(const std::u32string& text, const std::u32string& word) {
  return text.size() >= word.size() &&
         text.compare(text.size() - word.size(), word.size(), word) == 0;
}

class FreeTextRules {
 public:
  FreeTextRules(PlainGrammar* grammar, const FreeText& text) : grammar_(*grammar), text_(text) {
    for (const auto& [trigger, rule] : text.triggers) note(trigger);
    for (const std::u32string& word : text.excludes) note(word);
  }

  uint32_t run() {
    start_ = place(kFree, 0, U"");
    for (size_t i = 0; i < open_.size(); ++i) {
      const auto [guess, read, end] = open_[i];
      guess == kFree ? fill_free(end) : fill_guess(guess, read, end);
    }
    return start_;
  }

 private:
  static constexpr size_t kFree = SIZE_MAX;
  // The trigger that was guessed, how much of it is read, and the end that begins a word.
  using Place = std::tuple<size_t, size_t, std::u32string>;

  void note(const std::u32string& word) {
    for (size_t n = 0; n <= word.size(); ++n) beginnings_.insert(word.substr(0, n));
    letters_.insert(word.begin(), word.end());
  }
  std::u32string end_of(std::u32string text) const {
    while (beginnings_.count(text) == 0) text.erase(0, 1);
    return text;
  }
  uint32_t place(size_t guess, size_t read, const std::u32string& end) {
    const auto [it, is_new] = rules_.try_emplace({guess, read, end}, 0);
    if (is_new) {
      it->second = grammar_.add_rule();
      open_.push_back(it->first);
    }
    return it->second;
  }
  bool has_exclude(const std::u32string& end) const {
    return std::any_of(text_.excludes.begin(), text_.excludes.end(),
                       [&](const std::u32string& word) { return ends_with(end, word); });
  }
  // Whether a trigger of more than `inside` characters ends the text.
  bool has_trigger(const std::u32string& end, size_t inside) const {
    return std::any_of(text_.triggers.begin(), text_.triggers.end(), [&](const auto& trigger) {
      return trigger.first.size() > inside && ends_with(end, trigger.first);
    });
  }

  void fill_free(const std::u32string& end) {
    const uint32_t rule = rules_.at({kFree, 0, end});
    std::vector<Production> out{{}};
    std::vector<CodeRange> known;
    for (char32_t c : letters_) {
      known.push_back({c, c});
      const std::u32string next = end + c;
      if (has_exclude(next) || has_trigger(next, 0)) continue;
      const uint32_t letter = add_class(&grammar_, {{c, c}}, false);
      out.push_back({rule_symbol(letter), rule_symbol(place(kFree, 0, end_of(next)))});
    }
    const uint32_t other = known.empty() ? add_class(&grammar_, {{0, kLastCodePoint}}, false)
                                         : add_class(&grammar_, known, true);
    out.push_back({rule_symbol(other), rule_symbol(start_)});
    for (size_t t = 0; t < text_.triggers.size(); ++t) {
      out.push_back({rule_symbol(place(t, 0, end))});
    }
    grammar_.rules[rule] = std::move(out);
  }

  void fill_guess(size_t guess, size_t read, const std::u32string& end) {
    const uint32_t rule = rules_.at({guess, read, end});
    const auto& [trigger, behind] = text_.triggers[guess];
    const std::u32string next = end + trigger[read];
    const bool whole = read + 1 == trigger.size();
    if (has_exclude(next) || (!whole && has_trigger(next, read + 1))) return;  // no production
    Production out{rule_symbol(add_class(&grammar_, {{trigger[read], trigger[read]}}, false))};
    if (!whole) {
      out.push_back(rule_symbol(place(guess, read + 1, end_of(next))));
    } else {
      out.push_back(rule_symbol(behind));
      if (text_.loop) out.push_back(rule_symbol(start_));
    }
    grammar_.rules[rule] = {std::move(out)};
  }

  PlainGrammar& grammar_;
  const FreeText& text_;
  std::set<std::u32string> beginnings_{U""};
  std::set<char32_t> letters_;
  std::map<Place, uint32_t> rules_;
  std::vector<Place> open_;
  uint32_t start_ = 0;
};

}  // namespace

uint32_t add_class(PlainGrammar* grammar, const std::vector<CodeRange>& ranges, bool negated) {
  const uint32_t rule = grammar->add_rule();
  for (const auto& spelling : spell_ranges(scalar_ranges(ranges, negated))) {
    Production production;
    for (const ByteSet& bytes : spelling) {
      Symbol symbol;
      symbol.bytes = bytes;
      production.push_back(symbol);
    }
    grammar->rules[rule].push_back(std::move(production));
  }
  return rule;
}

uint32_t add_free_text(PlainGrammar* grammar, const FreeText& text) {
  return FreeTextRules(grammar, text).run();
}

}  // namespace reference
