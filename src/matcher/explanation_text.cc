// Explanations as text and as JSON.
//
// Entry point: written. The text has a line for what was asked, what was read, what is expected and
// each cause; the JSON has the same as members.
//
//   "-" is refused at byte 0 after {"age":
//   expected: [0-9], white space
//   because: "minimum": 0 at /properties/age/minimum, of the value /age
//
// Tests: tests/unit/matcher/explanation_test.cc.
#include "automata/char_set.h"
#include "matcher/explanation.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

// Bytes that are no character are written as U+FFFD.
std::string as_utf8(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size();) {
    char32_t c;
    if (decode_utf8(bytes, &i, &c)) {
      append_utf8(c, &out);
    } else {
      append_utf8(0xFFFD, &out);
      ++i;
    }
  }
  return out;
}

std::string quoted_bytes(std::string_view bytes) { return json_quote(as_utf8(bytes)); }

std::string refused_input(const Explained& e) {
  if (e.refused_at < e.asked.size()) {
    char32_t c;
    size_t end = e.refused_at;
    if (!decode_utf8(e.asked, &end, &c)) end = e.refused_at + 1;
    return e.asked.substr(e.refused_at, end - e.refused_at);
  }
  return {};
}

class TextOfExplanation {
 public:
  explicit TextOfExplanation(const Explained& e) : e_(e) {}

  std::string run() {
    add_answer();
    line("read", "... " + quoted_bytes(e_.read));
    add_expected();
    add_causes();
    out_.pop_back();
    return std::move(out_);
  }

 private:
  void line(std::string_view name, const std::string& content) {
    out_ += std::string(name) + ": " + content + "\n";
  }

  void add_answer() {
    const std::string what =
        (e_.token ? "token " + std::to_string(*e_.token) + ", " : std::string()) +
        quoted_bytes(e_.asked);
    if (e_.asked.empty() && !e_.token) {
      line("place", "after " + std::to_string(e_.output_size) + " bytes of output");
    } else if (e_.accepted) {
      line("allowed", what);
    } else if (!e_.reason.empty()) {
      line("refused", what + ": " + e_.reason);
    } else {
      line("refused", what + " at its byte " + std::to_string(e_.refused_at) + ", " +
                          quoted_bytes(refused_input(e_)));
    }
  }

  void add_expected() {
    const ExpectedInput& x = e_.expected;
    if (x.ended) return line("expected", "nothing, the output has ended");
    std::string parts;
    for (const std::string& p : x.parts) parts += (parts.empty() ? "" : ", ") + p;
    line("expected", parts.empty() ? "nothing more" : parts);
    std::string tokens = std::to_string(x.token_count) + " allowed";
    for (size_t i = 0; i < x.examples.size(); ++i) {
      tokens += (i == 0 ? ", such as " : ", ") + std::to_string(x.examples[i].token) + " " +
                quoted_bytes(x.examples[i].text);
    }
    line("tokens", tokens);
    line("end", x.may_end ? "the output may end here" : "the output may not end here");
  }

  void add_causes() {
    for (const RefusalCause& c : e_.refusal.causes) {
      const std::string name = c.parent == RefusalCause::kNoParent ? "because" : "  branch";
      line(name, sentence(c));
    }
    if (!e_.refusal.complete) line("note", "a limit was hit; there may be more causes");
  }

  std::string sentence(const RefusalCause& c) const {
    const bool at_end = e_.refused_at == e_.asked.size();
    if (c.keyword == "JSON" && at_end) return "the JSON document is not complete";
    if (c.keyword == "order") return "properties come in the order of the schema, in " + value(c);
    if (c.keyword == "strict")
      return "strict closes what the schema does not describe, in " + value(c);
    if (c.keyword == "format") return "the layout of the document is not that of the options";
    if (c.keyword == "JSON") return "this does not begin a JSON document";
    if (c.keyword == "rule") {
      const std::string at = c.line == 0 ? ""
                                         : ", at line " + std::to_string(c.line) + ", column " +
                                               std::to_string(c.column);
      return "rule " + c.pointer + at;
    }
    return (c.keyword == "false" ? "the schema false" : json_quote(c.keyword) + ": " + c.value) +
           " at " + (c.pointer.empty() ? "the whole schema" : c.pointer) + ", of " + value(c) +
           (c.together ? " (with the others)" : "");
  }
  static std::string value(const RefusalCause& c) {
    return c.instance.empty() ? "the document" : "the value " + c.instance;
  }

  const Explained& e_;
  std::string out_;
};

class JsonOfExplanation {
 public:
  explicit JsonOfExplanation(const Explained& e) : e_(e) {}

  std::string run() {
    out_ = "{";
    add("output_size", std::to_string(e_.output_size));
    add("input", quoted_bytes(e_.asked));
    add("token", e_.token ? std::to_string(*e_.token) : "null");
    add("allowed", e_.accepted ? "true" : "false");
    const bool at_byte = !e_.accepted && e_.refused_at < e_.asked.size();
    add("byte_offset", at_byte ? std::to_string(e_.refused_at) : "null");
    add("refused", at_byte ? quoted_bytes(refused_input(e_)) : "null");
    add("reason", e_.reason.empty() ? "null" : json_quote(e_.reason));
    add("read", quoted_bytes(e_.read));
    add_expected();
    add_causes();
    add("complete", e_.refusal.complete ? "true" : "false");
    return std::move(out_) + "}";
  }

 private:
  void add(std::string_view name, const std::string& value) {
    out_ += (out_.back() == '{' ? "\"" : ", \"") + std::string(name) + "\": " + value;
  }

  void add_expected() {
    const ExpectedInput& x = e_.expected;
    std::string parts, examples;
    for (const std::string& p : x.parts) parts += (parts.empty() ? "" : ", ") + json_quote(p);
    for (const ExpectedInput::Example& t : x.examples) {
      examples += (examples.empty() ? "{\"token\": " : ", {\"token\": ") + std::to_string(t.token) +
                  ", \"text\": " + quoted_bytes(t.text) + "}";
    }
    add("expected", "[" + parts + "]");
    add("byte_count", std::to_string(x.byte_count));
    add("token_count", std::to_string(x.token_count));
    add("examples", "[" + examples + "]");
    add("may_end", x.may_end ? "true" : "false");
    add("ended", x.ended ? "true" : "false");
  }

  void add_causes() {
    std::string all;
    for (const RefusalCause& c : e_.refusal.causes) {
      all += (all.empty() ? "{\"keyword\": " : ", {\"keyword\": ") + json_quote(c.keyword) +
             ", \"pointer\": " + json_quote(c.pointer) + ", \"value\": " + json_quote(c.value) +
             ", \"instance\": " + json_quote(c.instance) + ", \"line\": " + std::to_string(c.line) +
             ", \"column\": " + std::to_string(c.column) + ", \"branch_of\": " +
             (c.parent == RefusalCause::kNoParent ? "null" : std::to_string(c.parent)) +
             ", \"together\": " + (c.together ? "true" : "false") + "}";
    }
    add("causes", e_.knows_source ? "[" + all + "]" : "null");
  }

  const Explained& e_;
  std::string out_;
};

}  // namespace

Explanation written(const Explained& explained) {
  return {TextOfExplanation(explained).run(), JsonOfExplanation(explained).run()};
}

}  // namespace xgr::core
