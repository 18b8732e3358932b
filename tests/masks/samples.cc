// Samples: cases of the tree, schemas of a file.
//
// Entry points: read_case_samples, read_schema_samples. Instances are written as `json.dumps` of
// Python does, on one line with a space after commas and colons.
//
//   {"id": "a", "sample": true, "schema": {"type": "null"}, "tests": [{"data": null}]}
//
// Tests: same_masks.cc.
#include "samples.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <utility>

#include "support/json_reader.h"

namespace xgr::core::masks {
namespace {

// Calls itself as deep as the value is nested; the limits of reading bound that.
void append_json(const JsonDocument& doc, JsonId id, std::string* out) {
  append_json_head(doc, id, out);
  const bool object = doc.is(id, JsonType::kObject);
  if (!object && !doc.is(id, JsonType::kArray)) return;
  bool first = true;
  for (JsonId child : doc.children(id)) {
    if (!first) *out += ", ";
    first = false;
    if (object) *out += json_quote(doc.key(child)) + ": ";
    append_json(doc, child, out);
  }
  *out += object ? '}' : ']';
}

Sample read_line(const JsonDocument& doc) {
  Sample s;
  s.name = doc.text(doc.find(doc.root(), "id"));
  s.kind = "json_schema";
  append_json(doc, doc.find(doc.root(), "schema"), &s.source);
  for (JsonId test : doc.children(doc.find(doc.root(), "tests"))) {
    append_json(doc, doc.find(test, "data"), &s.texts.emplace_back());
  }
  return s;
}

// The words after "kind: json_schema"; see tests/cases/README.md.
JsonSchemaOptions read_options(const std::string& words) {
  JsonSchemaOptions out;
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    const size_t equals = std::min(word.find('='), word.size() - 1);
    const int32_t number = std::atoi(word.c_str() + equals + 1);
    if (word == "strict") out.strict = true;
    if (word.starts_with("draft=")) out.draft = number;
    if (word == "compact" || word.starts_with("indent=")) out.format.any_whitespace = false;
    if (word.starts_with("indent=")) out.format.indent = number;
    if (word.starts_with("max_whitespace=")) out.format.max_whitespace = number;
  }
  return out;
}

}  // namespace

std::vector<Sample> read_case_samples(const std::vector<std::string>& paths) {
  std::vector<Sample> out;
  for (const std::filesystem::path& path : cases::case_files(paths)) {
    for (const cases::Case& c : cases::read_cases(path)) {
      if (!c.remotes.empty()) continue;
      Sample s{path.filename().string() + ":" + std::to_string(c.line),
               c.kind,
               read_options(c.options),
               c.source,
               {}};
      for (const cases::Expectation& e : c.expectations) {
        if (e.verb != "error") s.texts.push_back(e.text);
      }
      if (!s.texts.empty()) out.push_back(std::move(s));
    }
  }
  return out;
}

std::vector<Sample> read_schema_samples(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  std::vector<Sample> out;
  for (std::string line; std::getline(in, line);) {
    if (line.find("\"sample\": true") == std::string::npos) continue;
    Result<JsonDocument> doc = JsonDocument::parse(line, Limits());
    if (doc.ok()) {
      out.push_back(read_line(doc.value()));
    } else {
      std::fprintf(stderr, "left out: %.60s: %s\n", line.c_str(), doc.error().message.c_str());
    }
  }
  std::mt19937 random(1);
  for (size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random() % i]);
  return out;
}

}  // namespace xgr::core::masks
