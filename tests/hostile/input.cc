// Inputs by name: reads a line of rows.txt up to its colon.
//
// Entry points: make_input, combinations.
//
//   "nested keyword=not,allOf depth=9"  ->  "nested keyword=not depth=9", "nested keyword=allOf depth=9"
#include "input.h"

#include <charconv>
#include <sstream>

namespace hostile {

std::string Parameters::text(const std::string& name, std::string_view otherwise) {
  used_.insert(name);
  auto it = values_.find(name);
  return it == values_.end() ? std::string(otherwise) : it->second;
}

size_t Parameters::number(const std::string& name, size_t otherwise) {
  used_.insert(name);
  auto it = values_.find(name);
  if (it == values_.end()) return otherwise;
  size_t value = 0;
  const std::string& text = it->second;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) bad_ = name;
  return value;
}

std::string Parameters::misfit() const {
  if (!bad_.empty()) return bad_ + " is not a number";
  for (const auto& [name, value] : values_) {
    if (!used_.contains(name)) return "there is no parameter " + name;
  }
  return {};
}

bool make_input(std::string_view line, Input* out, std::string* error) {
  std::istringstream words{std::string(line)};
  std::string name, word;
  words >> name;
  Parameters parameters;
  while (words >> word) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) {
      *error = "expected name=value: " + word;
      return false;
    }
    std::string value = word.substr(equals + 1);
    if (word.starts_with("source=")) {  // all that is left
      std::string rest;
      std::getline(words, rest);
      value += rest;
    }
    parameters.set(word.substr(0, equals), value);
  }
  for (const auto* all : {&schema_generators(), &grammar_generators()}) {
    auto it = all->find(name);
    if (it == all->end()) continue;
    *out = it->second(&parameters);
    out->vocabulary = parameters.text("vocabulary", out->vocabulary);
    out->steps = static_cast<uint32_t>(parameters.number("steps", out->steps));
    *error = parameters.misfit();
    return error->empty();
  }
  *error = "there is no generator " + name;
  return false;
}

std::vector<std::string> combinations(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::vector<std::string> out{""};
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    const std::string name = equals == std::string::npos ? "" : word.substr(0, equals + 1);
    std::istringstream values(word.substr(name.size()));
    std::vector<std::string> longer;
    if (name == "source=") {
      std::string rest;
      std::getline(words, rest);
      for (const std::string& before : out) longer.push_back(before + " " + word + rest);
      out.swap(longer);
      break;
    }
    for (std::string value; std::getline(values, value, ',');) {
      for (const std::string& before : out)
        longer.push_back(before + (before.empty() ? "" : " ") + name + value);
    }
    out.swap(longer);
  }
  return out;
}

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace hostile
