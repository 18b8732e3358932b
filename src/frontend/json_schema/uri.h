// Uniform resource identifiers: resolving one against another, decoding a part.
#pragma once

#include <string>
#include <string_view>

namespace xgr::core {

// RFC 3986 section 5: `reference` seen from `base`, without fragment.
std::string resolve_uri(std::string_view base, std::string_view reference);
// Text with each %XX as the byte it stands for.
std::string percent_decoded(std::string_view text);

}  // namespace xgr::core
