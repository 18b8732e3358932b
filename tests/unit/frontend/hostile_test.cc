// Sources that mean harm: depth, size, bytes that are no text. They are read, or refused with a
// reason and a place, in time linear in their size, on a small stack.
#include <doctest/doctest.h>

#include <array>
#include <ctime>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "../small_stack.h"
#include "compiler/compiler.h"
#include "frontend/frontend.h"
#include "grammar/passes/passes.h"
#include "grammar/printer.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using test::on_small_stack;

namespace {

using Parse = Result<Grammar> (*)(std::string_view);

Result<Grammar> ebnf(std::string_view text) { return parse_ebnf(text, "root", Limits()); }
Result<Grammar> regex(std::string_view text) { return parse_regex(text, Limits()); }
Result<Grammar> lark(std::string_view text) { return parse_lark(text, {}, Limits()); }

std::string repeated(std::string_view s, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += s;
  return out;
}

// head, `n` times open, middle, `n` times close, tail
std::string tower(const char* head, const char* open, const char* middle, const char* close,
                  const char* tail, size_t n) {
  return head + repeated(open, n) + middle + repeated(close, n) + tail;
}

// Whether the source is read; if not, that the error says something, and where.
bool is_read(Parse parse, const std::string& source) {
  Result<Grammar> grammar = parse(source);
  if (grammar.ok()) return true;
  const Error& e = grammar.error();
  INFO(e.message.substr(0, 300));
  CHECK(e.code != Status::kInternal);
  CHECK(e.message.size() > 10);
  CHECK(e.message.size() < 1000);
  CHECK(e.message.find('\n') == std::string::npos);
  CHECK(e.byte_offset <= static_cast<int64_t>(source.size()));
  return false;
}

struct Growing {
  const char* name;
  Parse parse;
  std::string (*make)(size_t n);
  size_t n;
  bool read;  // else refused
};

const Growing kGrowing[] = {
    {"ebnf: groups", ebnf, [](size_t n) { return tower("root ::= ", "(", "\"a\"", ")", "", n); },
     100000, true},
    {"ebnf: groups repeated", ebnf,
     [](size_t n) { return tower("root ::= ", "(", "\"a\"", " \"b\")*", "", n); }, 100000, true},
    {"ebnf: groups of alternatives", ebnf,
     [](size_t n) { return tower("root ::= ", "(\"a\" | ", "\"b\"", " \"c\")", "", n); }, 100000,
     true},
    {"ebnf: groups counted", ebnf,
     [](size_t n) { return tower("root ::= ", "(\"b\" | ", "\"a\"", "){2,3}", "", n); }, 100000,
     true},
    {"ebnf: too many groups", ebnf,
     [](size_t n) { return tower("root ::= ", "(", "\"a\"", ")", "", n); }, 400000, false},
    {"ebnf: groups left open", ebnf, [](size_t n) { return "root ::= " + repeated("(", n); }, 90000,
     false},
    {"ebnf: groups closed only", ebnf,
     [](size_t n) { return "root ::= \"a\" " + repeated(")", n); }, 1000000, false},
    {"ebnf: a long string", ebnf,
     [](size_t n) { return "root ::= \"" + repeated("abcdefghi\\n", n / 11) + "\""; }, 10000000,
     true},
    {"ebnf: a string left open", ebnf, [](size_t n) { return "root ::= \"" + std::string(n, 'a'); },
     10000000, false},
    {"ebnf: a long class", ebnf,
     [](size_t n) { return "root ::= [" + repeated("a-fz\\u0041", n / 10) + "]"; }, 10000000, true},
    {"ebnf: a long comment", ebnf,
     [](size_t n) { return "#" + std::string(n, '#') + "\nroot ::= \"a\""; }, 10000000, true},
    {"ebnf: long names", ebnf,
     [](size_t n) {
       const std::string name(n / 4, 'n');
       return "root ::= " + name + " " + name + "\n" + name + " ::= \"a\"";
     },
     10000000, true},
    {"ebnf: line ends", ebnf, [](size_t n) { return repeated("\n", n) + "root ::= \"a\" |"; },
     10000000, false},
    {"ebnf: a long sequence", ebnf,
     [](size_t n) { return "root ::= " + repeated("\"a\" [b] ", n / 8); }, 5000000, true},
    {"ebnf: many alternatives", ebnf,
     [](size_t n) {
       std::string text = "root ::= \"\"";
       while (text.size() < n) text += " | \"k" + std::to_string(text.size()) + "\"";
       return text;
     },
     5000000, true},
    {"ebnf: a chain of rules", ebnf,
     [](size_t n) {
       std::string text = "root ::= r0\n";
       size_t i = 0;
       for (; text.size() < n; ++i) {
         text += "r" + std::to_string(i) + " ::= \"a\" r" + std::to_string(i + 1) + " | \"b\"\n";
       }
       return text + "r" + std::to_string(i) + " ::= \"c\"\n";
     },
     5000000, true},
    {"ebnf: large counts", ebnf,
     [](size_t n) { return "root ::= " + repeated("\"a\"{0,4000000000} \"b\" ", n / 22); }, 5000000,
     true},
    {"ebnf: a count of many digits", ebnf,
     [](size_t n) { return "root ::= \"a\"{" + std::string(n, '9') + "}"; }, 10000000, false},
    {"lark: groups", lark, [](size_t n) { return tower("start: ", "(", "\"a\"", ")", "", n); },
     100000, true},
    {"lark: optional groups", lark,
     [](size_t n) { return tower("start: ", "[", "\"a\"", " \"b\"]", "", n); }, 100000, true},
    {"lark: groups of alternatives", lark,
     [](size_t n) { return tower("start: ", "(\"a\" | ", "\"b\"", " \"c\")*", "", n); }, 100000,
     true},
    {"lark: groups in a terminal", lark,
     [](size_t n) { return tower("start: A\nA: ", "(\"a\" | ", "\"b\"", " \"c\")", "", n); },
     100000, true},
    {"lark: groups left open", lark, [](size_t n) { return "start: " + repeated("(", n); }, 90000,
     false},
    {"lark: groups closed only", lark, [](size_t n) { return "start: \"a\" " + repeated(")", n); },
     1000000, false},
    {"lark: a long string", lark,
     [](size_t n) { return "start: \"" + repeated("abcdefghi\\n", n / 11) + "\""; }, 10000000,
     true},
    {"lark: a string left open", lark, [](size_t n) { return "start: \"" + std::string(n, 'a'); },
     10000000, false},
    {"lark: a regular expression left open", lark,
     [](size_t n) { return "start: /" + std::string(n, 'a'); }, 10000000, false},
    {"lark: a long comment", lark,
     [](size_t n) { return "//" + std::string(n, '/') + "\nstart: \"a\""; }, 10000000, true},
    {"lark: line ends", lark, [](size_t n) { return repeated("\n", n) + "start: ("; }, 10000000,
     false},
    {"lark: a long sequence", lark,
     [](size_t n) { return "start: " + repeated("\"a\" B ", n / 6) + "\nB: \"b\"\n%ignore \" \""; },
     2000000, true},
    {"lark: a chain of rules", lark,
     [](size_t n) {
       std::string text = "start: r0\n";
       size_t i = 0;
       for (; text.size() < n; ++i) {
         text += "r" + std::to_string(i) + ": \"a\" r" + std::to_string(i + 1) + " | \"b\"\n";
       }
       return text + "r" + std::to_string(i) + ": \"c\"\n";
     },
     5000000, true},
    {"lark: a chain of terminals", lark,
     [](size_t n) {
       std::string text = "start: R0\n";
       size_t i = 0;
       for (; text.size() < n; ++i) {
         text += "R" + std::to_string(i) + ": \"a\" R" + std::to_string(i + 1) + " | \"b\"\n";
       }
       return text + "R" + std::to_string(i) + ": \"c\"\n";
     },
     2000000, true},
    {"lark: braces left open", lark,
     [](size_t n) { return "start: %json " + repeated("{\"a\":", n); }, 100000, false},
    {"regex: groups", regex, [](size_t n) { return tower("", "(", "a", ")", "", n); }, 100000,
     false},
    {"regex: groups that capture nothing", regex,
     [](size_t n) { return tower("", "(?:a|", "b", ")*", "", n); }, 100000, false},
    {"regex: groups left open", regex, [](size_t n) { return repeated("(", n); }, 1000000, false},
    {"regex: groups closed only", regex, [](size_t n) { return repeated(")", n); }, 1000000, false},
    {"regex: classes left open", regex, [](size_t n) { return repeated("[", n); }, 1000000, false},
    {"regex: stars", regex, [](size_t n) { return "a" + repeated("*", n); }, 1000000, false},
};

// Of the processor, on this thread where that is known.
double seconds() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
#else
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
#endif
}

double time_of(const Growing& g, size_t n) {
#ifdef __SANITIZE_ADDRESS__
  if (n > 500000) n /= 10;  // the sanitizer makes everything slow
#endif
  const std::string source = g.make(n);
  const double begin = seconds();
  CHECK(is_read(g.parse, source) == g.read);
  return seconds() - begin;
}

// Four times the time for twice the size would be quadratic. Other programs may disturb a
// measurement.
bool is_linear(const Growing& g) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (time_of(g, g.n) < 3.5 * time_of(g, g.n / 2) + 0.05) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("hostile: depth and size cost linear time and no stack") {
  on_small_stack([] {
    for (const Growing& g : kGrowing) {
      INFO(std::string(g.name));
      CHECK(is_linear(g));
    }
  });
}

TEST_CASE("hostile: what is deep or long can be simplified and printed, too") {
  on_small_stack([] {
    for (const Growing& g : kGrowing) {
      if (!g.read) continue;
      INFO(std::string(g.name));
      Grammar grammar = std::move(g.parse(g.make(g.n / 10)).value());
      CHECK(print_ebnf(grammar, Limits()).ok());
      simplify(&grammar);
      CHECK(print_ebnf(grammar, Limits()).ok());
    }
  });
}

TEST_CASE("hostile: what is deep or long can be compiled and matched, too") {
  std::array<char, 256> bytes;
  std::iota(bytes.begin(), bytes.end(), char{0});
  TokenizerInput input;
  for (const char& c : bytes) input.tokens.push_back({&c, 1});
  input.tokens.push_back({});
  input.stop_tokens = {256};
  std::shared_ptr<const Tokenizer> tokenizer = Tokenizer::create(input).value();
  on_small_stack([&] {
    for (const Growing& g : kGrowing) {
      if (!g.read) continue;
      INFO(std::string(g.name));
      auto compiler = std::move(Compiler::create(tokenizer, {})).value();
      // Towers of repetitions have as many ways on as they have levels, each of them long.
      Compiler::Compiled compiled = compiler->compile(g.parse(g.make(g.n / 100)));
      CHECK(compiled.ok());
      if (!compiled.ok()) continue;
      auto matcher = std::move(Matcher::create(compiled.value(), {})).value();
      std::array<uint32_t, 9> mask{};
      MaskKind kind;
      for (int i = 0; i < 5 && !matcher->is_terminated(); ++i) {
        CHECK(matcher->fill_bitmask(mask.data(), mask.size(), &kind) == Status::kOk);
        int32_t token = 0;
        while (token < 256 && !(mask[static_cast<size_t>(token / 32)] >> (token % 32) & 1)) ++token;
        bool accepted = false;
        CHECK(matcher->accept_token(token, &accepted) == Status::kOk);
        CHECK(accepted);
      }
    }
  });
}

TEST_CASE("hostile: bytes that are no UTF-8 are refused where they stand") {
  const std::string bad[] = {"\xFF",
                             "\x80",
                             "\xC3",
                             "\xC0\xAF",
                             "\xED\xA0\x80",
                             "\xED\xBF\xBF",
                             "\xF4\x90\x80\x80",
                             "\xE4\xBD",
                             "\xF0\x80\x80\xAF"};
  struct Place {
    Parse parse;
    const char *before, *behind;
  };
  const Place places[] = {{ebnf, "root ::= \"a", "b\""},
                          {ebnf, "root ::= [a", "]"},
                          {ebnf, "# ", "\nroot ::= \"a\""},
                          {ebnf, "root ::= \"a\" ", ""},
                          {ebnf, "", "root ::= \"a\""},
                          {ebnf, "root ::= ", " | \"a\""},
                          {lark, "start: \"a", "b\""},
                          {lark, "start: /a", "b/"},
                          {lark, "# ", "\nstart: \"a\""},
                          {lark, "start: ", " | \"a\""},
                          {lark, "start: \"a\"\n%ignore \"", "\""},
                          {regex, "a", "b"},
                          {regex, "[a", "]"},
                          {regex, "", ""},
                          {regex, "(?:a|", ")*"}};
  for (const Place& p : places) {
    for (const std::string& b : bad) {
      Result<Grammar> grammar = p.parse(p.before + b + p.behind);
      INFO(std::string(p.before));
      REQUIRE_FALSE(grammar.ok());
      CHECK(grammar.error().code == Status::kInvalidSource);
      CHECK(grammar.error().byte_offset == static_cast<int64_t>(std::string(p.before).size()));
      CHECK(grammar.error().message.find("UTF-8") != std::string::npos);
    }
  }
}

TEST_CASE("hostile: surrogates and characters that do not exist are refused") {
  for (const char* escape :
       {"\\uD800", "\\uDFFF", "\\U0000DC00", "\\xD800", "\\U00110000", "\\xFFFFFFFFFF"}) {
    for (const char* form : {"root ::= \"a", "root ::= [a"}) {
      const std::string text = std::string(form) + escape + (form[9] == '[' ? "]" : "\"");
      INFO(text);
      Result<Grammar> grammar = ebnf(text);
      REQUIRE_FALSE(grammar.ok());
      CHECK(grammar.error().byte_offset == 11);
    }
  }
  for (const char* pattern : {"\\x{D800}", "[\\x{DFFF}]", "\\x{110000}", "a\\x{FFFFFFFFF}"}) {
    INFO(std::string(pattern));
    CHECK_FALSE(is_read(regex, pattern));
  }
}

TEST_CASE("hostile: NUL is a character like others in strings, and nothing elsewhere") {
  using namespace std::string_literals;
  for (const std::string& text :
       {"root ::= \"a\0b\""s, "root ::= [\0]"s, "# \0\nroot ::= \"a\""s}) {
    CHECK(is_read(ebnf, text));
  }
  for (const std::string& text :
       {"root ::= \0"s, "root\0 ::= \"a\""s, "root ::= \"a\"\0"s, "\0"s}) {
    CHECK_FALSE(is_read(ebnf, text));
  }
  Grammar grammar = std::move(ebnf("root ::= \"a\0b\""s).value());
  CHECK(print_ebnf(grammar, Limits()).value() == "root ::= \"a\\u0000b\"\n");
  CHECK(is_read(regex, "a\0b[\0]"s));
  CHECK(is_read(regex, "\0"s));
}
