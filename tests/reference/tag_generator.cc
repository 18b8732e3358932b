// Draws structural tags.
//
// Entry point: random_tag. A random tree of formats, written as JSON and, beside that, as plain rules
// by the definitions of the formats. Words are short and over few characters, so that triggers, ends
// and excludes overlap; regular expressions, grammars and schemas come from the other generators.
// Example: {"type":"tag","begin":"<a","content":{"type":"any_text"},"end":"<"} becomes
// R = "<" "a" T "<" with T any text without "<".
// Test: compare.cc runs them.
#include "tag_generator.h"

#include <algorithm>

#include "free_text.h"
#include "grammar_generator.h"
#include "json_elements.h"
#include "printer.h"
#include "schema_generator.h"

namespace reference {
namespace {

constexpr size_t kMaxPartSymbols = 250;

std::string type(const char* name) { return "{\"type\":\"" + std::string(name) + "\""; }

std::string json_text(const std::string& utf8) {
  std::string out = "\"";
  for (char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte >= 0x20) {
      out += c;
      continue;
    }
    out += "\\u00";
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out + "\"";
}

std::string json_list(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ",") + item;
  return "[" + out + "]";
}

class TagGenerator {
 public:
  TagGenerator(RandomSource& random, bool whole_tokens) : random_(random), tokens_(whole_tokens) {}

  RandomTag run() {
    RandomTag out;
    const std::string text = format(3, {}, &out_.root);
    out.text = random_.percent(80) ? R"({"type":"structural_tag","format":)" + text + "}"
                                   : "{\"format\":" + text + "}";
    out.meaning = std::move(out_);
    return out;
  }

 private:
  // What the tag around a format gives to free text in it.
  struct Ends {
    std::vector<std::u32string> texts;
    std::vector<uint32_t> tokens;
    bool texts_are_near = true, tokens_are_near = true;  // it is the nearest tag that has them
  };

  std::u32string word() {
    const int length = random_.percent(80) ? random_.between(1, 3) : random_.between(4, 6);
    std::u32string out;
    for (int i = 0; i < length; ++i)
      out.push_back(random_.one_of<char32_t>({'<', 'a', 'a', 'b', '>', U'é'}));
    return out;
  }
  static std::string quoted(const std::u32string& text) { return json_text(encode_utf8(text)); }
  static std::string quoted(const std::vector<std::u32string>& texts) {
    std::vector<std::string> items;
    for (const std::u32string& text : texts) items.push_back(quoted(text));
    return json_list(items);
  }
  static std::string named(uint32_t token) { return kTokenSign + std::to_string(token); }
  static std::string named(const std::vector<uint32_t>& tokens) {
    std::vector<std::string> items;
    for (uint32_t token : tokens) items.push_back(named(token));
    return json_list(items);
  }

  void add_text(const std::u32string& text, Production* to) {
    for (char byte : encode_utf8(text))
      to->push_back(byte_symbol(static_cast<unsigned char>(byte)));
  }
  uint32_t rule_of(std::vector<Production> productions) {
    const uint32_t rule = out_.add_rule();
    out_.rules[rule] = std::move(productions);
    return rule;
  }
  uint32_t rule_of_text(const std::u32string& text) {
    Production production;
    add_text(text, &production);
    return rule_of({std::move(production)});
  }
  static Symbol token_symbol(std::vector<uint32_t> tokens, bool others) {
    Symbol symbol;
    symbol.is_token = true;
    symbol.is_other = others;
    symbol.tokens = std::move(tokens);
    return symbol;
  }
  // Rules of another grammar, under other numbers.
  uint32_t rule_of(const PlainGrammar& other) {
    const auto shift = static_cast<uint32_t>(out_.rules.size());
    for (const auto& productions : other.rules) {
      out_.rules.push_back(productions);
      for (Production& production : out_.rules.back()) {
        for (Symbol& symbol : production) symbol.rule += symbol.is_rule ? shift : 0;
      }
    }
    return other.root + shift;
  }

  // The JSON of a format; *rule is what it means.
  std::string format(int depth, const Ends& ends, uint32_t* rule) {
    const int dice = random_.between(0, 99);
    if (depth == 0 || dice < 25) return leaf(ends, rule);
    if (dice < 40) return several(depth, ends, rule);
    if (dice < 52) return repeated(depth, ends, rule);
    if (dice < 66) return tag(depth, ends, false, word(), rule);
    if (dice < 72) return separated(depth, ends, rule);
    if (tokens_ && dice < 86 && ends.tokens_are_near) return token_triggered(depth, ends, rule);
    if (dice < 93 && ends.texts_are_near) return triggered(depth, ends, rule);
    return ends.texts_are_near ? dispatch(depth, ends, rule) : leaf(ends, rule);
  }

  std::string leaf(const Ends& ends, uint32_t* rule) {
    const int dice = random_.between(0, 99);
    if (tokens_ && dice < 40) return token_leaf(ends, rule);
    if (dice < 55 && ends.texts_are_near) return any_text(ends, rule);
    if (dice < 70) return constant(rule);
    if (dice < 80) return regex(rule);
    return dice < 90 ? grammar(rule) : schema(rule);
  }

  std::string constant(uint32_t* rule) {
    const std::u32string text = random_.percent(10) ? U"" : word();
    *rule = rule_of_text(text);
    return type("const_string") + ",\"value\":" + quoted(text) + "}";
  }

  std::string any_text(const Ends& ends, uint32_t* rule) {
    FreeText text;
    for (int i = random_.between(0, 2); i > 0; --i) text.excludes.push_back(word());
    const std::string excludes = quoted(text.excludes);
    text.excludes.insert(text.excludes.end(), ends.texts.begin(), ends.texts.end());
    *rule = add_free_text(&out_, text);
    return type("any_text") + ",\"excludes\":" + excludes + "}";
  }

  template <typename Draw>
  Syntax draw_small(Draw draw) {
    for (;;) {
      Syntax syntax = draw(random_);
      const PlainGrammar plain = expand(syntax);
      if (plain.symbol_count() <= kMaxPartSymbols && find_productive(plain)[plain.root])
        return syntax;
    }
  }
  std::string regex(uint32_t* rule) {
    for (;;) {
      const Syntax syntax = draw_small(random_regular);
      const std::string text = print_regex(syntax);
      if (text.empty()) continue;
      *rule = rule_of(expand(syntax));
      return type("regex") + ",\"pattern\":" + json_text(text) + "}";
    }
  }
  std::string grammar(uint32_t* rule) {
    Syntax syntax = draw_small(random_grammar);
    for (std::string& name : syntax.names) name = name == "root" ? "other" : name;
    syntax.names[syntax.root] = "root";
    *rule = rule_of(expand(syntax));
    return type("grammar") + ",\"grammar\":" + json_text(print_ebnf(syntax)) + "}";
  }
  std::string schema(uint32_t* rule) {
    for (;;) {
      const RandomSchema schema = random_schema(random_);
      const PlainGrammar plain = expand(schema.meaning);
      if (plain.symbol_count() > kMaxPartSymbols * 4 || !find_productive(plain)[plain.root])
        continue;
      *rule = rule_of(plain);
      return type("json_schema") + ",\"json_schema\":" + schema.text + "}";
    }
  }

  std::string several(int depth, const Ends& ends, uint32_t* rule) {
    const bool all = random_.percent(60);
    std::vector<std::string> items;
    std::vector<Production> ways;
    Production row;
    for (int i = random_.between(1, 3); i > 0; --i) {
      uint32_t part = 0;
      items.push_back(format(depth - 1, ends, &part));
      row.push_back(rule_symbol(part));
      ways.push_back({rule_symbol(part)});
    }
    *rule = all ? rule_of({std::move(row)}) : rule_of(std::move(ways));
    return type(all ? "sequence" : "or") + ",\"elements\":" + json_list(items) + "}";
  }

  std::string repeated(int depth, const Ends& ends, uint32_t* rule) {
    uint32_t part = 0;
    const std::string content = format(depth - 1, ends, &part);
    static const char* const kNames[] = {"optional", "star", "plus", "repeat"};
    const size_t kind = random_.below(4);
    const int least = kind == 2 ? 1 : kind == 3 ? random_.between(0, 2) : 0;
    const int most = kind == 0             ? 1
                     : kind != 3           ? -1
                     : random_.percent(40) ? -1
                                           : least + random_.between(0, 2);
    *rule = times(part, least, most);
    std::string text = type(kNames[kind]) + ",\"content\":" + content;
    if (kind == 3) text += ",\"min\":" + std::to_string(least) + ",\"max\":" + std::to_string(most);
    return text + "}";
  }
  uint32_t times(uint32_t part, int least, int most) {
    Production row(static_cast<size_t>(least), rule_symbol(part));
    if (most < 0) {
      const uint32_t star = out_.add_rule();
      out_.rules[star] = {{}, {rule_symbol(star), rule_symbol(part)}};
      row.push_back(rule_symbol(star));
    }
    for (int i = least; i < most; ++i)
      row.push_back(rule_symbol(rule_of({{}, {rule_symbol(part)}})));
    return rule_of({std::move(row)});
  }

  // `begin` is not empty where it has to be a text. With a token, *rule is what follows that.
  std::string tag(int depth, const Ends& ends, bool begun, const std::u32string& begin,
                  uint32_t* rule) {
    Production row;
    const bool by_token = tokens_ && !begun && random_.percent(30);
    std::string text = type("tag") + ",\"begin\":";
    if (by_token) {
      const uint32_t token = any_token();
      row.push_back(token_symbol({token}, false));
      text += token_object(token);
    } else {
      if (!begun) add_text(begin, &row);
      text += quoted(begin);
    }
    return text + rest_of_tag(depth, ends, std::move(row), rule);
  }

  std::string rest_of_tag(int depth, const Ends& ends, Production row, uint32_t* rule) {
    Ends inside = ends;
    std::string end;
    Symbol last;
    if (tokens_ && random_.percent(30)) {
      inside.tokens = {any_token()};
      inside.tokens_are_near = true;
      inside.texts_are_near = ends.texts.empty() && ends.texts_are_near;
      last = token_symbol(inside.tokens, false);
      end = token_object(inside.tokens[0]);
    } else {
      inside.texts = {word()};
      if (random_.percent(25)) inside.texts.push_back(word());
      inside.texts_are_near = true;
      inside.tokens_are_near = ends.tokens.empty() && ends.tokens_are_near;
      std::vector<Production> ways;
      for (const std::u32string& each : inside.texts) {
        ways.emplace_back();
        add_text(each, &ways.back());
      }
      last = rule_symbol(rule_of(std::move(ways)));
      end = inside.texts.size() == 1 ? quoted(inside.texts[0]) : quoted(inside.texts);
    }
    uint32_t content = 0;
    const std::string body = format(depth - 1, inside, &content);
    row.push_back(rule_symbol(content));
    row.push_back(last);
    *rule = rule_of({std::move(row)});
    return ",\"content\":" + body + ",\"end\":" + end + "}";
  }

  std::string separated(int depth, const Ends& ends, uint32_t* rule) {
    std::vector<std::string> items;
    std::vector<Production> ways;
    for (int i = random_.between(1, 2); i > 0; --i) {
      uint32_t part = 0;
      items.push_back(tag(depth, ends, false, word(), &part));
      ways.push_back({rule_symbol(part)});
    }
    const bool least_one = random_.percent(40), only_one = random_.percent(30);
    const std::u32string separator = random_.percent(30) ? U"" : word();
    const uint32_t one = rule_of(std::move(ways));
    const uint32_t more = rule_of({{rule_symbol(rule_of_text(separator)), rule_symbol(one)}});
    Production row{rule_symbol(one)};
    if (!only_one) row.push_back(rule_symbol(times(more, 0, -1)));
    std::vector<Production> all{std::move(row)};
    if (!least_one) all.push_back({});
    *rule = rule_of(std::move(all));
    return type("tags_with_separator") + ",\"tags\":" + json_list(items) +
           ",\"separator\":" + quoted(separator) + flags(least_one, only_one);
  }
  static std::string flags(bool least_one, bool only_one) {
    return std::string(least_one ? ",\"at_least_one\":true" : "") +
           (only_one ? ",\"stop_after_first\":true" : "") + "}";
  }

  static bool begins(const std::u32string& text, const std::u32string& word) {
    return text.compare(0, word.size(), word) == 0;
  }
  // Different words of which none begins another, nor with an exclude.
  std::vector<std::u32string> triggers_beside(const std::vector<std::u32string>& excludes,
                                              bool apart) {
    std::vector<std::u32string> out;
    for (int i = random_.between(1, 3); i > 0; --i) {
      const std::u32string drawn = word();
      const bool spoilt =
          std::any_of(excludes.begin(), excludes.end(),
                      [&](const std::u32string& e) { return begins(drawn, e); }) ||
          std::any_of(out.begin(), out.end(), [&](const std::u32string& other) {
            return drawn == other || (apart && (begins(drawn, other) || begins(other, drawn)));
          });
      if (!spoilt) out.push_back(drawn);
    }
    return out;
  }
  std::vector<std::u32string> some_excludes(const Ends& ends, std::string* text) {
    std::vector<std::u32string> out;
    if (random_.percent(30)) out.push_back(word());
    *text = quoted(out);
    out.insert(out.end(), ends.texts.begin(), ends.texts.end());
    return out;
  }

  std::string triggered(int depth, const Ends& ends, uint32_t* rule) {
    std::string excludes;
    FreeText text;
    text.excludes = some_excludes(ends, &excludes);
    const std::vector<std::u32string> words = triggers_beside(text.excludes, true);
    if (words.empty()) return any_text(ends, rule);
    std::vector<std::string> items;
    std::vector<Production> whole;
    for (const std::u32string& trigger : words) {
      std::vector<Production> ways;
      for (int i = random_.between(1, 2); i > 0; --i) {
        const std::u32string more = random_.percent(50) ? U"" : word();
        uint32_t rest = 0;
        items.push_back(tag(depth, ends, true, trigger + more, &rest));
        Production way;
        add_text(more, &way);
        way.push_back(rule_symbol(rest));
        ways.push_back(std::move(way));
      }
      const uint32_t behind = rule_of(std::move(ways));
      text.triggers.push_back({trigger, behind});
      whole.push_back({rule_symbol(rule_of_text(trigger)), rule_symbol(behind)});
    }
    const bool least_one = random_.percent(40), only_one = random_.percent(30);
    text.loop = !only_one;
    const uint32_t one = rule_of(std::move(whole));
    if (!least_one) {
      *rule = add_free_text(&out_, text);
    } else if (only_one) {
      *rule = one;
    } else {
      *rule = rule_of({{rule_symbol(one), rule_symbol(add_free_text(&out_, text))}});
    }
    return type("triggered_tags") + ",\"triggers\":" + quoted(words) +
           ",\"tags\":" + json_list(items) + ",\"excludes\":" + excludes +
           flags(least_one, only_one);
  }

  std::string dispatch(int depth, const Ends& ends, uint32_t* rule) {
    FreeText text;
    if (random_.percent(30)) text.excludes.push_back(word());
    const std::string excludes = quoted(text.excludes);
    const std::vector<std::u32string> words = triggers_beside(text.excludes, false);
    if (words.empty()) return any_text(ends, rule);
    std::vector<std::string> items;
    for (const std::u32string& trigger : words) {
      uint32_t behind = 0;
      items.push_back("[" + quoted(trigger) + "," + format(depth - 1, ends, &behind) + "]");
      text.triggers.push_back({trigger, behind});
    }
    text.loop = random_.percent(70);
    *rule = add_free_text(&out_, text);
    return type("dispatch") + ",\"rules\":" + json_list(items) + ",\"excludes\":" + excludes +
           (text.loop ? "" : ",\"loop\":false") + "}";
  }

  uint32_t any_token() { return static_cast<uint32_t>(random_.below(kNamedTokens)); }
  static std::string token_object(uint32_t token) {
    return type("token") + ",\"token\":" + named(token) + "}";
  }
  std::vector<uint32_t> some_tokens() {
    std::vector<uint32_t> out;
    for (uint32_t token = 0; token < kNamedTokens; ++token) {
      if (random_.percent(30)) out.push_back(token);
    }
    return out;
  }

  std::string token_leaf(const Ends& ends, uint32_t* rule) {
    const int dice = random_.between(0, 99);
    if (dice < 40 || !ends.tokens_are_near) {
      const uint32_t token = any_token();
      *rule = rule_of({{token_symbol({token}, false)}});
      return token_object(token);
    }
    std::vector<uint32_t> not_these = some_tokens();
    const std::string excludes = named(not_these);
    not_these.insert(not_these.end(), ends.tokens.begin(), ends.tokens.end());
    const uint32_t one = rule_of({{token_symbol(not_these, true)}});
    *rule = dice < 70 ? one : times(one, 0, -1);
    return type(dice < 70 ? "exclude_token" : "any_tokens") + ",\"exclude_tokens\":" + excludes +
           "}";
  }

  std::string token_triggered(int depth, const Ends& ends, uint32_t* rule) {
    const bool dispatched = random_.percent(30);
    std::vector<uint32_t> triggers, excludes;
    for (uint32_t token = 0; token < kNamedTokens; ++token) {
      const bool ends_tag = std::count(ends.tokens.begin(), ends.tokens.end(), token) != 0;
      const int chance = random_.between(0, 99);
      if (chance < 45 && (dispatched || !ends_tag)) triggers.push_back(token);
      if (chance >= 75) excludes.push_back(token);
    }
    if (triggers.empty()) return token_leaf(ends, rule);
    std::vector<std::string> items, dispatches;
    std::vector<Production> ways;
    for (uint32_t token : triggers) {
      uint32_t behind = 0;
      Production way{token_symbol({token}, false)};
      if (dispatched) {
        dispatches.push_back("[" + named(token) + "," + format(depth - 1, ends, &behind) + "]");
        way.push_back(rule_symbol(behind));
        ways.push_back(std::move(way));
        continue;
      }
      std::string text = type("tag") + ",\"begin\":" + token_object(token);
      items.push_back(text + rest_of_tag(depth, ends, std::move(way), &behind));
      ways.push_back({rule_symbol(behind)});
    }
    const std::string listed = named(excludes);
    std::vector<uint32_t> not_these = triggers;
    not_these.insert(not_these.end(), excludes.begin(), excludes.end());
    if (!dispatched) not_these.insert(not_these.end(), ends.tokens.begin(), ends.tokens.end());
    const uint32_t other = rule_of({{token_symbol(not_these, true)}});
    const uint32_t one = rule_of(std::move(ways));
    if (dispatched) {
      const bool loop = random_.percent(70);
      *rule = free_tokens(other, one, loop);
      return type("token_dispatch") + ",\"rules\":" + json_list(dispatches) +
             ",\"exclude_tokens\":" + listed + (loop ? "" : ",\"loop\":false") + "}";
    }
    const bool least_one = random_.percent(40), only_one = random_.percent(30);
    const uint32_t text = free_tokens(other, one, !only_one);
    *rule = !least_one ? text : only_one ? one : rule_of({{rule_symbol(one), rule_symbol(text)}});
    return type("token_triggered_tags") + ",\"trigger_tokens\":" + named(triggers) +
           ",\"tags\":" + json_list(items) + ",\"exclude_tokens\":" + listed +
           flags(least_one, only_one);
  }
  uint32_t free_tokens(uint32_t other, uint32_t one, bool loop) {
    if (loop) return times(rule_of({{rule_symbol(other)}, {rule_symbol(one)}}), 0, -1);
    return rule_of({{rule_symbol(times(other, 0, -1)), rule_symbol(times(one, 0, 1))}});
  }

  RandomSource& random_;
  const bool tokens_;
  PlainGrammar out_;
};

}  // namespace

RandomTag random_tag(RandomSource& random, bool whole_tokens) {
  for (;;) {
    RandomTag out = TagGenerator(random, whole_tokens).run();
    if (out.meaning.symbol_count() <= 2 * kMaxSymbols) return out;
  }
}

}  // namespace reference
