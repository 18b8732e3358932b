// Sources from what the C API passes: texts and options structs.
#pragma once

#include <xgr/grammar_source.h>

#include <optional>
#include <string_view>

#include "compiler/grammar_source.h"

namespace xgr::core {

// `reading` overrides what the options say about when the text is read.
Result<SourcePtr> ebnf_source(std::string_view text, const xgr_ebnf_options_t* options,
                              std::optional<GrammarSource::Reading> reading = std::nullopt);
Result<SourcePtr> regex_source(std::string_view pattern, const xgr_regex_options_t* options,
                               std::optional<GrammarSource::Reading> reading = std::nullopt);
Result<SourcePtr> lark_source(std::string_view text, const xgr_lark_options_t* options,
                              std::optional<GrammarSource::Reading> reading = std::nullopt);
Result<SourcePtr> json_schema_source(std::string_view schema, const xgr_json_format_t* format,
                                     const xgr_json_schema_options_t* options,
                                     std::optional<GrammarSource::Reading> reading = std::nullopt);
Result<SourcePtr> structural_tag_source(
    std::string_view text, const xgr_structural_tag_options_t* options,
    std::optional<GrammarSource::Reading> reading = std::nullopt);
Result<SourcePtr> json_source(const xgr_json_format_t* format);

}  // namespace xgr::core
