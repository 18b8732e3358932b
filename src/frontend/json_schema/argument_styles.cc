// Names of the styles that tool calls write their arguments in.
//
// Entry point: argument_style.
//
//   argument_style("qwen_xml")  ->  ArgumentStyle::kQwenXml
//
// Tests: tests/unit/frontend/json_schema/argument_styles_test.cc.
#include "frontend/json_schema/argument_styles.h"

#include <string>

namespace xgr::core {
namespace {

// By ArgumentStyle.
constexpr std::string_view kStyleNames[] = {
    "json",         "qwen_xml",          "minimax_xml",   "minimax_m3_xml",
    "deepseek_xml", "deepseek_v4_1_xml", "glm_xml",       "glm_4_5_xml",
    "cohere_xml",   "kimi_k3_xml",       "gemma",         "functiongemma",
    "python",       "python_json",       "atem_xml",      "gcml_xml",
    "steptml_xml",  "ifm_xml",           "ifm_xml_typed", "minicpm_xml",
};

}  // namespace

Result<ArgumentStyle> argument_style(std::string_view name) {
  std::string known;
  for (size_t i = 0; i < std::size(kStyleNames); ++i) {
    if (kStyleNames[i] == name) return static_cast<ArgumentStyle>(i);
    known += (i == 0 ? "\"" : ", \"") + std::string(kStyleNames[i]) + "\"";
  }
  return make_error(Status::kInvalidArgument, "no argument style is named \"" + std::string(name) +
                                                  "\"; expected one of " + known);
}

MaybeError check_style(const JsonSchemaOptions& options) {
  if (options.style != ArgumentStyle::kJson) {
    return make_error(Status::kUnsupported,
                      "the argument style \"" +
                          std::string(kStyleNames[static_cast<size_t>(options.style)]) +
                          "\" is not supported yet; expected \"json\"");
  }
  if (!options.excludes.empty())
    return make_error(Status::kUnsupported, "excludes are not supported yet; expected none");
  return std::nullopt;
}

}  // namespace xgr::core
