// Drafts and their keywords.
//
// Entry points: find_keyword, defines, draft_of_schema_uri. One table says for each keyword what it
// holds and in which drafts it means something. Older spellings that later drafts still describe
// (definitions, dependencies, the array form of items) stay keywords there.
//
//   find_keyword("if")->first == Draft::k7; draft 6 takes "if" for an annotation
//
// Tests: tests/unit/frontend/json_schema/schema_source_test.cc, tests/cases/json_schema/draft.case.
#include "frontend/json_schema/dialect.h"

#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace xgr::core {
namespace {

using D = Draft;
using H = Holds;

constexpr DialectKeyword kKeywords[] = {
    {"$ref", H::kNoSchema, D::k4, D::k2020, kCoreVocabulary},
    {"$recursiveRef", H::kNoSchema, D::k2019, D::k2019, kCoreVocabulary},
    {"$recursiveAnchor", H::kNoSchema, D::k2019, D::k2019, kCoreVocabulary},
    {"$dynamicRef", H::kNoSchema, D::k2020, D::k2020, kCoreVocabulary},
    {"$dynamicAnchor", H::kNoSchema, D::k2020, D::k2020, kCoreVocabulary},
    {"$anchor", H::kNoSchema, D::k2019, D::k2020, kCoreVocabulary},
    {"$defs", H::kTable, D::k6, D::k2020, kCoreVocabulary},
    {"definitions", H::kTable, D::k4, D::k2020, kCoreVocabulary},
    {"allOf", H::kList, D::k4, D::k2020, kApplicators},
    {"anyOf", H::kList, D::k4, D::k2020, kApplicators},
    {"oneOf", H::kList, D::k4, D::k2020, kApplicators},
    {"not", H::kSchema, D::k4, D::k2020, kApplicators},
    {"if", H::kSchema, D::k7, D::k2020, kApplicators},
    {"then", H::kSchema, D::k7, D::k2020, kApplicators},
    {"else", H::kSchema, D::k7, D::k2020, kApplicators},
    {"dependencies", H::kTable, D::k4, D::k2020, kApplicators},
    {"dependentSchemas", H::kTable, D::k2019, D::k2020, kApplicators},
    {"properties", H::kTable, D::k4, D::k2020, kApplicators},
    {"patternProperties", H::kTable, D::k4, D::k2020, kApplicators},
    {"additionalProperties", H::kSchema, D::k4, D::k2020, kApplicators},
    {"propertyNames", H::kSchema, D::k6, D::k2020, kApplicators},
    {"items", H::kListOrSchema, D::k4, D::k2020, kApplicators},
    {"prefixItems", H::kList, D::k2020, D::k2020, kApplicators},
    {"additionalItems", H::kSchema, D::k4, D::k2020, kApplicators},
    {"contains", H::kSchema, D::k6, D::k2020, kApplicators},
    {"unevaluatedItems", H::kSchema, D::k2019, D::k2020, kUnevaluated},
    {"unevaluatedProperties", H::kSchema, D::k2019, D::k2020, kUnevaluated},
    {"contentSchema", H::kSchema, D::k2019, D::k2020, kCoreVocabulary},
    {"type", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"enum", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"const", H::kNoSchema, D::k6, D::k2020, kValidation},
    {"multipleOf", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"maximum", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"exclusiveMaximum", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"minimum", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"exclusiveMinimum", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"maxLength", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"minLength", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"pattern", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"maxItems", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"minItems", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"uniqueItems", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"maxContains", H::kNoSchema, D::k2019, D::k2020, kValidation},
    {"minContains", H::kNoSchema, D::k2019, D::k2020, kValidation},
    {"maxProperties", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"minProperties", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"required", H::kNoSchema, D::k4, D::k2020, kValidation},
    {"dependentRequired", H::kNoSchema, D::k2019, D::k2020, kValidation},
    {"format", H::kNoSchema, D::k4, D::k2020, kFormats},
    {"contentEncoding", H::kNoSchema, D::k7, D::k7, kContentAssertions},
    {"contentMediaType", H::kNoSchema, D::k7, D::k7, kContentAssertions},
};

// Asked for every member of every schema: slots by a hash of the length and three characters.
constexpr size_t kDialectSlotCount = 256;
constexpr size_t dialect_slot(std::string_view name) {
  auto at = [name](size_t i) { return static_cast<unsigned char>(name[i]); };
  return (name.size() * 17 + at(0) * 5 + at(name.size() / 2) * 3 + at(name.size() - 1)) %
         kDialectSlotCount;
}

constexpr std::array<uint8_t, kDialectSlotCount> dialect_slots() {
  std::array<uint8_t, kDialectSlotCount> slots{};  // index in kKeywords + 1; 0: none
  for (size_t i = 0; i < std::size(kKeywords); ++i) {
    size_t at = dialect_slot(kKeywords[i].name);
    while (slots[at] != 0) at = (at + 1) % kDialectSlotCount;
    slots[at] = static_cast<uint8_t>(i + 1);
  }
  return slots;
}

constexpr std::array<uint8_t, kDialectSlotCount> kDialectSlots = dialect_slots();

// Before 2020-12, unevaluated* belonged to the vocabulary of applicators.
uint8_t vocabulary_of(const Dialect& d, const DialectKeyword& k) {
  return k.vocabulary == kUnevaluated && d.draft == D::k2019 ? kApplicators : k.vocabulary;
}

}  // namespace

const DialectKeyword* find_keyword(std::string_view name) {
  if (name.empty()) return nullptr;
  for (size_t at = dialect_slot(name); kDialectSlots[at] != 0; at = (at + 1) % kDialectSlotCount) {
    const DialectKeyword& k = kKeywords[kDialectSlots[at] - 1];
    if (k.name == name) return &k;
  }
  return nullptr;
}

bool defines(const Dialect& d, const DialectKeyword& k) {
  if (!d.stated) return k.vocabulary != kContentAssertions;
  return k.first <= d.draft && d.draft <= k.last &&
         (vocabulary_of(d, k) & (d.vocabularies | kContentAssertions)) != 0;
}

std::vector<std::string_view> foreign_keywords(const Dialect& d) {
  std::vector<std::string_view> out;
  for (const DialectKeyword& k : kKeywords) {
    if (!defines(d, k)) out.push_back(k.name);
  }
  return out;
}

std::vector<std::string_view> keywords_of(const Dialect& d) {
  std::vector<std::string_view> out;
  for (const DialectKeyword& k : kKeywords) {
    if (defines(d, k)) out.push_back(k.name);
  }
  return out;
}

std::optional<Draft> draft_of_schema_uri(std::string_view uri) {
  static constexpr std::pair<std::string_view, Draft> kDrafts[] = {{"draft-04", D::k4},
                                                                   {"draft-06", D::k6},
                                                                   {"draft-07", D::k7},
                                                                   {"2019-09", D::k2019},
                                                                   {"2020-12", D::k2020}};
  if (uri.find("json-schema.org/") == uri.npos) return std::nullopt;
  for (auto [name, draft] : kDrafts) {
    if (uri.find(name) != uri.npos) return draft;
  }
  return std::nullopt;
}

std::optional<uint8_t> vocabulary_bit(std::string_view uri) {
  static constexpr std::pair<std::string_view, uint8_t> kNames[] = {{"core", kCoreVocabulary},
                                                                    {"applicator", kApplicators},
                                                                    {"unevaluated", kUnevaluated},
                                                                    {"validation", kValidation},
                                                                    {"format", kFormats},
                                                                    {"format-annotation", kFormats},
                                                                    {"format-assertion", kFormats},
                                                                    {"content", 0},
                                                                    {"meta-data", 0}};
  for (std::string_view draft : {"2019-09", "2020-12"}) {
    std::string prefix = "https://json-schema.org/draft/" + std::string(draft) + "/vocab/";
    if (!uri.starts_with(prefix)) continue;
    for (auto [name, bit] : kNames) {
      if (uri.substr(prefix.size()) == name) return bit;
    }
  }
  return std::nullopt;
}

}  // namespace xgr::core
