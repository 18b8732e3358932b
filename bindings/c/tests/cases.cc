// Runs the cases of tests/cases through the wrapper for C++, as run_cases.cc does through the C API:
//
//   cases PATH...     files, or folders of them
//
// The vocabulary is the 256 single bytes and a stop token; at every byte the mask, is_token_allowed
// and accept_token have to agree. The last line is "N passed, N failed".
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <xgr/xgr.hpp>

#include "case_file.h"

namespace {

using cases::Case;
using cases::Expectation;

constexpr std::int32_t kStop = 256;
constexpr std::array<std::string_view, 10> kStatusNames = {
    "OK",          "INVALID_ARGUMENT", "OUT_OF_MEMORY", "INVALID_SOURCE",
    "UNSUPPORTED", "LIMIT_EXCEEDED",   "INVALID_STATE", "INVALID_DATA",
    "INTERNAL",    "CANCELLED"};

xgr::Tokenizer make_tokenizer() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < 256; ++i) texts.push_back(std::string_view(bytes).substr(i, 1));
  texts.emplace_back();
  const std::vector<std::int32_t> stop = {kStop};
  xgr::TokenizerOptions options;
  options.stop_tokens = stop;
  return xgr::Tokenizer(texts, options);
}

// The words after "kind: json_schema".
void read_options(const std::string& words, xgr::JsonFormat& format,
                  xgr::JsonSchemaOptions& options) {
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    const std::size_t equals = word.find('=');
    const int number = equals == word.npos ? 0 : std::atoi(word.c_str() + equals + 1);
    const std::string name = word.substr(0, equals);
    if (name == "strict") options.strict = true;
    if (name == "any_order") options.any_order = true;
    if (name == "unique_names") options.unique_names = true;
    if (word == "formats=refuse_unknown") options.formats = xgr::Formats::RefuseUnknown;
    if (word == "unknown_keywords=refuse") options.unknown_keywords = xgr::UnknownKeywords::Refuse;
    if (word == "formats=ignore") options.formats = xgr::Formats::Ignore;
    if (word == "escapes=minimal") format.escapes = xgr::JsonEscapes::Minimal;
    if (name == "draft") options.draft = number;
    if (name == "compact") format.layout = xgr::JsonLayout::Line;
    if (name == "max_whitespace") format.max_whitespace = number;
    if (name == "max_digits") format.max_digits = number;
    if (name == "indent") {
      format.layout = xgr::JsonLayout::Indent;
      format.indent = number;
    }
  }
}

xgr::Grammar compile_lark(xgr::Compiler& compiler, const Case& c) {
  std::vector<xgr::NamedGrammar> named;
  for (const auto& [name, text] : c.remotes) named.push_back({name, text, nullptr});
  xgr::LarkOptions options;
  options.named = named;
  return compiler.compile_source(xgr::GrammarSource::from_lark(c.source, options));
}

xgr::Grammar compile(xgr::Compiler& compiler, const Case& c) {
  if (c.kind == "ebnf") return compiler.compile_ebnf(c.source);
  if (c.kind == "regex") return compiler.compile_regex(c.source);
  if (c.kind == "lark") return compile_lark(compiler, c);
  if (c.kind == "structural_tag") return compiler.compile_structural_tag(c.source);
  if (c.kind == "tokenizer_json") xgr::Tokenizer::from_json(c.source);
  xgr::JsonFormat format;
  xgr::JsonSchemaOptions options;
  read_options(c.options, format, options);
  std::vector<xgr::RemoteSchema> remotes;
  for (const auto& [uri, text] : c.remotes) remotes.push_back({uri, text});
  options.remotes = remotes;
  if (c.kind == "json") return compiler.compile_json(format);
  return compiler.compile_json_schema(c.source, format, options);
}

// Whether the token was accepted; the three ways to ask have to give one answer.
bool accept(xgr::Matcher& matcher, std::int32_t token) {
  std::array<std::uint32_t, 9> mask{};
  matcher.fill_bitmask(mask);
  const bool bit = (mask[static_cast<std::size_t>(token) / 32] >> token % 32 & 1) != 0;
  const bool allowed = matcher.is_token_allowed(token);
  const bool accepted = matcher.accept_token(token);
  if (bit != allowed || allowed != accepted) {
    throw std::runtime_error("mask, is_token_allowed and accept_token disagree");
  }
  return accepted;
}

// What is wrong, or "".
std::string check_text(xgr::Matcher matcher, const Expectation& e) {
  const bool stops_inside = e.verb == "reject" && e.at >= 0;
  const std::size_t taken = stops_inside ? static_cast<std::size_t>(e.at) : e.text.size();
  for (std::size_t i = 0; i <= taken; ++i) {
    const bool at_end = i == e.text.size();
    const std::int32_t token = at_end ? kStop : static_cast<std::uint8_t>(e.text[i]);
    const bool wanted = i < taken || e.verb == "accept";
    if (accept(matcher, token) != wanted) return "at byte " + std::to_string(i);
  }
  return "";
}

std::string check(xgr::Compiler& compiler, const Case& c, const Expectation& e) {
  try {
    const xgr::Grammar grammar = compile(compiler, c);
    if (e.verb == "error") return "compiles";
    return check_text(xgr::Matcher(grammar), e);
  } catch (const xgr::Error& error) {
    const bool as_expected =
        e.verb == "error" && e.text == kStatusNames[static_cast<std::size_t>(error.code())] &&
        (e.at < 0 || e.at == error.byte_offset()) &&
        (!e.has_pointer || error.json_pointer() == std::optional<std::string>(e.pointer)) &&
        std::string_view(error.what()).find(e.says) != std::string_view::npos;
    return as_expected ? "" : std::string("fails: ") + error.what();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

int main(int argc, char** argv) {
  xgr::Compiler compiler(make_tokenizer());
  int passed = 0, failed = 0;
  for (const std::filesystem::path& path : cases::case_files({argv + 1, argv + argc})) {
    for (const Case& c : cases::read_cases(path)) {
      for (const Expectation& e : c.expectations) {
        const std::string problem = check(compiler, c, e);
        ++(problem.empty() ? passed : failed);
        if (!problem.empty()) {
          std::cout << path.string() << ':' << e.line << ": " << e.verb << ' ' << e.text << ": "
                    << problem << '\n';
        }
      }
    }
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed > 0 || passed == 0 ? 1 : 0;
}
