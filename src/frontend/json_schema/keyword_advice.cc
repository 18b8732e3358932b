// Advice on names that are no keywords.
//
// Entry points: is_annotation, advice_on, advice_on_schema_uri. Names of other systems are listed
// with what to write instead. Otherwise the nearest keyword that the draft of the schema has is
// suggested: the same letters in another case or with other separators, or a few letters apart,
// where a letter too many, too few, wrong, or two in the wrong order count one each.
//
//   "min_length", "minLenght"  ->  did you mean "minLength"?
//   "nullable"                 ->  it is OpenAPI's; write "type": [..., "null"]
//
// Tests: tests/unit/frontend/json_schema/keyword_advice_test.cc.
#include "frontend/json_schema/keyword_advice.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "frontend/source_text.h"
#include "support/ascii.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

// Sorted. contentSchema, contentEncoding and contentMediaType are in the table of keywords.
constexpr std::string_view kAnnotations[] = {"$comment", "$id",        "$schema",     "$vocabulary",
                                             "default",  "deprecated", "description", "examples",
                                             "readOnly", "title",      "writeOnly"};
static_assert(std::is_sorted(std::begin(kAnnotations), std::end(kAnnotations)));

struct ForeignName {
  std::string_view name, advice;
};

constexpr std::string_view kOnlyAnnotates = "it annotates only, for editors and generators";
// Names that other systems define; sorted.
constexpr ForeignName kForeignNames[] = {
    {"$async", kOnlyAnnotates},
    {"$data", "it is Ajv's; a schema cannot compare values of one document"},
    {"$merge", "it is Ajv's; write allOf"},
    {"$patch", "it is Ajv's; write the schema in full"},
    {"allRequired", "it is Ajv's; list the names in \"required\""},
    {"anyRequired", "it is Ajv's; write anyOf with one \"required\" each"},
    {"bsonType", "it is MongoDB's; write \"type\""},
    {"choices", "write \"enum\": [...]"},
    {"deepProperties", "it is Ajv's; write nested \"properties\""},
    {"deepRequired", "it is Ajv's; write nested \"required\""},
    {"defaultSnippets", kOnlyAnnotates},
    {"deprecationMessage", kOnlyAnnotates},
    {"disallow", "it is draft 3's; write \"not\": {\"type\": ...}"},
    {"discriminator",
     "it is OpenAPI's; write the property as a \"const\" in each branch of \"oneOf\", and require "
     "it"},
    {"divisibleBy", "it is draft 3's; write \"multipleOf\""},
    {"elements", "it is that of JSON Type Definition; write \"items\""},
    {"enumDescriptions", kOnlyAnnotates},
    {"enumNames", kOnlyAnnotates},
    {"errorMessage", kOnlyAnnotates},
    {"example", "it is OpenAPI's and annotates only; JSON Schema has \"examples\": [...]"},
    {"exclusiveRange", "it is Ajv's; write \"exclusiveMinimum\" and \"exclusiveMaximum\""},
    {"extends", "it is draft 3's; write \"allOf\": [{\"$ref\": ...}]"},
    {"externalDocs", "it is OpenAPI's and annotates only"},
    {"fields", "write \"properties\""},
    {"formatExclusiveMaximum", "it is Ajv's; no draft compares strings by order"},
    {"formatExclusiveMinimum", "it is Ajv's; no draft compares strings by order"},
    {"formatMaximum", "it is Ajv's; no draft compares strings by order"},
    {"formatMinimum", "it is Ajv's; no draft compares strings by order"},
    {"id", "it is draft 4's; write \"$id\" if it is the URI of the schema"},
    {"instanceof", "it is Ajv's; write \"type\""},
    {"key", "write \"propertyNames\""},
    {"length", "write \"minLength\" and \"maxLength\""},
    {"links", "it is that of JSON Hyper-Schema and annotates only"},
    {"mapping", "it belongs to a discriminator; write \"oneOf\" with a \"const\" in each branch"},
    {"markdownDescription", kOnlyAnnotates},
    {"max", "write \"maximum\", \"maxLength\" or \"maxItems\""},
    {"maxDecimal", "it is draft 2's; write \"multipleOf\": 0.01 for two digits"},
    {"maxLen", "write \"maxLength\""},
    {"maximumCanEqual", "it is draft 2's; write \"exclusiveMaximum\""},
    {"min", "write \"minimum\", \"minLength\" or \"minItems\""},
    {"minLen", "write \"minLength\""},
    {"minimumCanEqual", "it is draft 2's; write \"exclusiveMinimum\""},
    {"multiple", "write \"multipleOf\""},
    {"nullable",
     "it is OpenAPI 3.0's; write \"type\": [..., \"null\"], or \"anyOf\": [..., {\"type\": "
     "\"null\"}]"},
    {"oneRequired", "it is Ajv's; write oneOf with one \"required\" each"},
    {"optional", "it is draft 2's; a property is optional unless its name is in \"required\""},
    {"optionalProperties",
     "it is that of JSON Type Definition; write \"properties\", and leave the names out of "
     "\"required\""},
    {"options", "write \"enum\": [...]"},
    {"patternRequired",
     "it is Ajv's; write \"not\": {\"propertyNames\": {\"not\": {\"pattern\": ...}}}"},
    {"prohibited", "it is Ajv's; write \"not\": {\"required\": [...]}, or the property as false"},
    {"propertyOrder", "properties come in the order in which the schema declares them"},
    {"propertyOrdering", "properties come in the order in which the schema declares them"},
    {"range", "it is Ajv's; write \"minimum\" and \"maximum\""},
    {"regex", "write \"pattern\""},
    {"regexp", "it is Ajv's; write \"pattern\""},
    {"requires", "it is draft 2's; write \"dependentRequired\""},
    {"select", "it is Ajv's; write \"oneOf\" with a \"const\" in each branch"},
    {"size", "write \"minItems\" and \"maxItems\", or those of lengths"},
    {"strict", "it is an option of the caller, no keyword; write \"additionalProperties\": false"},
    {"switch", "it is Ajv's; write \"if\", \"then\" and \"else\""},
    {"transform", "it is Ajv's; values are never changed"},
    {"typeof", "it is Ajv's; write \"type\""},
    {"unique", "write \"uniqueItems\""},
    {"uniqueItemProperties", "it is Ajv's; \"uniqueItems\" compares whole items"},
    {"values", "write \"enum\": [...], or \"additionalProperties\" for the values of any name"},
    {"xml", "it is OpenAPI's and annotates only"},
};

// Formats that other systems define; sorted.
constexpr ForeignName kForeignFormats[] = {
    {"binary", "write \"type\": \"string\" alone"},
    {"byte", "write \"contentEncoding\": \"base64\", which draft 7 asserts"},
    {"decimal", "write \"pattern\", or \"multipleOf\" of a number"},
    {"double", "every JSON number is taken for one"},
    {"float", "write \"minimum\" and \"maximum\""},
    {"int32", "write \"minimum\": -2147483648, \"maximum\": 2147483647"},
    {"int64", "write \"minimum\": -9223372036854775808, \"maximum\": 9223372036854775807"},
    {"ip", "write \"anyOf\": [{\"format\": \"ipv4\"}, {\"format\": \"ipv6\"}]"},
    {"ip-address", "it is draft 3's; write \"ipv4\""},
    {"password", "write \"type\": \"string\" alone"},
    {"phone", "write \"pattern\""},
    {"uint32", "write \"minimum\": 0, \"maximum\": 4294967295"},
    {"uint64", "write \"minimum\": 0, \"maximum\": 18446744073709551615"},
    {"url", "write \"uri\""},
};

constexpr std::string_view kFormatNames[] = {"date",          "date-time",
                                             "duration",      "email",
                                             "hostname",      "idn-email",
                                             "idn-hostname",  "ipv4",
                                             "ipv6",          "iri",
                                             "iri-reference", "json-pointer",
                                             "regex",         "relative-json-pointer",
                                             "time",          "uri",
                                             "uri-reference", "uri-template",
                                             "uuid"};

constexpr bool in_order(const ForeignName& a, const ForeignName& b) { return a.name < b.name; }
static_assert(std::is_sorted(std::begin(kForeignNames), std::end(kForeignNames), in_order));
static_assert(std::is_sorted(std::begin(kForeignFormats), std::end(kForeignFormats), in_order));

constexpr size_t kMaxNameBytes = 32;  // longer ones are no misspelt keyword

// Without separators and case: max_length and MaxLength are maxLength.
std::string folded(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == '_' || c == '-' || c == ' ') continue;
    out += is_letter(c) ? static_cast<char>(c | 0x20) : c;
  }
  return out;
}

// Letters to change, add, drop, or exchange with the next one, to turn one name into the other.
size_t letters_apart(std::string_view a, std::string_view b) {
  std::array<std::array<uint8_t, kMaxNameBytes + 1>, kMaxNameBytes + 1> d{};
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<uint8_t>(i);
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<uint8_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      int best = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = std::min(best, d[i - 2][j - 2] + 1);
      d[i][j] = static_cast<uint8_t>(best);
    }
  }
  return d[a.size()][b.size()];
}

// One letter of a short name may be wrong, more of a long one, so that other words stay what they are.
size_t most_apart(size_t size) { return size < 4 ? 0 : size < 7 ? 1 : size < 12 ? 2 : 3; }

size_t common_beginning(std::string_view a, std::string_view b) {
  const auto shorter = std::min(a.size(), b.size());
  size_t n = 0;
  while (n < shorter && a[n] == b[n]) ++n;
  return n;
}

// Of several that are as near, the one that begins alike.
std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
  const std::string own = folded(name);
  if (own.empty() || own.size() > kMaxNameBytes) return "";
  std::string_view best;
  const size_t most = most_apart(own.size());
  size_t distance = most + 1, beginning = 0;
  for (std::string_view candidate : known) {
    const std::string other = folded(candidate);
    const size_t longer = std::max(own.size(), other.size());
    if (other.size() > kMaxNameBytes || 2 * longer - own.size() - other.size() > most) continue;
    const size_t apart = letters_apart(own, other);
    if (apart > most || (apart > 0 && other.size() < 4)) continue;
    const size_t common = common_beginning(own, other);
    if (apart > distance || (apart == distance && common <= beginning)) continue;
    distance = apart;
    beginning = common;
    best = candidate;
  }
  return best;
}

const ForeignName* find_foreign(std::span<const ForeignName> table, std::string_view name) {
  auto below = [](const ForeignName& f, std::string_view wanted) { return f.name < wanted; };
  auto it = std::lower_bound(table.begin(), table.end(), name, below);
  return it != table.end() && it->name == name ? &*it : nullptr;
}

std::string did_you_mean(std::string_view name) {
  return name.empty() ? "" : "; did you mean " + json_quote(name) + "?";
}

}  // namespace

bool is_annotation(std::string_view name) {
  return std::binary_search(std::begin(kAnnotations), std::end(kAnnotations), name);
}

std::string advice_on(std::string_view name, const Dialect& dialect) {
  const std::string none = "it is no keyword of JSON Schema";
  if (name.starts_with("x-")) return "it is an extension";
  if (const ForeignName* foreign = find_foreign(kForeignNames, name)) {
    const bool whole = foreign->advice.starts_with("it ");
    return (whole ? "" : none + "; ") + std::string(foreign->advice);
  }
  std::vector<std::string_view> known = keywords_of(dialect);
  known.insert(known.end(), std::begin(kAnnotations), std::end(kAnnotations));
  return none + did_you_mean(nearest(name, known));
}

std::string advice_on_format(std::string_view format) {
  if (const ForeignName* foreign = find_foreign(kForeignFormats, format))
    return "; " + std::string(foreign->advice);
  return did_you_mean(nearest(format, kFormatNames));
}

std::string advice_on_schema_uri(std::string_view uri) {
  constexpr std::string_view kLatest = "https://json-schema.org/draft/2020-12/schema";
  // What misspelt identifiers still have.
  static constexpr std::pair<std::string_view, std::string_view> kDrafts[] = {
      {"2020", kLatest},
      {"2019", "https://json-schema.org/draft/2019-09/schema"},
      {"draft07", "http://json-schema.org/draft-07/schema#"},
      {"draft7", "http://json-schema.org/draft-07/schema#"},
      {"draft06", "http://json-schema.org/draft-06/schema#"},
      {"draft6", "http://json-schema.org/draft-06/schema#"},
      {"draft04", "http://json-schema.org/draft-04/schema#"},
      {"draft4", "http://json-schema.org/draft-04/schema#"}};
  const std::string out = json_quote(show_text(uri)) +
                          " names no draft from 4 to 2020-12 and no schema that was supplied; ";
  const std::string written = folded(uri);
  for (auto [part, known] : kDrafts) {
    if (written.find(part) == written.npos) continue;
    return out + "did you mean " + json_quote(known) + "?";
  }
  return out + "write " + json_quote(kLatest) + ", or supply the meta-schema with the options";
}

}  // namespace xgr::core
