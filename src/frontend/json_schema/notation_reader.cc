// Argument notations as JSON.
//
// Entry point: read_argument_notation. The members are those of ArgumentNotation, the ones of its root
// beside the others; "like" names a style whose members hold where none are given. Numbers of members
// are fixed, so nothing here grows with the text.
//
//   {"like": "minimax_xml", "before_key": "<x:arg name=\"", "after_value": "</x:arg>"}
//
// Tests: tests/unit/frontend/json_schema/notation_reader_test.cc.
#include "frontend/json_schema/notation_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "frontend/json_schema/argument_styles.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

constexpr std::pair<std::string_view, KeyForm> kKeyForms[] = {{"plain", KeyForm::kPlain},
                                                              {"attribute", KeyForm::kAttribute},
                                                              {"markup", KeyForm::kMarkup},
                                                              {"python", KeyForm::kPython}};
constexpr std::pair<std::string_view, StringForm> kStringForms[] = {
    {"until_end", StringForm::kUntilEnd},
    {"between", StringForm::kBetween},
    {"python", StringForm::kPython}};
constexpr std::pair<std::string_view, TypeSet> kTypeNames[] = {
    {"string", kStringBit},    {"number", kNumberBits}, {"integer", kIntegerBit},
    {"boolean", kBooleanBits}, {"null", kNullBit},      {"array", kArrayBit},
    {"object", kObjectBit},    {"any", kAllTypes}};

// Reads members one by one; the first that is wrong is the error.
class NotationReader {
 public:
  explicit NotationReader(const JsonDocument& doc) : doc_(doc) {}

  ArgumentNotation read() {
    ArgumentNotation n;
    if (doc_.is(0, JsonType::kString)) {
      n = style(0);
    } else if (expect(0, JsonType::kObject, "an object, or the name of a style")) {
      for (JsonId m : doc_.children(0)) {
        if (doc_.key(m) == "like") n = style(m);
      }
      for (JsonId m : doc_.children(0)) {
        if (doc_.key(m) != "like" && !argument_member(m, &n) && !object_member(m, &n.root))
          unknown(m);
      }
    }
    if (!error_) check(n);
    return n;
  }
  const MaybeError& error() const { return error_; }

 private:
  void fail(JsonId at, const std::string& message) {
    if (error_) return;
    error_ = make_error(Status::kInvalidArgument, "of the argument notation: " + message);
    error_->json_pointer = doc_.pointer(at);
    error_->has_json_pointer = true;
  }
  void unknown(JsonId m) {
    fail(m, "no member is named " + json_quote(doc_.key(m)) + "; see docs/json-schema.md");
  }
  bool expect(JsonId at, JsonType type, const char* what) {
    if (!doc_.is(at, type)) fail(at, std::string("expected ") + what);
    return doc_.is(at, type);
  }

  bool text(JsonId m, std::string* out) {
    if (expect(m, JsonType::kString, "a text")) *out = doc_.text(m);
    return true;
  }
  bool flag(JsonId m, bool* out) {
    if (!doc_.is_bool(m)) fail(m, "expected true or false");
    *out = doc_.is(m, JsonType::kTrue);
    return true;
  }
  bool texts(JsonId m, std::vector<std::string>* out) {
    out->clear();
    if (!expect(m, JsonType::kArray, "a list of texts")) return true;
    if (doc_.count(m) == 0) fail(m, "expected at least one text");
    for (JsonId c : doc_.children(m)) text(c, &out->emplace_back());
    return true;
  }
  template <typename T, size_t n>
  bool choice(JsonId m, const std::pair<std::string_view, T> (&table)[n], T* out) {
    std::string known;
    for (const auto& [name, value] : table) {
      if (doc_.is(m, JsonType::kString) && doc_.text(m) == name) return *out = value, true;
      known += (known.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    fail(m, "expected one of " + known);
    return true;
  }

  ArgumentNotation style(JsonId at) {
    std::string name;
    text(at, &name);
    Result<ArgumentStyle> found = argument_style(name);
    std::optional<ArgumentNotation> n;
    if (found.ok()) n = argument_notation(found.value());
    if (!n) fail(at, found.ok() ? "\"json\" is none" : found.error().message);
    return n.value_or(ArgumentNotation());
  }

  bool marks(JsonId m, std::vector<TypeMark>* out) {
    out->clear();
    if (!expect(m, JsonType::kArray, "a list of marks")) return true;
    for (JsonId c : doc_.children(m)) {
      const JsonId types = doc_.find(c, "types"), mark = doc_.find(c, "text");
      if (types == kNoJson || mark == kNoJson || !doc_.is(types, JsonType::kArray)) {
        fail(c, "expected {\"types\": [names of types], \"text\": T}");
        break;
      }
      TypeMark one{0, ""};
      for (JsonId t : doc_.children(types)) {
        TypeSet set = 0;
        choice(t, kTypeNames, &set);
        one.types |= set;
      }
      text(mark, &one.text);
      out->push_back(std::move(one));
    }
    return true;
  }

  bool object_member(JsonId m, ObjectNotation* out) {
    const std::string_view key = doc_.key(m);
    if (key == "open") return text(m, &out->open);
    if (key == "close") return text(m, &out->close);
    if (key == "separator") return text(m, &out->separator);
    if (key == "gaps") return flag(m, &out->gaps);
    if (key == "before_key") return text(m, &out->before_key);
    if (key == "after_key") return text(m, &out->after_key);
    if (key == "colon") return text(m, &out->colon);
    if (key == "gap_after_key") return flag(m, &out->gap_after_key);
    if (key == "key") return choice(m, kKeyForms, &out->key);
    if (key == "before_end_key") return text(m, &out->before_end_key);
    if (key == "after_end_key") return text(m, &out->after_end_key);
    return false;
  }

  bool array_member(JsonId m, ArrayNotation* out) {
    const std::string_view key = doc_.key(m);
    if (key == "open") return text(m, &out->open);
    if (key == "close") return text(m, &out->close);
    if (key == "separator") return text(m, &out->separator);
    if (key == "gaps") return flag(m, &out->gaps);
    if (key == "before_item") return text(m, &out->before_item);
    if (key == "after_item") return text(m, &out->after_item);
    return false;
  }

  bool argument_member(JsonId m, ArgumentNotation* out) {
    const std::string_view key = doc_.key(m);
    if (key == "nested" || key == "array") {
      if (!expect(m, JsonType::kObject, "an object")) return true;
      out->nests = true;
      for (JsonId c : doc_.children(m)) {
        if (key == "array" ? !array_member(c, &out->array) : !object_member(c, &out->nested))
          unknown(c);
      }
      return true;
    }
    if (key == "identifiers") return flag(m, &out->identifiers);
    if (key == "marks") return marks(m, &out->marks);
    if (key == "any_marks") return marks(m, &out->any_marks);
    if (key == "before_value") return text(m, &out->before_value);
    if (key == "after_value") return text(m, &out->after_value);
    if (key == "after_end") return text(m, &out->after_end);
    if (key == "value_gaps") return flag(m, &out->value_gaps);
    if (key == "string_gaps") return flag(m, &out->string_gaps);
    if (key == "string") return choice(m, kStringForms, &out->string);
    if (key == "string_open") return text(m, &out->string_open);
    if (key == "string_close") return text(m, &out->string_close);
    if (key == "cdata") return flag(m, &out->cdata);
    if (key == "nulls") return texts(m, &out->nulls);
    if (key == "trues") return texts(m, &out->trues);
    if (key == "falses") return texts(m, &out->falses);
    return false;
  }

  // What Notation relies on.
  void check(const ArgumentNotation& n) {
    const bool raw = n.string == StringForm::kUntilEnd;
    if (n.root.after_key.empty()) fail(0, "\"after_key\" is empty; expected what ends a name");
    if (n.root.key == KeyForm::kPython) fail(0, "names are Python strings in \"nested\" only");
    if (raw && n.after_value.empty())
      fail(0, "\"after_value\" is empty; expected what ends a string");
    if (n.string == StringForm::kBetween && (n.string_open.empty() || n.string_close.empty()))
      fail(0, "\"string_open\" or \"string_close\" is empty; expected what stands around a string");
    for (const std::string& end : {n.after_value, n.string_close}) {
      for (size_t k = 1; k < end.size(); ++k) {
        if (end.starts_with(std::string_view(end).substr(k)))
          fail(0, json_quote(end) + " ends as it begins, so where it begins cannot be told");
      }
    }
    for (const ObjectNotation* o : {&n.root, &n.nested}) {
      if (o->ends_with_key() && o->after_end_key.empty())
        fail(0, "\"after_end_key\" is empty; expected what ends a name after its value");
    }
    if (!n.nests) return;
    if (n.nested.key != KeyForm::kPython && n.nested.after_key.empty())
      fail(0, "\"after_key\" of \"nested\" is empty; expected what ends a name");
    if (n.array.open.empty() && n.array.before_item.empty())
      fail(0, "\"array\" has neither \"open\" nor \"before_item\"; expected one of them");
  }

  const JsonDocument& doc_;
  MaybeError error_;
};

}  // namespace

Result<ArgumentNotation> read_argument_notation(std::string_view json, const Limits& limits) {
  Result<JsonDocument> doc = JsonDocument::parse(json, limits);
  if (!doc.ok()) return doc.error();
  NotationReader reader(doc.value());
  ArgumentNotation n = reader.read();
  if (reader.error()) return *reader.error();
  return n;
}

}  // namespace xgr::core
