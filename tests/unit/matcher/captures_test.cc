// Texts of rules with names: matcher/captures.cc, matcher/marker_split.cc.
#include "matcher/captures.h"

#include <functional>

#include "attribute_helpers.h"
#include "matcher/marker_split.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

std::shared_ptr<const Tokenizer> tokenizer() {
  std::vector<std::string> tokens = with_bytes({"ab", "aba", "12", "a1"});
  tokens.push_back("<stop>");
  return make_tokenizer(tokens, {260});
}

// Rules named in `captures` capture under their own names.
std::unique_ptr<Matcher> matcher(const std::string& text,
                                 const std::vector<std::string>& captures) {
  Grammar g = ebnf(text);
  for (const std::string& rule : captures) {
    set_attributes(&g, rule, [&](RuleAttributes* a) { a->capture = rule; });
  }
  return start_matcher(std::move(g), tokenizer());
}

// All events of rule "v" by trying: "<" and ">" stand around v in the grammar, and are put into the
// text wherever they may be. An occurrence without text counts when the text goes on, or may end,
// behind it.
std::multiset<std::string> expected_events(const std::string& marked_grammar,
                                           const std::string& text) {
  std::unique_ptr<Automaton> a = make_automaton(ebnf(marked_grammar));
  State* start = a->start(a->grammar().root);
  std::set<std::pair<size_t, size_t>> events;
  struct Way {
    std::string marked;
    size_t at;
    std::vector<size_t> open, empty;
    int put;  // marks since the last byte
  };
  std::vector<Way> work{{"", 0, {}, {}, 0}};
  while (!work.empty()) {
    Way w = std::move(work.back());
    work.pop_back();
    ByteWalk walk(start);
    if (!walk.read(w.marked)) continue;
    if (w.at == text.size() && walk.complete()) {
      for (size_t e : w.empty) events.insert({e, e});
    }
    auto next = [&](char c) {
      Way n = w;
      n.marked += c;
      return n;
    };
    if (w.put < 4) {
      Way n = next('<');
      n.open.push_back(w.at), ++n.put;
      work.push_back(n);
    }
    if (!w.open.empty() && w.put < 4) {
      Way n = next('>');
      const size_t begin = w.open.back();
      n.open.pop_back(), ++n.put;
      ByteWalk alive(start);
      if (alive.read(n.marked)) {
        if (begin < w.at) events.insert({begin, w.at});
        if (begin == w.at) n.empty.push_back(begin);
        work.push_back(n);
      }
    }
    if (w.at < text.size()) {
      Way n = next(text[w.at]);
      ByteWalk alive(start);
      if (!alive.read(n.marked)) continue;
      for (size_t e : w.empty) events.insert({e, e});
      ++n.at, n.put = 0, n.empty.clear();
      work.push_back(n);
    }
  }
  std::multiset<std::string> out;
  for (auto [begin, end] : events) out.insert(text.substr(begin, end - begin));
  return out;
}

void check_events(const std::string& before_v, const std::string& v, const std::string& letters,
                  size_t length) {
  const std::string plain = before_v + "\nv ::= " + v;
  const std::string marked = before_v + "\nv ::= \"<\" (" + v + ") \">\"";
  INFO(plain);
  std::unique_ptr<Matcher> m = matcher(plain, {"v"});
  for (const std::string& text : all_strings(letters, length)) {
    INFO("text " << text);
    m->reset();
    if (!take_text(m.get(), text)) continue;
    std::multiset<std::string> found;
    for (const auto& [name, captured] : captures_of(m.get(), true)) found.insert(captured);
    REQUIRE(found == expected_events(marked, text));
  }
}

}  // namespace

TEST_CASE("captures: all events, against texts with marks put in") {
  check_events("root ::= \"a\" v \"b\"", "[12]+", "ab1", 5);
  check_events("root ::= \"a\" v \"b\"", "[12]*", "ab1", 5);
  check_events("root ::= v v | v \"a\" root", "\"a\"* | \"b\"", "ab", 5);
  check_events("root ::= (v \",\")* v", "\"a\"+ | \"\"", "a,", 6);
  check_events("root ::= v", "\"a\" \",\" v | \"a\"", "a,", 5);
  check_events("root ::= v", "\"(\" v* \")\" | \"a\"", "(a)", 6);
  check_events("root ::= x | \"a\" v\nx ::= \"a\" x \"b\" | v \"c\" | \"\"", "\"a\" | \"ab\"",
               "abc", 5);
  check_events("root ::= (\"a\" | v | y)*\ny ::= v v", "\"ab\" | \"b\"", "ab", 5);
}

TEST_CASE("captures: the longest of an occurrence, in order of completion") {
  std::unique_ptr<Matcher> m = matcher("root ::= \"a\" v \"b\"\nv ::= [0-9]+", {"v"});
  CHECK(captures_of(m.get()).empty());
  REQUIRE(take_text(m.get(), "a123"));
  CHECK(captures_of(m.get()) == Texts{{"v", "123"}});
  CHECK(captures_of(m.get(), true) == Texts{{"v", "1"}, {"v", "12"}, {"v", "123"}});
  m = matcher("root ::= o\no ::= \"x\" i \"!\"\ni ::= [a-z]+", {"o", "i"});
  REQUIRE(take_text(m.get(), "xabc!"));
  CHECK(captures_of(m.get()) == Texts{{"i", "abc"}, {"o", "xabc!"}});
  m = matcher("root ::= (item \",\")* item\nitem ::= [0-9]+", {"item"});
  REQUIRE(take_text(m.get(), "1,22,333"));
  CHECK(captures_of(m.get()) == Texts{{"item", "1"}, {"item", "22"}, {"item", "333"}});
  m = matcher("root ::= list\nlist ::= [0-9]+ \",\" list | [0-9]+", {"list"});
  REQUIRE(take_text(m.get(), "1,2,3"));
  CHECK(captures_of(m.get()) == Texts{{"list", "3"}, {"list", "2,3"}, {"list", "1,2,3"}});
  m = matcher("root ::= \"a\" [0-9]+ \"b\"", {"root"});
  REQUIRE(take_text(m.get(), "a12b"));
  CHECK(captures_of(m.get()) == Texts{{"root", "a12b"}});
}

TEST_CASE("captures: equal bodies under several names, tokens and texts, clones and rollback") {
  const std::string text = "root ::= (x \"1\" | y \"2\")*\nx ::= \"ab\"*\ny ::= \"ab\"*";
  std::unique_ptr<Matcher> m = matcher(text, {"x", "y"});
  REQUIRE(take(m.get(), 256));  // ab
  std::unique_ptr<Matcher> other = m->clone();
  REQUIRE(take(m.get(), '1'));
  CHECK(captures_of(m.get()) == Texts{{"x", "ab"}, {"y", "ab"}});
  REQUIRE(take_text(other.get(), "2ab1"));
  CHECK(captures_of(other.get()) == Texts{{"x", "ab"}, {"y", "ab"}, {"x", "ab"}, {"y", "ab"}});
  REQUIRE(m->rollback(1) == Status::kOk);
  CHECK(captures_of(m.get()) == Texts{{"x", "ab"}, {"y", "ab"}});
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words());
  MaskKind kind;
  REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  bool allowed;
  REQUIRE(m->is_token_allowed('1', &allowed) == Status::kOk);
  CHECK(captures_of(m.get()) == Texts{{"x", "ab"}, {"y", "ab"}});
  m->reset();
  CHECK(captures_of(m.get()).empty());
  REQUIRE(take_text(m.get(), "1"));
  CHECK(captures_of(m.get()) == Texts{{"x", ""}});
}

TEST_CASE("captures: markers are hidden, from captures around them too, and reported by name") {
  for (bool hide : {false, true}) {
    Grammar g = ebnf("root ::= out\nout ::= \"[\" in \"]\"\nin ::= \"\"");
    ExprPool& p = g.pool;
    set_attributes(&g, "out", [](RuleAttributes* a) { a->capture = "out"; });
    set_attributes(&g, "in", [&](RuleAttributes* a) {
      const CharRange all[] = {{0, 0x10FFFF}};
      a->capture = "in", a->stop_capture = "end", a->hide_marker = hide;
      a->content = p.star(p.char_class(CharSet::of(all)));
      a->marker = p.alt(p.literal("</t>"), p.literal("t>"));
    });
    RuleId in = rule_named(g, "in");
    g.define(in,
             p.shortest(p.seq(g.rules[in].attributes->content, g.rules[in].attributes->marker)));
    std::unique_ptr<Matcher> m = start_matcher(std::move(g), tokenizer());
    REQUIRE(take_text(m.get(), "[a</b</"));
    CHECK(captures_of(m.get()).empty());
    REQUIRE(take_text(m.get(), "t>]"));
    CHECK(captures_of(m.get()) ==
          Texts{{"in", "a</b"}, {"end", "</t>"}, {"out", hide ? "[a</b]" : "[a</b</t>]"}});
  }
}

TEST_CASE("captures: left recursion with attributes is refused by name") {
  Grammar g = ebnf("root ::= list\nlist ::= list \",\" \"a\" | \"a\"");
  set_attributes(&g, "list", [](RuleAttributes* a) { a->capture = "list"; });
  Compiler::Compiled c = try_compile(std::move(g), tokenizer());
  REQUIRE_FALSE(c.ok());
  CHECK(c.error().message.find("\"list\"") != std::string::npos);
}

TEST_CASE("captures: splits of content and marker, against trying every one") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= c m\nc ::= [ab]* \"a\" | \"b\"\nm ::= \"a\" [ab] | \"bab\""));
  State* c = a->state_of(a->grammar().rules[rule_named(a->grammar(), "c")].body);
  State* m = a->state_of(a->grammar().rules[rule_named(a->grammar(), "m")].body);
  auto reads = [](State* s, std::string_view text) {
    ByteWalk walk(s);
    return walk.read(text) && walk.complete();
  };
  for (const std::string& text : all_strings("ab", 8)) {
    std::optional<size_t> expected;
    for (size_t i = text.size() + 1; i-- > 0;) {
      if (reads(c, text.substr(0, i)) && reads(m, text.substr(i))) expected = i;
    }
    INFO(text);
    REQUIRE(split_marker(c, m, text) == expected);
  }
}

TEST_CASE("captures: of rules that EBNF text gives attributes") {
  auto found = [](const std::string& text, std::string_view output) {
    std::unique_ptr<Matcher> m = start_matcher(ebnf(text), tokenizer());
    REQUIRE(take_text(m.get(), output));
    return captures_of(m.get());
  };
  CHECK(found("root ::= r rest\nr[lazy, capture] ::= [a-z]+\nrest ::= [a-z]*", "abc") ==
        Texts{{"r", "a"}});
  CHECK(found("root ::= r rest\nr[capture=\"x\"] ::= [a-z]+\nrest ::= [a-z]*", "abc") ==
        Texts{{"x", "abc"}});
  CHECK(found("root ::= TagDispatch((\"<t>\", arg))\narg[capture] ::= [0-9]+ \";\"",
              "a<t>42;b<t>7;c") == Texts{{"arg", "42;"}, {"arg", "7;"}});
}

TEST_CASE("captures: text inside, and after, a budget of tokens") {
  const std::string text = "root ::= r \"<t>\"\nr[max_tokens=2, capture] ::= [^]*";
  std::unique_ptr<Matcher> m = start_matcher(ebnf(text), tokenizer());
  REQUIRE(take(m.get(), 256));
  REQUIRE(take(m.get(), 'x'));
  CHECK(captures_of(m.get()) == Texts{{"r", "abx"}});
  for (char c : std::string("<t>")) REQUIRE(take(m.get(), c));
  CHECK(captures_of(m.get()) == Texts{{"r", "abx"}});
  CHECK(m->is_accepting());
}

TEST_CASE("captures: around and behind whole tokens") {
  const std::string text =
      "root ::= TokenTagDispatch((257, arg), excludes=(97,))\narg[capture] ::= Token(258) [0-9]+ "
      "\";\"";
  std::unique_ptr<Matcher> m = start_matcher(ebnf(text), tokenizer());
  REQUIRE(take(m.get(), 'b'));
  CHECK_FALSE(take(m.get(), 'a'));
  REQUIRE(take(m.get(), 257));
  REQUIRE(take(m.get(), 258));
  REQUIRE(take(m.get(), 258));  // "12" as text
  REQUIRE(take_text(m.get(), ";"));
  CHECK(captures_of(m.get()) == Texts{{"arg", "1212;"}});
  REQUIRE(take(m.get(), 'b'));
  CHECK(captures_of(m.get(), true) == Texts{{"arg", "1212;"}});
}
