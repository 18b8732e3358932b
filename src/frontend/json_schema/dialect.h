// What a schema is written in: its draft, and which keywords that gives a meaning.
//
//   Dialect d{Draft::k7, true};
//   defines(d, *find_keyword("prefixItems"))   // false: draft 7 does not know it
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace xgr::core {

enum class Draft : uint8_t { k4, k6, k7, k2019, k2020 };

enum VocabularyBit : uint8_t {
  kCoreVocabulary = 1,
  kApplicators = 2,
  kUnevaluated = 4,
  kValidation = 8,
  kFormats = 16,
  kAllVocabularies = 31,
  kContentAssertions = 32,  // where the draft has them, and is stated
};

struct Dialect {
  Draft draft = Draft::k2020;
  bool stated = false;  // by $schema or an option; otherwise the keywords of all drafts count
  uint8_t vocabularies = kAllVocabularies;
  // Up to draft 7 the siblings of $ref mean nothing.
  bool ref_stands_alone() const { return draft <= Draft::k7; }
  std::string_view id_key() const { return draft == Draft::k4 ? "id" : "$id"; }
};

// What the value of a keyword holds.
enum class Holds : uint8_t { kNoSchema, kSchema, kList, kListOrSchema, kTable };

struct DialectKeyword {
  std::string_view name;
  Holds holds;
  Draft first, last;
  VocabularyBit vocabulary;
};

const DialectKeyword* find_keyword(std::string_view name);  // nullptr: an annotation
bool defines(const Dialect& dialect, const DialectKeyword& keyword);
// Keywords that the dialect gives no meaning, and the others.
std::vector<std::string_view> foreign_keywords(const Dialect& dialect);
std::vector<std::string_view> keywords_of(const Dialect& dialect);

// The draft of a standard meta-schema; none for other identifiers.
std::optional<Draft> draft_of_schema_uri(std::string_view uri);
// The bit of a standard vocabulary (0 for one of annotations); none for other identifiers.
std::optional<uint8_t> vocabulary_bit(std::string_view uri);

}  // namespace xgr::core
