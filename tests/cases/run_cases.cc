// Runs the cases of tests/cases through the C API.
//
//   run_cases PATH...     files, or folders of them; README.md describes the format
//
// The vocabulary is the 256 single bytes and a stop token, so every text is one token a byte. Each
// text is walked that way, and at every byte the mask, is_token_allowed and accept_token have to
// agree. Prints what went wrong as file:line, and last "N passed, N failed".
#include <xgr/xgr.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "case_file.h"

namespace {

using cases::Case;
using cases::Expectation;

constexpr int32_t kStop = 256;
constexpr size_t kTokens = 257;

constexpr std::array<const char*, 10> kStatusNames = {
    "OK",          "INVALID_ARGUMENT", "OUT_OF_MEMORY", "INVALID_SOURCE",
    "UNSUPPORTED", "LIMIT_EXCEEDED",   "INVALID_STATE", "INVALID_DATA",
    "INTERNAL",    "CANCELLED"};

struct Destroy {
  void operator()(xgr_tokenizer_t* p) const { xgr_tokenizer_destroy(p); }
  void operator()(xgr_compiler_t* p) const { xgr_compiler_destroy(p); }
  void operator()(xgr_grammar_t* p) const { xgr_grammar_destroy(p); }
  void operator()(xgr_matcher_t* p) const { xgr_matcher_destroy(p); }
  void operator()(xgr_error_t* p) const { xgr_error_destroy(p); }
  void operator()(xgr_grammar_source_t* p) const { xgr_grammar_source_destroy(p); }
};
template <typename T>
using Handle = std::unique_ptr<T, Destroy>;

// The words after "kind: json_schema": compact, indent=N, max_whitespace=N, max_digits=N, strict,
// draft=N, formats=refuse_unknown, formats=ignore, unknown_keywords=refuse, escapes=minimal.
void read_options(const std::string& words, xgr_json_format_t* format,
                  xgr_json_schema_options_t* schema) {
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    const size_t equals = std::min(word.find('='), word.size());
    const int32_t number = std::atoi(word.c_str() + std::min(equals + 1, word.size()));
    if (word == "strict") schema->strict = 1;
    if (word == "any_order") schema->any_order = 1;
    if (word == "unique_names") schema->unique_names = 1;
    if (word == "formats=refuse_unknown") schema->formats = XGR_FORMATS_REFUSE_UNKNOWN;
    if (word == "unknown_keywords=refuse") schema->unknown_keywords = XGR_UNKNOWN_KEYWORDS_REFUSE;
    if (word == "formats=ignore") schema->formats = XGR_FORMATS_IGNORE;
    if (word == "escapes=minimal") format->escapes = XGR_JSON_ESCAPES_MINIMAL;
    if (word.starts_with("draft=")) schema->draft = number;
    if (word == "compact") format->layout = XGR_JSON_LAYOUT_LINE;
    if (word.starts_with("max_whitespace=")) format->max_whitespace = number;
    if (word.starts_with("max_digits=")) format->max_digits = number;
    if (word.starts_with("indent=")) {
      format->layout = XGR_JSON_LAYOUT_INDENT;
      format->indent = number;
    }
  }
}

class Runner {
 public:
  Runner() {
    std::array<uint8_t, 256> bytes;
    std::iota(bytes.begin(), bytes.end(), uint8_t{0});
    std::array<uint32_t, kTokens> sizes;
    sizes.fill(1);
    sizes[kStop] = 0;
    xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
    options.stop_tokens = &kStop;
    options.stop_token_count = 1;
    xgr_tokenizer_t* tokenizer = nullptr;
    xgr_tokenizer_create(bytes.data(), bytes.size(), sizes.data(), kTokens, &options, &tokenizer,
                         nullptr);
    tokenizer_.reset(tokenizer);
    xgr_compiler_t* compiler = nullptr;
    xgr_compiler_create(tokenizer, nullptr, &compiler, nullptr);
    compiler_.reset(compiler);
  }

  // What is wrong, or "".
  std::string check(const Case& c, const Expectation& e) {
    xgr_grammar_t* made = nullptr;
    xgr_error_t* why = nullptr;
    const xgr_status_t status = compile(c, &made, &why);
    Handle<xgr_grammar_t> grammar(made);
    Handle<xgr_error_t> error(why);
    if (e.verb == "error") return check_error(e, status, error.get());
    if (status != XGR_OK) return "is refused: " + describe(status, error.get());
    if (e.verb != "accept" && e.verb != "reject") return "unknown verb " + e.verb;
    xgr_matcher_t* matcher = nullptr;
    xgr_matcher_create(grammar.get(), nullptr, &matcher, nullptr);
    return check_text(Handle<xgr_matcher_t>(matcher).get(), e);
  }

 private:
  xgr_status_t compile(const Case& c, xgr_grammar_t** grammar, xgr_error_t** error) {
    const char* text = c.source.data();
    const size_t size = c.source.size();
    xgr_compiler_t* compiler = compiler_.get();
    if (c.kind == "ebnf")
      return xgr_compiler_compile_ebnf(compiler, text, size, nullptr, nullptr, grammar, error);
    if (c.kind == "regex")
      return xgr_compiler_compile_regex(compiler, text, size, nullptr, nullptr, grammar, error);
    if (c.kind == "lark") return compile_lark(c, grammar, error);
    if (c.kind == "structural_tag")
      return xgr_compiler_compile_structural_tag(compiler, text, size, nullptr, nullptr, grammar,
                                                 error);
    if (c.kind == "tokenizer_json") {
      xgr_tokenizer_t* made = nullptr;
      const xgr_status_t status = xgr_tokenizer_create_from_json(text, size, nullptr, &made, error);
      xgr_tokenizer_destroy(made);
      return status;
    }
    xgr_json_format_t format = XGR_JSON_FORMAT_INIT;
    xgr_json_schema_options_t schema = XGR_JSON_SCHEMA_OPTIONS_INIT;
    read_options(c.options, &format, &schema);
    std::vector<xgr_remote_schema_t> remotes;
    for (const auto& [uri, remote] : c.remotes)
      remotes.push_back(
          {sizeof(xgr_remote_schema_t), uri.data(), uri.size(), remote.data(), remote.size()});
    schema.remotes = remotes.data();
    schema.remote_count = remotes.size();
    if (c.kind == "json")
      return xgr_compiler_compile_json(compiler, &format, nullptr, grammar, error);
    return xgr_compiler_compile_json_schema(compiler, text, size, &format, &schema, nullptr,
                                            grammar, error);
  }

  xgr_status_t compile_lark(const Case& c, xgr_grammar_t** grammar, xgr_error_t** error) {
    std::vector<xgr_named_grammar_t> named;
    for (const auto& [name, text] : c.remotes)
      named.push_back({sizeof(xgr_named_grammar_t), name.data(), name.size(), text.data(),
                       text.size(), nullptr});
    xgr_lark_options_t options = XGR_LARK_OPTIONS_INIT;
    options.named = named.data();
    options.named_count = named.size();
    xgr_grammar_source_t* made = nullptr;
    const xgr_status_t status =
        xgr_grammar_source_from_lark(c.source.data(), c.source.size(), &options, &made, error);
    const Handle<xgr_grammar_source_t> source(made);
    if (status != XGR_OK) return status;
    return xgr_compiler_compile_source(compiler_.get(), source.get(), nullptr, grammar, error);
  }

  static std::string pointer_of(const xgr_error_t* error) {
    const char* pointer = xgr_error_json_pointer(error, nullptr);
    return pointer == nullptr ? "" : std::string(" (") + pointer + ")";
  }

  static std::string describe(xgr_status_t status, const xgr_error_t* error) {
    return std::string(kStatusNames[static_cast<size_t>(status)]) + " at " +
           std::to_string(xgr_error_byte_offset(error)) + ", " + xgr_error_message(error, nullptr) +
           pointer_of(error);
  }

  static std::string check_error(const Expectation& e, xgr_status_t status,
                                 const xgr_error_t* error) {
    const char* pointer = xgr_error_json_pointer(error, nullptr);
    const bool as_expected = e.text == kStatusNames[static_cast<size_t>(status)] &&
                             (e.at < 0 || e.at == xgr_error_byte_offset(error)) &&
                             (!e.has_pointer || (pointer != nullptr && e.pointer == pointer)) &&
                             std::strstr(xgr_error_message(error, nullptr), e.says.c_str());
    return as_expected ? "" : "compiles to " + describe(status, error);
  }

  static std::string check_text(xgr_matcher_t* matcher, const Expectation& e) {
    const bool stops_inside = e.verb == "reject" && e.at >= 0;
    const size_t taken = stops_inside ? static_cast<size_t>(e.at) : e.text.size();
    for (size_t i = 0; i <= taken; ++i) {
      const bool at_end = i == e.text.size();
      const int32_t token = at_end ? kStop : static_cast<uint8_t>(e.text[i]);
      const bool wanted = i < taken || e.verb == "accept";
      const int answer = accept(matcher, token);
      const std::string where = at_end ? "the end" : "byte " + std::to_string(i);
      if (answer < 0) return "mask, is_token_allowed and accept_token disagree at " + where;
      if (answer != wanted) return where + (wanted ? " is refused" : " is accepted");
    }
    return "";
  }

  // 1 if the token was accepted, 0 if it was refused, -1 if three ways to ask give two answers.
  static int accept(xgr_matcher_t* matcher, int32_t token) {
    std::array<uint32_t, (kTokens + 31) / 32> mask{};
    int32_t allowed = -1, accepted = -1;
    xgr_matcher_fill_bitmask(matcher, mask.data(), mask.size(), nullptr);
    xgr_matcher_is_token_allowed(matcher, token, &allowed);
    xgr_matcher_accept_token(matcher, token, &accepted);
    const int32_t bit = mask[static_cast<size_t>(token) / 32] >> (token % 32) & 1;
    return bit == allowed && allowed == accepted ? accepted : -1;
  }

  Handle<xgr_tokenizer_t> tokenizer_;
  Handle<xgr_compiler_t> compiler_;
};

}  // namespace

int main(int argc, char** argv) {
  Runner runner;
  int passed = 0, failed = 0;
  for (const std::filesystem::path& path : cases::case_files({argv + 1, argv + argc})) {
    for (const Case& c : cases::read_cases(path)) {
      for (const Expectation& e : c.expectations) {
        const std::string problem = runner.check(c, e);
        ++(problem.empty() ? passed : failed);
        if (problem.empty()) continue;
        std::printf("%s:%d: %s %s: %s\n", path.string().c_str(), e.line, e.verb.c_str(),
                    e.text.c_str(), problem.c_str());
      }
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed > 0 || passed == 0 ? 1 : 0;
}
