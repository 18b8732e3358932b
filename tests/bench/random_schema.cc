// Schemas as one meets them: nested objects of named members, lists, enums, formats, a choice or a
// recursive definition now and then. Each comes with a text that it accepts.
//
// Entry point: random_schema. The number is the seed; names differ from schema to schema.
//
//   random_schema(7).source  {"type":"object","properties":{"user_7":{"type":"string"}, ...
//
// Tests: counts.cc compiles a thousand of them.
#include <array>

#include "cases.h"
#include "vocabulary.h"

namespace xgr::core::bench {
namespace {

struct Part {
  std::string schema, text;
};

constexpr std::array<std::string_view, 24> kNames = {
    "name", "id",    "type",   "value", "user",    "items",   "created", "status",
    "tags", "email", "amount", "notes", "address", "country", "options", "parent",
    "size", "price", "title",  "body",  "labels",  "rules",   "source",  "target"};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed), tag_(std::to_string(seed)) {}

  Part object(int depth) {
    const bool closed = random_.one_in(3);
    std::string properties, required, text;
    const uint32_t count = 2 + random_.below(depth == 0 ? 9 : 5);
    const uint32_t first = random_.below(kNames.size());
    for (uint32_t i = 0; i < count; ++i) {
      std::string name = "\"" + std::string(kNames[(first + i) % kNames.size()]);
      name += (random_.one_in(2) ? "_" + tag_ : "") + "\"";
      Part p = value(depth + 1);
      properties += (i ? "," : "") + name + ":" + p.schema;
      const bool is_required = random_.one_in(2);
      if (is_required) required += (required.empty() ? "" : ",") + name;
      if (is_required || random_.one_in(2)) {
        text += (text.empty() ? "" : ", ") + name + ": " + p.text;
      }
    }
    return {"{\"type\":\"object\",\"properties\":{" + properties + "},\"required\":[" + required +
                "]" + (closed ? ",\"additionalProperties\":false}" : "}"),
            "{" + text + "}"};
  }

 private:
  Part value(int depth) {
    switch (random_.below(depth < 3 ? 12 : 8)) {
      case 0:
        return {R"({"type":"integer","minimum":0,"maximum":)" + limit() + "}", "7"};
      case 1:
        return {R"({"type":"number"})", "-12.5e3"};
      case 2:
        return {R"({"type":"boolean"})", "false"};
      case 3:
        return {R"({"type":"string","maxLength":)" + limit() + "}", "\"some \\\"text\\\"\""};
      case 4:
        return {R"({"enum":["red_)" + tag_ + R"(","green","blue",null]})", "\"green\""};
      case 5:
        return {R"({"type":"string","pattern":"^[A-Z]{2}-[0-9]{1,)" + limit() + R"(}$"})",
                "\"AB-1234\""};
      case 6:
        return {R"({"type":"string","format":"date-time"})", "\"2024-05-06T07:08:09Z\""};
      case 7:
        return {R"({"type":["string","null"]})", "null"};
      case 8:
        return list(depth);
      case 9:
        return choice(depth);
      default:
        return object(depth);
    }
  }
  std::string limit() { return std::to_string(12 + random_.below(200)); }
  Part list(int depth) {
    Part p = value(depth + 1);
    return {"{\"type\":\"array\",\"items\":" + p.schema + ",\"maxItems\":" + limit() + "}",
            "[" + p.text + ", " + p.text + "]"};
  }
  Part choice(int depth) {
    Part p = object(depth + 1);
    return {"{\"anyOf\":[{\"type\":\"integer\"}," + p.schema + "]}", p.text};
  }

  Random random_;
  std::string tag_;
};

}  // namespace

Case random_schema(uint64_t seed) {
  Part p = Maker(seed).object(0);
  return {Language::kJsonSchema, std::move(p.schema), {std::move(p.text)}, {}, {}};
}

}  // namespace xgr::core::bench
