// Reading JSON text into a JsonDocument.
//
// Entry point: JsonDocument::parse. RapidJSON's iterative SAX reader checks syntax and decodes
// strings; the handler below appends one node per value to a flat array and keeps the open
// containers on its own stack, so depth costs heap, not stack.
//
//   {"a": [1, 2]}  ->  0 object, 1 array (key "a", parent 0), 2 number "1", 3 number "2"
//
// Tests: tests/unit/support/json_reader_test.cc.
#include "support/json_reader.h"

// A program may have another version of RapidJSON, whose inline functions must not be taken for
// these.
#define RAPIDJSON_NAMESPACE xgr_rapidjson
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "support/error_text.h"
#include "support/text_index.h"

namespace xgr::core {
namespace {

// RapidJSON's own allocator gives NULL when memory runs out, and its reader then writes there.
struct ReaderAllocator {
  static constexpr bool kNeedFree = true;
  void* Malloc(size_t size) { return size == 0 ? nullptr : ::operator new(size); }
  void* Realloc(void* old, size_t old_size, size_t size) {
    void* memory = Malloc(size);
    if (memory && old) std::memcpy(memory, old, std::min(old_size, size));
    Free(old);
    return memory;
  }
  static void Free(void* memory) noexcept { ::operator delete(memory); }
  bool operator==(const ReaderAllocator&) const { return true; }
};

using Reader =
    xgr_rapidjson::GenericReader<xgr_rapidjson::UTF8<>, xgr_rapidjson::UTF8<>, ReaderAllocator>;

}  // namespace

class JsonBuilder {
 public:
  JsonBuilder(JsonDocument* doc, const Limits& limits)
      : doc_(doc), max_nesting_(limits.max_nesting), work_(limits.work) {}

  bool Null() { return scalar(JsonType::kNull, {}); }
  bool Bool(bool b) { return scalar(b ? JsonType::kTrue : JsonType::kFalse, {}); }
  bool RawNumber(const char* s, xgr_rapidjson::SizeType n, bool) {
    return scalar(JsonType::kNumber, {s, n});
  }
  bool String(const char* s, xgr_rapidjson::SizeType n, bool) {
    std::string_view text(s, n);
    return well_formed(text) && scalar(JsonType::kString, text);
  }
  bool Key(const char* s, xgr_rapidjson::SizeType n, bool) {
    std::string_view text(s, n);
    if (!well_formed(text)) return false;
    key_ = append(text);
    key_size_ = n;
    return true;
  }
  bool StartObject() { return open(JsonType::kObject); }
  bool StartArray() { return open(JsonType::kArray); }
  bool EndObject(xgr_rapidjson::SizeType) { return keys_unique(open_.back()) && close(); }
  bool EndArray(xgr_rapidjson::SizeType) { return close(); }
  // Number text always arrives through RawNumber.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  Status failure = Status::kInvalidSource;
  std::string reason;   // why the handler stopped the reader
  std::string pointer;  // of a repeated key

 private:
  static constexpr uint32_t kFewKeys = 12;

  uint32_t append(std::string_view text) {
    uint32_t at = static_cast<uint32_t>(doc_->text_.size());
    doc_->text_.append(text);
    return at;
  }

  // The reader lets an escaped lone low surrogate through as three bytes ED A0..BF xx.
  bool well_formed(std::string_view text) {
    for (size_t i = text.find('\xED'); i != text.npos; i = text.find('\xED', i + 1)) {
      if (i + 1 < text.size() && static_cast<uint8_t>(text[i + 1]) >= 0xA0) {
        reason = "a string holds half of a surrogate pair; write both halves";
        return false;
      }
    }
    return true;
  }

  JsonId add(JsonType type) {
    charge(work_, 1);
    JsonId id = static_cast<JsonId>(doc_->nodes_.size());
    JsonDocument::Node node;
    node.type = type;
    node.key = key_;
    node.key_size = key_size_;
    key_size_ = 0;
    if (!open_.empty()) {
      node.parent = open_.back();
      ++doc_->nodes_[node.parent].count;
    }
    node.end = id + 1;
    doc_->nodes_.push_back(node);
    return id;
  }

  bool scalar(JsonType type, std::string_view text) {
    uint32_t at = append(text);
    JsonDocument::Node& node = doc_->nodes_[add(type)];
    node.text = at;
    node.text_size = static_cast<uint32_t>(text.size());
    return true;
  }

  bool open(JsonType type) {
    if (open_.size() >= max_nesting_) {
      failure = Status::kLimitExceeded;
      reason = "nested deeper than " + limit_text("max_nesting", max_nesting_, "nest fewer values");
      return false;
    }
    open_.push_back(add(type));
    return true;
  }

  bool close() {
    doc_->nodes_[open_.back()].end = static_cast<uint32_t>(doc_->nodes_.size());
    open_.pop_back();
    return true;
  }

  bool keys_unique(JsonId object) {
    doc_->nodes_[object].end = static_cast<uint32_t>(doc_->nodes_.size());
    if (doc_->count(object) > kFewKeys) return keys_differ(object);
    keys_.clear();
    for (JsonId c : doc_->children(object)) keys_.push_back({doc_->key(c), c});
    return keys_differ_pairwise();
  }

  bool keys_differ(JsonId object) {
    TextIndex known(doc_->count(object));
    for (JsonId c : doc_->children(object)) {
      charge(work_, 1);
      const std::string_view key = doc_->key(c);
      if (known.find(key, [&](JsonId k) { return doc_->key(k) == key; }) != TextIndex::kNone)
        return repeated(c);
      known.add(key, c);
    }
    return true;
  }

  bool keys_differ_pairwise() {
    for (size_t i = 1; i < keys_.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (keys_[i].first == keys_[j].first) return repeated(keys_[i].second);
      }
    }
    return true;
  }

  bool repeated(JsonId member) {
    reason = "key " + json_quote(doc_->key(member)) +
             " appears twice in one object; expected names that differ";
    pointer = doc_->pointer(member);
    return false;
  }

  JsonDocument* doc_;
  size_t max_nesting_;
  Work* work_;
  std::vector<JsonId> open_;
  std::vector<std::pair<std::string_view, JsonId>> keys_;
  uint32_t key_ = 0, key_size_ = 0;
};

namespace {

constexpr unsigned kReaderFlags = xgr_rapidjson::kParseIterativeFlag |
                                  xgr_rapidjson::kParseNumbersAsStringsFlag |
                                  xgr_rapidjson::kParseValidateEncodingFlag;

// What the reader wanted, in our words.
std::string reason_of(xgr_rapidjson::ParseErrorCode code) {
  switch (code) {
    case xgr_rapidjson::kParseErrorDocumentEmpty:
      return "the text is empty; expected a value";
    case xgr_rapidjson::kParseErrorDocumentRootNotSingular:
      return "the text goes on after its value; expected one value";
    case xgr_rapidjson::kParseErrorValueInvalid:
      return "no value begins here; expected an object, an array, a string in double quotes, a "
             "number, true, false or null";
    case xgr_rapidjson::kParseErrorObjectMissName:
      return "no name of a member begins here; expected a string in double quotes";
    case xgr_rapidjson::kParseErrorObjectMissColon:
      return "expected ':' after the name of a member";
    case xgr_rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "expected ',' or '}' after a member";
    case xgr_rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "expected ',' or ']' after an element";
    case xgr_rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "expected four hexadecimal digits after \\u";
    case xgr_rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "a surrogate stands alone; expected a pair such as \\ud83d\\ude00";
    case xgr_rapidjson::kParseErrorStringEscapeInvalid:
      return "unknown escape; expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u";
    case xgr_rapidjson::kParseErrorStringMissQuotationMark:
      return "the string does not end; expected '\"'";
    case xgr_rapidjson::kParseErrorStringInvalidEncoding:
      return "the string is not valid UTF-8, or has a control character; expected UTF-8 and \\n, "
             "\\u001f and the like";
    case xgr_rapidjson::kParseErrorNumberMissFraction:
      return "expected a digit after '.'";
    case xgr_rapidjson::kParseErrorNumberMissExponent:
      return "expected a digit in the exponent";
    default:
      return xgr_rapidjson::GetParseError_En(code);
  }
}

Error parse_error(const JsonBuilder& builder, xgr_rapidjson::ParseErrorCode code,
                  std::string_view text, size_t offset) {
  bool ours = !builder.reason.empty();
  std::string message = "not valid JSON: " + (ours ? builder.reason : reason_of(code));
  message += path_hint(text, "the text that it holds");
  Error e = error_at(builder.failure, std::move(message), text, std::min(offset, text.size()));
  if (!builder.pointer.empty()) {
    e.json_pointer = builder.pointer;
    e.has_json_pointer = true;
  }
  return e;
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text, const Limits& limits) {
  JsonDocument doc;
  Result<JsonId> root = doc.append(text, limits);
  if (!root.ok()) return root.error();
  return doc;
}

Result<JsonId> JsonDocument::append(std::string_view text, const Limits& limits) {
  if (text.size() > std::min<size_t>(limits.max_source_bytes, UINT32_MAX) - text_.size()) {
    return make_error(Status::kLimitExceeded,
                      "JSON text of " + std::to_string(text_.size() + text.size()) +
                          " bytes exceeds " +
                          limit_text("max_source_size", limits.max_source_bytes, "shorten it"));
  }
  const size_t nodes_before = nodes_.size(), text_before = text_.size();
  nodes_.reserve(nodes_before + text.size() / 12 + 4);
  text_.reserve(text_before + text.size());
  JsonBuilder builder(this, limits);
  xgr_rapidjson::MemoryStream memory(text.data(), text.size());
  xgr_rapidjson::EncodedInputStream<xgr_rapidjson::UTF8<>, xgr_rapidjson::MemoryStream> stream(
      memory);
  Reader reader;
  xgr_rapidjson::ParseResult result = reader.Parse<kReaderFlags>(stream, builder);
  // A NUL byte reads as the end of the text.
  if (result && stream.Tell() < text.size())
    builder.reason = "a NUL byte; expected the end of the text";
  if (result && builder.reason.empty()) return static_cast<JsonId>(nodes_before);
  size_t offset = result ? stream.Tell() : result.Offset();
  Error e = parse_error(builder, result.Code(), text, offset);
  nodes_.resize(nodes_before);
  text_.resize(text_before);
  return e;
}

std::string json_quote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<uint8_t>(c) >= 0x20) {
          out += c;
        } else {
          out.append("\\u00").append(1, kHex[(c >> 4) & 15]).append(1, kHex[c & 15]);
        }
    }
  }
  return out += '"';
}

void append_json_head(const JsonDocument& doc, JsonId id, std::string* out) {
  switch (doc.type(id)) {
    case JsonType::kNull:
      *out += "null";
      break;
    case JsonType::kFalse:
      *out += "false";
      break;
    case JsonType::kTrue:
      *out += "true";
      break;
    case JsonType::kNumber:
      *out += doc.text(id);
      break;
    case JsonType::kString:
      *out += json_quote(doc.text(id));
      break;
    case JsonType::kArray:
      *out += '[';
      break;
    case JsonType::kObject:
      *out += '{';
      break;
  }
}

// Nodes lie in the order of the text, so what ends where is all that has to be remembered.
std::string json_text(const JsonDocument& doc, JsonId root) {
  std::string out;
  std::vector<JsonId> open;  // arrays and objects around the next node
  auto close = [&] {
    out += doc.is(open.back(), JsonType::kObject) ? '}' : ']';
    open.pop_back();
  };
  for (JsonId id = root; id < doc.end(root); ++id) {
    while (!open.empty() && doc.end(open.back()) == id) close();
    if (!open.empty()) {
      if (id != open.back() + 1) out += ',';
      if (doc.is(open.back(), JsonType::kObject)) out += json_quote(doc.key(id)) + ':';
    }
    append_json_head(doc, id, &out);
    if (doc.is(id, JsonType::kObject) || doc.is(id, JsonType::kArray)) open.push_back(id);
  }
  while (!open.empty()) close();
  return out;
}

}  // namespace xgr::core

#undef RAPIDJSON_NAMESPACE
