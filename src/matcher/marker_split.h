// Where a text that ends with a marker goes over from content to marker.
//
//   std::optional<size_t> at = split_marker(content_start, marker_start, "text</t>");   // 4
#pragma once

#include <optional>
#include <string_view>

#include "parser/automaton.h"

namespace xgr::core {

// The least size of a content that leaves a marker; none when the text is no content and marker.
std::optional<size_t> split_marker(State* content, State* marker, std::string_view text,
                                   Work* work = nullptr);

}  // namespace xgr::core
