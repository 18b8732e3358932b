// Tests of the wrapper for C++: what the examples and cases do not touch. Every check counts; the last
// line is "N passed, M failed".
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <future>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>
#include <xgr/xgr.hpp>

namespace {

std::size_t allocations = 0;
int passed = 0;
int failed = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

#define CHECK(condition) check(condition, __LINE__, #condition)

void check(bool holds, int line, const char* what) {
  ++(holds ? passed : failed);
  if (!holds) std::cout << line << ": " << what << '\n';
}

template <class Function>
xgr::Error error_of(Function&& function) {
  try {
    function();
  } catch (const xgr::Error& error) {
    return error;
  }
  return xgr::Error(xgr::Status::Ok, "nothing was thrown");
}

xgr::Tokenizer make_tokenizer() {
  std::string bytes;
  for (int i = 0; i < 96; ++i) bytes.push_back(static_cast<char>(0x20 + i));
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < 96; ++i) texts.push_back(std::string_view(bytes).substr(i, 1));
  texts.emplace_back("<end>");
  std::vector<std::uint8_t> kinds(97);
  kinds[96] = static_cast<std::uint8_t>(xgr::TokenKind::Stop);
  xgr::TokenizerOptions options;
  options.token_kinds = kinds;
  options.vocab_size = 100;
  options.add_prefix_space = true;
  return xgr::Tokenizer(texts, options);
}

void test_types() {
  CHECK(!std::is_copy_constructible_v<xgr::Matcher>);
  CHECK(std::is_nothrow_move_constructible_v<xgr::Matcher>);
  CHECK(std::is_nothrow_move_assignable_v<xgr::Grammar>);
  CHECK(xgr::version() == XGR_VERSION);
  CHECK(!xgr::status_message(xgr::Status::Unsupported).empty());
}

void test_tokenizer() {
  const xgr::Tokenizer tokenizer = make_tokenizer();
  CHECK(tokenizer.vocab_size() == 100);
  CHECK(tokenizer.token_count() == 97);
  CHECK(tokenizer.mask_words() == xgr::bitmask_words(100));
  CHECK(tokenizer.token_bytes('A' - 0x20) == "A");
  CHECK(tokenizer.token_bytes(1000).data() == nullptr);
  CHECK(tokenizer.token_name(96) == "<end>");
  CHECK(tokenizer.token_kind(99) == xgr::TokenKind::Unused);
  CHECK(tokenizer.stop_tokens().size() == 1 && tokenizer.stop_tokens()[0] == 96);
  CHECK(tokenizer.add_prefix_space());
  CHECK(tokenizer.vocab_type() == xgr::VocabType::Raw);
  CHECK(tokenizer.model_type().empty() && tokenizer.detected_by().empty());
  CHECK(tokenizer.fingerprint().size() == 64);
  CHECK(tokenizer.encode("", {}) == 0);
  CHECK(tokenizer.decode({}, false, {}) == 0);
  CHECK(tokenizer.memory_size() > 0);
  const xgr::Error error = error_of([] { xgr::Tokenizer::from_json("{"); });
  CHECK(error.code() == xgr::Status::InvalidData);
  CHECK(tokenizer.findings().find("arrays") != std::string::npos);
  const xgr::Error no_file = error_of([] { xgr::Tokenizer::from_file({}); });
  CHECK(no_file.code() == xgr::Status::InvalidData);
  std::vector<std::uint8_t> saved(tokenizer.save({}));
  CHECK(tokenizer.save(saved) == saved.size());
  const std::string_view data(reinterpret_cast<const char*>(saved.data()), saved.size());
  CHECK(xgr::Tokenizer::from_saved(data).vocab_size() == tokenizer.vocab_size());
  const xgr::Error no_path = error_of([] { xgr::Tokenizer::open("no such file"); });
  CHECK(no_path.code() == xgr::Status::InvalidArgument);
}

void test_errors(xgr::Compiler& compiler) {
  const xgr::Error regex = error_of([&] { compiler.compile_regex("ab(c"); });
  CHECK(regex.code() == xgr::Status::InvalidSource);
  CHECK(regex.byte_offset() == 4 && !regex.json_pointer());
  CHECK(std::string_view(regex.what()).size() > 5);
  const xgr::Error ebnf = error_of([&] { compiler.compile_ebnf("root ::= \"a\"\nb ::= )"); });
  CHECK(ebnf.line() == 2 && ebnf.column() > 1);
  const xgr::Error schema =
      error_of([&] { compiler.compile_json_schema(R"({"properties": {"a": {"type": 7}}})"); });
  CHECK(schema.json_pointer().value_or("").find("/properties/a") == 0);
  xgr::EbnfOptions missing;
  missing.root_rule = "missing";
  const xgr::Error rule = error_of([&] { compiler.compile_ebnf("root ::= \"a\"", missing); });
  CHECK(rule.code() == xgr::Status::InvalidSource);
}

void test_sources(xgr::Compiler& compiler) {
  const auto words = xgr::GrammarSource::from_choices({"yes", "no"});
  const auto pair = words.repeat(2, 2);
  const auto both = xgr::GrammarSource::concat({&words, &pair});
  const auto part = xgr::GrammarSource::from_substring({"one ", "two ", "three"});
  const auto few = words.intersection(xgr::GrammarSource::from_regex("y.*"));
  both.check();
  CHECK(few.print(true).find("no") == std::string::npos);
  CHECK(xgr::Matcher(compiler.compile_source(both)).accept_bytes("yesnoyes"));
  CHECK(xgr::Matcher(compiler.compile_source(part)).accept_bytes("two three"));
  xgr::EbnfOptions options;
  options.root_rule = "other";
  const auto other = xgr::GrammarSource::from_ebnf("other ::= \"x\"", options);
  xgr::NamedGrammar named{"thing", std::nullopt, &other};
  xgr::LarkOptions lark;
  lark.named = {&named, 1};
  const auto nested = xgr::GrammarSource::from_lark("start: \"<\" @thing \">\"", lark);
  CHECK(xgr::Matcher(compiler.compile_source(nested)).accept_bytes("<x>"));
  xgr::RegexOptions regex;
  regex.flags = xgr::RegexFlags::Caseless | xgr::RegexFlags::Extended;
  const auto caseless = compiler.compile_source(xgr::GrammarSource::from_regex("a b", regex));
  CHECK(xgr::Matcher(caseless).accept_bytes("Ab"));
  CHECK(caseless.tokenizer().vocab_size() == 100);
  CHECK(caseless.print_ebnf().find("root") == 0);
}

void test_schema() {
  const auto report = xgr::json_schema_check(R"({"type": "string", "minLength": 2, "title": "t"})");
  CHECK(report.size() == 2);
  CHECK(report.entry(1).keyword == "minLength" && report.entry(1).pointer == "/minLength");
  CHECK(report.entry(0).outcome == xgr::KeywordOutcome::Enforced);
  CHECK(error_of([&] { report.entry(9); }).code() == xgr::Status::InvalidArgument);
}

void test_diagnostics(xgr::Compiler& compiler) {
  const std::string_view schema = R"({"type": "string", "maxLenght": 2})";
  const xgr::Diagnostics found = compiler.compile_json_schema(schema).diagnostics();
  CHECK(found.size() == 1);
  CHECK(found.get(0).code == xgr::DiagnosticCode::IgnoredKeyword);
  CHECK(found.get(0).subject == "maxLenght" && found.get(0).pointer == "/maxLenght");
  CHECK(error_of([&] { found.get(1); }).code() == xgr::Status::InvalidArgument);
  xgr::JsonSchemaOptions options;
  options.unknown_keywords = xgr::UnknownKeywords::Refuse;
  const auto error = error_of([&] { compiler.compile_json_schema(schema, {}, options); });
  CHECK(error.code() == xgr::Status::InvalidSource);
}

void test_matcher(xgr::Compiler& compiler) {
  const xgr::Grammar grammar = compiler.compile_regex("(a|b){1,3}");
  xgr::MatcherOptions options;
  options.terminate_without_stop_token = true;
  options.has_default_temperature = true;
  options.default_temperature = 0.5F;
  xgr::Matcher matcher(grammar, options);
  std::array<std::uint32_t, 4> mask{};
  CHECK(matcher.mask_words() == mask.size());
  CHECK(matcher.fill_bitmask(mask) == xgr::MaskKind::Some);
  const auto [lent, kind] = matcher.lend_bitmask();
  CHECK(kind == xgr::MaskKind::Some && lent.size() == 4 && lent[2] == mask[2]);
  CHECK(matcher.temperature() == 0.5F);
  CHECK(!matcher.accept_token(0) && matcher.accept_token('a' - 0x20));
  CHECK(matcher.is_accepting() && matcher.is_terminated());
  xgr::Matcher clone = matcher.clone();
  CHECK(clone.accept_bytes("bb") && clone.history_size() == 2 && matcher.history_size() == 1);
  clone.rollback(2);
  CHECK(clone.history_size() == 0);
  const xgr::Error undo = error_of([&] { clone.rollback(1000); });
  CHECK(undo.code() == xgr::Status::InvalidArgument);
  CHECK(std::string_view(undo.what()).find("cannot undo 1000 steps: there are ") == 0);
  std::array<std::uint32_t, 1> small{};
  const std::string few = error_of([&] { clone.fill_bitmask(small); }).what();
  CHECK(few == "the mask has 1 words; expected at least " + std::to_string(clone.mask_words()));
  matcher.reset();
  CHECK(matcher.history_size() == 0 && matcher.memory_size() > 0 && matcher.stats().fills > 0);
  xgr::MatcherOptions stops;
  const std::vector<std::int32_t> ids = {3, 4};
  stops.stop_tokens = ids;
  CHECK(xgr::Matcher(grammar, stops).stop_tokens().size() == 2);
  CHECK(!xgr::Matcher(grammar).stop_tokens().empty());
  xgr::bitmask_reset(mask);
  CHECK(mask[0] == 0xFFFFFFFF);
}

void test_stop_tokens() {
  const std::vector<std::string_view> texts = {"a", "<|im_end|>", "</s>"};
  const xgr::Tokenizer named(texts);
  CHECK(named.stop_tokens().size() == 1 && named.stop_tokens()[0] == 1);
  xgr::TokenizerOptions options;
  options.no_stop_detection = true;
  xgr::Compiler compiler(xgr::Tokenizer(texts, options));
  const xgr::Grammar grammar = compiler.compile_regex("a{3,9}");
  const xgr::Error none = error_of([&] { const xgr::Matcher matcher(grammar); });
  CHECK(none.code() == xgr::Status::InvalidArgument);
  CHECK(std::string_view(none.what()).find("terminate_without_stop_token") != std::string::npos);
  xgr::MatcherOptions ending;
  ending.terminate_without_stop_token = true;
  ending.check_token_ids = true;
  xgr::Matcher matcher(grammar, ending);
  const xgr::Error foreign = error_of([&] { matcher.accept_token(7); });
  CHECK(foreign.code() == xgr::Status::InvalidArgument);
  CHECK(std::string_view(foreign.what()) ==
        "token id 7 is outside the vocabulary; expected 0 or more, below 3");
  CHECK(matcher.vocab_size() == 3 && error_of([&] { matcher.is_token_allowed(-1); }).what()[0]);
  CHECK(matcher.accept_bytes("aaaaaaaaa"));
  std::array<std::uint32_t, 1> mask{};
  CHECK(matcher.fill_bitmask(mask) == xgr::MaskKind::Terminated && mask[0] == 7);
  CHECK(std::get<0>(matcher.lend_bitmask()).data() == nullptr);
}

/// Whether default options are those of C: nothing but the size of the struct.
template <class Options, class C>
bool is_default(const C& init) {
  xgr::detail::Storage storage;
  const C c = Options().to_c(storage);
  return std::memcmp(&c, &init, sizeof(C)) == 0;
}

void test_defaults() {
  const xgr_tokenizer_options_t tokenizer = XGR_TOKENIZER_OPTIONS_INIT;
  const xgr_tokenizer_json_options_t tokenizer_json = XGR_TOKENIZER_JSON_OPTIONS_INIT;
  const xgr_tokenizer_file_options_t tokenizer_file = XGR_TOKENIZER_FILE_OPTIONS_INIT;
  const xgr_tokenizer_saved_options_t tokenizer_saved = XGR_TOKENIZER_SAVED_OPTIONS_INIT;
  const xgr_compiler_options_t compiler = XGR_COMPILER_OPTIONS_INIT;
  const xgr_json_format_t format = XGR_JSON_FORMAT_INIT;
  const xgr_json_schema_options_t schema = XGR_JSON_SCHEMA_OPTIONS_INIT;
  const xgr_ebnf_options_t ebnf = XGR_EBNF_OPTIONS_INIT;
  const xgr_regex_options_t regex = XGR_REGEX_OPTIONS_INIT;
  const xgr_lark_options_t lark = XGR_LARK_OPTIONS_INIT;
  const xgr_matcher_options_t matcher = XGR_MATCHER_OPTIONS_INIT;
  CHECK(is_default<xgr::TokenizerOptions>(tokenizer));
  CHECK(is_default<xgr::TokenizerJsonOptions>(tokenizer_json));
  CHECK(is_default<xgr::TokenizerFileOptions>(tokenizer_file));
  CHECK(is_default<xgr::TokenizerSavedOptions>(tokenizer_saved));
  CHECK(is_default<xgr::CompilerOptions>(compiler));
  CHECK(is_default<xgr::JsonFormat>(format));
  CHECK(is_default<xgr::JsonSchemaOptions>(schema));
  CHECK(is_default<xgr::EbnfOptions>(ebnf));
  CHECK(is_default<xgr::RegexOptions>(regex));
  CHECK(is_default<xgr::LarkOptions>(lark));
  CHECK(is_default<xgr::MatcherOptions>(matcher));
}

void test_captures(xgr::Compiler& compiler) {
  const auto source =
      xgr::GrammarSource::from_lark("start: \"<\" word \">\"\nword[capture]: /[a-z]+/");
  xgr::Matcher matcher(compiler.compile_source(source));
  matcher.accept_bytes("<abc>");
  const xgr::Captures captures = matcher.captures(false);
  CHECK(captures.size() == 1 && captures.get(0).name == "word" && captures.get(0).text == "abc");
}

// An object that was moved from refuses, or answers for nothing.
void test_moved_from(xgr::Compiler& compiler) {
  xgr::Matcher matcher(compiler.compile_regex("a"));
  xgr::Matcher moved = std::move(matcher);
  std::array<std::uint32_t, 4> mask{};
  CHECK(error_of([&] { matcher.fill_bitmask(mask); }).code() == xgr::Status::InvalidArgument);
  CHECK(error_of([&] { matcher.clone(); }).code() == xgr::Status::InvalidArgument);
  CHECK(!matcher.is_terminated() && matcher.history_size() == 0 && matcher.get() == nullptr);
  CHECK(error_of([&] { moved.fill_bitmask({mask.data(), 1}); }).code() ==
        xgr::Status::InvalidArgument);
}

void test_lifetime_and_threads() {
  auto compiler = std::make_unique<xgr::Compiler>(make_tokenizer());
  std::vector<std::future<xgr::Grammar>> compiling;
  for (int i = 0; i < 4; ++i) {
    compiling.push_back(std::async(std::launch::async, [&compiler, i] {
      return compiler->compile_regex("[a-z]{" + std::to_string(i + 1) + "}");
    }));
  }
  std::vector<xgr::Matcher> matchers;
  for (auto& future : compiling) matchers.emplace_back(future.get());
  compiler.reset();
  CHECK(matchers[3].accept_bytes("abcd") && !matchers[0].accept_bytes("ab"));
  std::thread([moved = std::move(matchers)]() mutable { moved.clear(); }).join();
}

// Fills and accepts allocate as much as those of C do, which is what the library itself needs if it is linked
// statically, and otherwise not seen here.
void test_allocations(xgr::Compiler& compiler) {
  const xgr::Grammar grammar = compiler.compile_regex("[a-z]+");
  std::array<std::uint32_t, 4> mask{};
  const auto count = [&](auto&& step) {
    xgr::Matcher matcher(grammar);
    const std::size_t before = allocations;
    for (int i = 0; i < 100; ++i) step(matcher);
    return allocations - before;
  };
  const auto step_in_cpp = [&](xgr::Matcher& matcher) {
    matcher.fill_bitmask(mask);
    matcher.accept_token('a' - 0x20);
  };
  const auto step_in_c = [&](xgr::Matcher& matcher) {
    std::int32_t accepted = 0;
    xgr_matcher_fill_bitmask(matcher.get(), mask.data(), mask.size(), nullptr);
    xgr_matcher_accept_token(matcher.get(), 'a' - 0x20, &accepted);
  };
  count(step_in_cpp);  // the first visits are remembered
  CHECK(count(step_in_cpp) == count(step_in_c));
}

// Objects that a call can do without.
void test_nullable(xgr::Compiler& compiler) {
  const std::string tag = xgr::family_structural_tag("hermes", "{}", make_tokenizer());
  CHECK(xgr::family_structural_tag("hermes", "{}") == tag);
  CHECK(xgr::family_structural_tag("hermes", "{}", nullptr) == tag);
  xgr::ReplyReader reader("hermes");
  reader.feed("x</think>");
  CHECK(!reader.next_event().text.empty());
  xgr::Cancel stopped;
  stopped.request();
  xgr::Matcher matcher(compiler.compile_regex("a*"));
  matcher.set_cancel(stopped);
  matcher.set_cancel(nullptr);
  CHECK(matcher.accept_token('a' - 0x20));
}

void run() {
  xgr::CompilerOptions options;
  options.memory_budget = 1 << 26;
  xgr::Compiler compiler(make_tokenizer(), options);
  test_types();
  test_tokenizer();
  test_errors(compiler);
  test_sources(compiler);
  test_schema();
  test_diagnostics(compiler);
  test_matcher(compiler);
  test_stop_tokens();
  test_defaults();
  test_captures(compiler);
  test_moved_from(compiler);
  test_lifetime_and_threads();
  test_allocations(compiler);
  test_nullable(compiler);
  const xgr::Grammar grammar = compiler.compile_json();
  grammar.warm_up(xgr::WarmUp::Bounded, xgr::Cancel());
  CHECK(grammar.stats().parts_built > 0 && grammar.memory_size() > 0);
  CHECK(compiler.stats().memory_budget == 1 << 26 && compiler.memory_size() > 0);
}

}  // namespace

int main() {
  try {
    run();
  } catch (const std::exception& error) {
    std::cout << error.what() << '\n';
    ++failed;
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
