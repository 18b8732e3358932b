// Stepping all parses of a text by one byte: parser/stepper.cc. Whole languages are compared with
// the naive matcher, which knows nothing of derivatives, calls or left recursion.
#include "../core_helpers.h"

using namespace xgr;
using namespace xgr::test;

TEST_CASE("stepper: right recursion and nesting") {
  check_ebnf("root ::= \"a\" root | \"b\"", "ab", 8, 1);
  check_ebnf("root ::= \"a\" root \"b\" | \"\"", "ab", 10, 5);
  check_ebnf("root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"\" | [ab]", "ab", 8, 4);
  check_ebnf("root ::= x y\nx ::= \"a\" x \"b\" | \"c\"\ny ::= \"b\" y | \"c\"", "abc", 7, 5);
  check_ebnf("root ::= \"a\" b\nb ::= \"b\" a2 \"b\" | \"c\"\na2 ::= \"a\" b \"a\" | \"c\"", "abc",
             8, 4);
}

TEST_CASE("stepper: direct left recursion") {
  check_ebnf("root ::= root \"a\" | \"b\"", "ab", 7, 1);
  check_ebnf("root ::= root \"+\" root | \"1\"", "+1", 9, 1);
  check_ebnf("root ::= root \"+\" t | t\nt ::= t \"*\" f | f\nf ::= \"(\" root \")\" | \"1\"",
             "+*()1", 6, 4);
  check_ebnf("root ::= root root | \"a\" | \"bb\"", "ab", 8, 1);
  check_ebnf("root ::= root \"a\" | \"\"", "ab", 6, 0);
  check_ebnf("root ::= \"(\" e \")\"\ne ::= e \",\" \"1\" | e \";\" | \"1\"", "(),;1", 6, 3);
}

TEST_CASE("stepper: indirect left recursion") {
  check_ebnf("root ::= x \"a\" | \"c\"\nx ::= root \"b\" | \"d\"", "abcd", 7, 1);
  check_ebnf("root ::= x\nx ::= y \"a\" | \"c\"\ny ::= z \"b\" | \"a\"\nz ::= x \"c\" | y \"b\"",
             "abc", 7, 4);
  check_ebnf("root ::= \"[\" x \"]\"\nx ::= y \"a\" | \"b\"\ny ::= x \"b\" | x y \"a\" | \"a\"",
             "[]ab", 7, 6);
  check_ebnf("root ::= x \"!\" | y \"?\"\nx ::= y \"a\" | \"1\"\ny ::= x \"b\" | \"2\"", "12ab!?",
             5, 1);
}

TEST_CASE("stepper: hidden left recursion and nullable cycles") {
  check_ebnf("root ::= o root \"b\" | \"a\"\no ::= \"c\" | \"\"", "abc", 8, 5);
  check_ebnf("root ::= o p root \"b\" | \"a\"\no ::= \"c\"?\np ::= o o | \"b\"", "abc", 7, 4);
  check_ebnf("root ::= root | \"a\"", "ab", 4, 0);
  check_ebnf("root ::= x | \"a\"\nx ::= y\ny ::= root | \"b\" | \"\"", "ab", 4, 0);
  check_ebnf("root ::= x root y | \"a\"\nx ::= y | \"\"\ny ::= x | \"b\"", "ab", 7, 1);
  check_ebnf("root ::= root root root | \"a\" | \"\"", "ab", 6, 0);
  check_ebnf("root ::= (root | \"b\")* \"a\"", "ab", 7, 1);
  check_ebnf("root ::= (root? \"b\")* x\nx ::= root \"c\" | \"a\" x | \"\"", "abc", 6, 2);
  check_ebnf("root ::= \"(\" x \")\" | x\nx ::= x x | \"(\" x \")\" | \"\"", "()", 9, 5);
  check_ebnf("root ::= x \"c\"\nx ::= x y | \"\"\ny ::= x \"a\" | \"b\" x", "abc", 6, 2);
}

TEST_CASE("stepper: cycles through shared parts of bodies are cut") {
  check_ebnf("root ::= c | d\nc ::= (c | d) \"x\"\nd ::= (c | d) \"x\" | \"q\"", "xq", 6, 1);
  check_ebnf("root ::= c | d\nd ::= (c | d) \"x\"\nc ::= (c | d) \"x\" | \"q\"", "xq", 6, 1);
  check_ebnf("root ::= c | d\nc ::= \"x\" (c | d) \"z\"\nd ::= \"y\" \"x\" (c | d) \"z\" | \"q\"",
             "xyzq", 7, 5);
  check_ebnf(
      "root ::= (c | d) \"z\"\nd ::= \"x\" (c | d) \"z\"\nc ::= \"y\" \"x\" (c | d) \"z\" | \"q\"",
      "xyzq", 7, 5);
}
