// The styles that tool calls write their arguments in: a row each.
//
// Entry points: argument_style, argument_notation. Families whose arguments differ in words only are
// rows of the same function.
//
//   argument_style("qwen_xml")  ->  ArgumentStyle::kQwenXml
//
// Tests: tests/unit/frontend/json_schema/argument_styles_test.cc.
#include "frontend/json_schema/argument_styles.h"

#include <string>
#include <utility>

#include "automata/char_set.h"
#include "frontend/json_schema/notation_reader.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

struct StyleRow {
  std::string_view name;
  ArgumentNotation (*make)();  // null: JSON
};

// <before K after V end
ArgumentNotation parameters(std::string before, std::string after, std::string end) {
  ArgumentNotation n;
  n.root.before_key = std::move(before);
  n.root.after_key = std::move(after);
  n.after_value = std::move(end);
  return n;
}

ArgumentNotation with_string_gaps(ArgumentNotation n) {
  n.string_gaps = true;
  return n;
}

ArgumentNotation qwen() { return with_string_gaps(parameters("<parameter=", ">", "</parameter>")); }

ArgumentNotation minimax() {
  return with_string_gaps(parameters("<parameter name=\"", "\">", "</parameter>"));
}

// `bar`: between the angle bracket and the word.
ArgumentNotation marked_strings(const std::string& bar) {
  ArgumentNotation n =
      parameters("<" + bar + "parameter name=\"", "\" string=\"", "</" + bar + "parameter>");
  n.marks = {{kStringBit, "true\">"}, {kAllTypes, "false\">"}};
  return n;
}

ArgumentNotation deepseek() { return marked_strings("｜DSML｜"); }
ArgumentNotation deepseek_v4_1() { return marked_strings("｜DSML｜ "); }
ArgumentNotation gcml() { return marked_strings("｜GCML｜"); }

ArgumentNotation glm() {
  ArgumentNotation n = with_string_gaps(parameters("<arg_key>", "</arg_key>", "</arg_value>"));
  n.root.gap_after_key = true;
  n.before_value = "<arg_value>";
  return n;
}

ArgumentNotation glm_4_5() {
  ArgumentNotation n = parameters("<arg_key>", "</arg_key>\n", "</arg_value>");
  n.root.gaps = false;
  n.before_value = "<arg_value>";
  n.after_end = "\n";
  return n;
}

std::vector<TypeMark> type_marks(const std::string& before, const std::string& after) {
  std::vector<TypeMark> out;
  for (auto [types, name] : {std::pair<TypeSet, const char*>{kStringBit, "string"},
                             {kNumberBits, "number"},
                             {kBooleanBits, "boolean"},
                             {kNullBit, "null"},
                             {kArrayBit, "array"},
                             {kObjectBit, "object"}})
    out.push_back({types, before + name + after});
  return out;
}

ArgumentNotation kimi_k3() {
  ArgumentNotation n = with_string_gaps(
      parameters("<|open|>argument key=\"", "\" type=\"", "<|close|>argument<|sep|>"));
  n.root.key = KeyForm::kAttribute;
  n.marks = type_marks("", "\"<|sep|>");
  n.any_marks = {{kIntegerBit, "integer\"<|sep|>"}};
  return n;
}

ArgumentNotation cohere() {
  ArgumentNotation n = with_string_gaps(parameters("<cofl:value name=\"", "\"", "</cofl:value>"));
  n.root.key = KeyForm::kMarkup;
  n.identifiers = false;
  n.marks = {{kStringBit, " type=\"raw\">"},
             {kObjectBit, " type=\"dict\">"},
             {kArrayBit, " type=\"list\">"},
             {kAllTypes, " type=\"json\">"}};
  n.nests = true;
  n.nested = n.root;
  n.array.before_item = "<cofl:value";
  return n;
}

ArgumentNotation minimax_m3() {
  const std::string ns = "]<]minimax[>[";
  ArgumentNotation n = parameters(ns + "<", ">", ns);
  n.root.before_end_key = "</";
  n.root.after_end_key = ">";
  n.value_gaps = false;
  n.nests = true;
  n.nested = n.root;
  n.array.before_item = ns + "<item>";
  n.array.after_item = "</item>";
  return n;
}

// {K:V,K:V} at every depth, strings between `open` and `close`.
ArgumentNotation unquoted_keys(std::string open, std::string close) {
  ArgumentNotation n;
  n.root.open = "{";
  n.root.close = "}";
  n.root.separator = ",";
  n.root.after_key = ":";
  n.root.gap_after_key = true;
  n.nests = true;
  n.nested = n.root;
  n.array.open = "[";
  n.array.close = "]";
  n.array.separator = ",";
  n.value_gaps = false;
  n.string = StringForm::kBetween;
  n.string_open = std::move(open);
  n.string_close = std::move(close);
  return n;
}

ArgumentNotation gemma() { return unquoted_keys("<|\"|>", "<|\"|>"); }
ArgumentNotation functiongemma() { return unquoted_keys("<escape>", "<escape>"); }

ArgumentNotation python() {
  ArgumentNotation n;
  n.root.separator = ",";
  n.root.after_key = "=";
  n.root.gap_after_key = true;
  n.nests = true;
  n.nested.open = "{";
  n.nested.close = "}";
  n.nested.separator = ",";
  n.nested.colon = ":";
  n.nested.key = KeyForm::kPython;
  n.array.open = "[";
  n.array.close = "]";
  n.array.separator = ",";
  n.value_gaps = false;
  n.string = StringForm::kPython;
  n.nulls = {"None"};
  n.trues = {"True"};
  n.falses = {"False"};
  return n;
}

ArgumentNotation python_json() {
  ArgumentNotation n = python();
  n.nulls.emplace_back("null");
  n.trues.emplace_back("true");
  n.falses.emplace_back("false");
  return n;
}

ArgumentNotation atem() {
  return parameters("<atem:parameter name=\"", "\">", "</atem:parameter>");
}

ArgumentNotation steptml() {
  return parameters("<steptml:parameter name=\"", "\">", "</steptml:parameter>");
}

ArgumentNotation ifm() {
  ArgumentNotation n = parameters("<ifm|arg_key>", "</ifm|arg_key>", "</ifm|arg_value>");
  n.before_value = "<ifm|arg_value>";
  return n;
}

ArgumentNotation ifm_typed() {
  ArgumentNotation n = ifm();
  n.marks = type_marks("<ifm|arg_type>", "</ifm|arg_type>");
  n.any_marks = {{kIntegerBit, "<ifm|arg_type>integer</ifm|arg_type>"}};
  return n;
}

ArgumentNotation minicpm() {
  ArgumentNotation n = parameters("<param name=\"", "\">", "</param>");
  n.cdata = true;
  return n;
}

// By ArgumentStyle.
constexpr StyleRow kStyles[] = {
    {"json", nullptr},
    {"qwen_xml", qwen},
    {"minimax_xml", minimax},
    {"minimax_m3_xml", minimax_m3},
    {"deepseek_xml", deepseek},
    {"deepseek_v4_1_xml", deepseek_v4_1},
    {"glm_xml", glm},
    {"glm_4_5_xml", glm_4_5},
    {"cohere_xml", cohere},
    {"kimi_k3_xml", kimi_k3},
    {"gemma", gemma},
    {"functiongemma", functiongemma},
    {"python", python},
    {"python_json", python_json},
    {"atem_xml", atem},
    {"gcml_xml", gcml},
    {"steptml_xml", steptml},
    {"ifm_xml", ifm},
    {"ifm_xml_typed", ifm_typed},
    {"minicpm_xml", minicpm},
};

// The name that ends a member is one text with what stands around it.
MaybeError check_token_markers(const ArgumentNotation& n, const std::vector<TokenMarker>& markers) {
  for (const TokenMarker& m : markers) {
    if (m.text.empty()) return make_error(Status::kInvalidArgument, "a token marker is empty text");
    const ObjectNotation& nested = n.nests ? n.nested : n.root;
    for (const ObjectNotation* form : {&n.root, &nested}) {
      if (!form->after_end_key.starts_with(m.text)) continue;
      return make_error(Status::kUnsupported,
                        "the name that ends an argument is followed by the marker " +
                            json_quote(m.text) + ", a token; expected a style with text there");
    }
  }
  return std::nullopt;
}

bool borders_on_space(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r";
  return kSpace.find(text.front()) != kSpace.npos || kSpace.find(text.back()) != kSpace.npos;
}

}  // namespace

Result<ArgumentStyle> argument_style(std::string_view name) {
  std::string known;
  for (size_t i = 0; i < std::size(kStyles); ++i) {
    if (kStyles[i].name == name) return static_cast<ArgumentStyle>(i);
    known += (i == 0 ? "\"" : ", \"") + std::string(kStyles[i].name) + "\"";
  }
  return make_error(Status::kInvalidArgument, "no argument style is named \"" + std::string(name) +
                                                  "\"; expected one of " + known);
}

std::optional<ArgumentNotation> argument_notation(ArgumentStyle style) {
  const StyleRow& row = kStyles[static_cast<size_t>(style)];
  if (row.make == nullptr) return std::nullopt;
  return row.make();
}

MaybeError check_argument_notation(std::string_view json, const Limits& limits) {
  Result<ArgumentNotation> read = read_argument_notation(json, limits);
  if (!read.ok()) return read.error();
  return std::nullopt;
}

std::optional<ArgumentNotation> notation_of(const JsonSchemaOptions& options,
                                            const Limits& limits) {
  if (options.notation.empty()) return argument_notation(options.style);
  Result<ArgumentNotation> read = read_argument_notation(options.notation, limits);
  XGR_CHECK(read.ok());
  return std::move(read).value();
}

MaybeError check_style(const JsonSchemaOptions& options, const Limits& limits) {
  if (!options.notation.empty()) {
    if (MaybeError e = check_argument_notation(options.notation, limits)) return e;
  }
  const std::optional<ArgumentNotation> arguments = notation_of(options, limits);
  if (arguments) {
    if (MaybeError e = check_token_markers(*arguments, options.token_markers)) return e;
  }
  for (const std::string& text : options.excludes) {
    const std::string what = "the exclude " + json_quote(text);
    if (text.empty()) return make_error(Status::kInvalidArgument, "an exclude is empty text");
    if (find_invalid_utf8(text) != std::string::npos)
      return make_error(Status::kInvalidArgument, "an exclude is not valid UTF-8");
    if (arguments && arguments->string == StringForm::kUntilEnd && borders_on_space(text)) {
      return make_error(Status::kInvalidArgument,
                        what +
                            " begins or ends with white space, which may stand around arguments; "
                            "expected a text without");
    }
  }
  return std::nullopt;
}

}  // namespace xgr::core
