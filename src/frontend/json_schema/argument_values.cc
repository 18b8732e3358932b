// Listed values as arguments.
//
// Entry point: argument_values. Strings become one set per mark, scalars likewise; a container that
// the style writes in its own way is put together from its parts, the innermost first.
//
//   enum ["a", 1]  ->  string="true">a</p> | string="false"> 1 </p>
//
// Tests: tests/unit/frontend/json_schema/argument_styles_test.cc.
#include "frontend/json_schema/argument_values.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "frontend/json_schema/object_generator.h"
#include "frontend/json_schema/value_text.h"

namespace xgr::core {
namespace {

class ArgumentValues {
 public:
  ArgumentValues(Notation& notation, const JsonDocument& doc, bool plain_integers)
      : notation_(notation),
        doc_(doc),
        p_(notation.json().pool()),
        plain_integers_(plain_integers) {}

  Expr all(std::span<const JsonId> values, Spot at) {
    std::vector<JsonId> numbers, json;
    std::vector<std::string_view> strings;
    std::vector<Expr> branches;
    for (JsonId v : values) {
      p_.charge(doc_.end(v) - v);
      if (notation_.json_inside(at.site) && !writes_json(v, at.site)) continue;
      if (at.site == Site::kJson) {
        json.push_back(v);
      } else if (at.site == Site::kArgument && doc_.is(v, JsonType::kString)) {
        strings.push_back(doc_.text(v));
      } else if (at.site == Site::kArgument && doc_.is(v, JsonType::kNumber)) {
        numbers.push_back(v);
      } else {
        branches.push_back(single(v, at));
      }
    }
    if (!json.empty()) branches.push_back(in_json(json, at));
    if (!numbers.empty())
      branches.push_back(notation_.written(at.site, kNumberBits, in_json(numbers, at)));
    if (!strings.empty()) branches.push_back(notation_.listed_strings(at.site, strings));
    return p_.alt(branches);
  }

 private:
  bool container(JsonId v) const {
    return doc_.is(v, JsonType::kArray) || doc_.is(v, JsonType::kObject);
  }

  Expr in_json(std::span<const JsonId> values, Spot at) {
    return values_text(notation_.json(), doc_, values, at.level, plain_integers_);
  }

  // Whether no string or name inside is one that JSON may not contain here.
  bool writes_json(JsonId value, Site site) const {
    if (!notation_.json().spelling().avoids()) return true;
    for (JsonId v = value; v < doc_.end(value); ++v) {
      if (v == value && site != Site::kJson && !container(v)) continue;
      if (doc_.is(v, JsonType::kString) && !notation_.key(nullptr, doc_.text(v))) return false;
      const bool named = v != value && doc_.is(doc_.parent(v), JsonType::kObject);
      if (named && !notation_.key(nullptr, doc_.key(v))) return false;
    }
    return true;
  }

  // A value that is no string or number, or stands inside of another.
  Expr single(JsonId value, Spot at) {
    if (at.site == Site::kRoot && !doc_.is(value, JsonType::kObject)) return p_.empty();
    if (container(value) && !notation_.json_inside(at.site)) return nested(value, at);
    return scalar(value, at);
  }

  Expr scalar(JsonId v, Spot at) {
    switch (doc_.type(v)) {
      case JsonType::kNull:
        return notation_.written(at.site, kNullBit, notation_.word(at.site, kNullBit));
      case JsonType::kTrue:
        return notation_.written(at.site, kTrueBit, notation_.word(at.site, kTrueBit));
      case JsonType::kFalse:
        return notation_.written(at.site, kFalseBit, notation_.word(at.site, kFalseBit));
      case JsonType::kString: {
        const std::string_view text = doc_.text(v);
        return notation_.listed_strings(at.site, {&text, 1});
      }
      default:
        return notation_.written(at.site, type_of(doc_, v), in_json({&v, 1}, at));
    }
  }

  // A container in the style. What stands inside comes after it in the document, so all of it is known when it is needed.
  Expr nested(JsonId value, Spot at) {
    std::unordered_map<JsonId, Expr> made;
    const bool direct = notation_.json_inside(Site::kArgument);
    for (JsonId v = doc_.end(value); v-- > value;) {
      if (direct && v != value && doc_.parent(v) != value) continue;
      const Spot here = v == value ? at : Spot{0, Site::kArgument};
      Expr text;
      if (doc_.is(v, JsonType::kObject) && !notation_.json_inside(here.site)) {
        text = notation_.written(here.site, kObjectBit, object(v, here, made));
      } else if (doc_.is(v, JsonType::kArray) && !notation_.json_inside(here.site)) {
        text = notation_.written(here.site, kArrayBit, array(v, here, made));
      } else {
        text = writes_json(v, here.site) ? scalar(v, here) : p_.empty();
      }
      made.emplace(v, text);
    }
    return made.at(value);
  }

  Expr array(JsonId v, Spot at, const std::unordered_map<JsonId, Expr>& made) {
    const Layout l = notation_.array_layout(at);
    std::vector<Expr> parts{l.open_array, l.after_open};
    for (JsonId c : doc_.children(v)) {
      parts.push_back(parts.size() == 2 ? l.first : l.separator);
      parts.insert(parts.end(), {notation_.item(at.site, made.at(c)), l.lead});
    }
    parts.push_back(doc_.count(v) == 0 ? l.empty_array : l.close_array);
    return p_.seq(parts);
  }

  Expr object(JsonId v, Spot at, const std::unordered_map<JsonId, Expr>& made) {
    std::vector<Expr> ways;
    for (const ObjectNotation* form : notation_.object_forms(at.site)) {
      ObjectSpec spec;
      spec.layout = notation_.object_layout(at, form);
      spec.key_open = notation_.key_open(form);
      spec.any_order = notation_.json().any_order();
      bool written = true;
      for (JsonId c : doc_.children(v)) {
        std::optional<std::string> key = notation_.key(form, doc_.key(c));
        written = written && key && key->size() <= kMaxKeyBytes;
        if (!written) break;
        const Expr value = p_.seq(made.at(c), notation_.member_end(form, doc_.key(c)));
        spec.members.push_back({*std::move(key), true, value});
      }
      if (written) ways.push_back(add_object(p_, std::move(spec)));
    }
    return p_.alt(ways);
  }

  Notation& notation_;
  const JsonDocument& doc_;
  ExprPool& p_;
  bool plain_integers_;
};

}  // namespace

Expr argument_values(Notation& notation, const JsonDocument& doc, std::span<const JsonId> values,
                     Spot at, bool plain_integers) {
  return ArgumentValues(notation, doc, plain_integers).all(values, at);
}

}  // namespace xgr::core
