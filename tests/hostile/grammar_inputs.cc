// Grammars and patterns that cost much more than their size: nested counters, runs of what may be
// empty, ambiguity, hidden left recursion; and vocabularies that cannot spell them.
//
// Entry point: grammar_generators.
//
//   "counted count=3"  ->  a{3}
#include "input.h"

namespace hostile {
namespace {

std::string number(size_t i) { return std::to_string(i); }

Input made(Kind kind, std::string source) {
  Input in;
  in.kind = kind;
  in.source = std::move(source);
  return in;
}

Input nested_counters(Parameters* p) {
  const size_t depth = p->number("depth", 5);
  const std::string bound = p->text("bound", "{0;1000}");
  std::string count = bound;
  if (const size_t comma = count.find(';'); comma != std::string::npos) count[comma] = ',';
  std::string text = p->text("of", "a");
  for (size_t i = 0; i < depth; ++i) text = (i == 0 ? text : "(" + text + ")") + count;
  Input in = made(Kind::kRegex, text);
  in.text = repeated(p->text("of", "a").substr(0, 1), p->number("read", 35));
  return in;
}

// Parts that may each be empty, one behind the other.
Input nullable_run(Parameters* p) {
  const std::string part = p->text("part", "star");
  std::string text = "a*";
  if (part == "optional") text = "(ab)?";
  if (part == "two") text = "a*b?";
  return made(Kind::kRegex, repeated(text, p->number("count", 4000)));
}

Input nullable_chain(Parameters* p) {
  const size_t rules = p->number("rules", 2000);
  const bool left = p->text("recursion", "right") == "left";
  return made(Kind::kEbnf, "root ::= r0\n" + joined(rules, "\n", [&](size_t i) {
                             const std::string next = i + 1 < rules ? "r" + number(i + 1) : "";
                             const std::string part = "\"a\"?";
                             return "r" + number(i) +
                                    " ::= " + (left ? next + " " + part : part + " " + next);
                           }));
}

Input adjacent_counters(Parameters* p) {
  Input in = made(Kind::kEbnf, "root ::= " + repeated("\"a\"{0,3} ", p->number("count", 300)));
  in.vocabulary = "128k";
  return in;
}

uint32_t drawn(uint64_t* state, size_t below) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return static_cast<uint32_t>((*state >> 33) % below);
}

// Every text in very many ways: n_i ::= n_j n_k | "x" | "".
Input pairs(Parameters* p) {
  const size_t rules = p->number("rules", 200);
  uint64_t state = p->number("seed", 1);
  auto rule = [&] { return "n" + number(drawn(&state, rules)); };
  Input in = made(Kind::kEbnf, "root ::= n0\n" + joined(rules, "\n", [&](size_t i) {
                                 return "n" + number(i) + " ::= " + rule() + " " + rule() +
                                        " | \"x\" | \"\"";
                               }));
  in.vocabulary = "bytes";
  return in;
}

// Left recursion behind rules that may be empty.
Input hidden_left(Parameters* p) {
  const size_t rules = p->number("rules", 35);
  uint64_t state = p->number("seed", 1);
  auto rule = [&](const char* name) { return name + number(drawn(&state, rules)); };
  Input in = made(Kind::kEbnf, "root ::= n0\n" + joined(rules, "\n", [&](size_t i) {
                                 const std::string n = number(i);
                                 return "n" + n + " ::= e" + n + " " + rule("n") + " \"c\" | e" +
                                        n + " " + rule("n") + " " + rule("n") + " | \"x\"\ne" + n +
                                        " ::= \"a\"?";
                               }));
  in.vocabulary = "bytes";
  return in;
}

Input nested_tags(Parameters* p) {
  Input in = made(Kind::kEbnf,
                  "root ::= TagDispatch((\"a\", x), (\"ab\", y), (\"b\", root))\n"
                  "x ::= \"x\" root | \"\"\ny ::= \"y\"");
  in.text = repeated("ab", p->number("read", 600) / 2);
  return in;
}

// Texts of odd length only, in many ways.
Input odd_recursion(Parameters*) {
  Input in = made(Kind::kEbnf, "root ::= expr\nexpr ::= expr \"a\" root | root | \"a\"");
  in.vocabulary = "zero_aa";
  return in;
}

Input counted(Parameters* p) {
  Input in = made(Kind::kRegex, "a{" + number(p->number("count", 8301)) + "}");
  in.vocabulary = "aa_b";
  return in;
}

Input stop_is_text(Parameters*) {
  Input in = made(Kind::kRegex, "aab");
  in.stops = {"a"};
  in.vocabulary = "bytes";
  return in;
}

// A source as it is; most are what was left of a random one.
Input text(Parameters* p) {
  const std::string kind = p->text("kind", "json_schema"), options = p->text("options", "");
  Input in;
  if (kind == "ebnf") in.kind = Kind::kEbnf;
  if (kind == "regex") in.kind = Kind::kRegex;
  if (kind == "lark") in.kind = Kind::kLark;
  in.source = p->text("source", "");
  for (size_t at; (at = in.source.find("\\n")) != std::string::npos;)
    in.source.replace(at, 2, "\n");
  in.lenient = options.find("lenient") != std::string::npos;
  in.any_order = options.find("any_order") != std::string::npos;
  in.unique_names = options.find("unique_names") != std::string::npos;
  in.strict = options.find("strict") != std::string::npos;
  const std::string stop = p->text("stop", "");
  if (!stop.empty()) in.stops = {stop};
  in.vocabulary = "bytes";
  return in;
}

}  // namespace

const std::map<std::string, Generator>& grammar_generators() {
  static const std::map<std::string, Generator> all = {
      {"nested_counters", nested_counters},
      {"nullable_run", nullable_run},
      {"nullable_chain", nullable_chain},
      {"adjacent_counters", adjacent_counters},
      {"pairs", pairs},
      {"hidden_left", hidden_left},
      {"nested_tags", nested_tags},
      {"odd_recursion", odd_recursion},
      {"counted", counted},
      {"stop_is_text", stop_is_text},
      {"text", text},
  };
  return all;
}

}  // namespace hostile
