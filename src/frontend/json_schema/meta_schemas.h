// The standard meta-schemas, so that schemas can refer to them.
#pragma once

#include <string_view>

namespace xgr::core {

// Text of the meta-schema or vocabulary with this URI (without fragment); empty: not a standard
// one.
std::string_view standard_meta_schema(std::string_view uri);

}  // namespace xgr::core
