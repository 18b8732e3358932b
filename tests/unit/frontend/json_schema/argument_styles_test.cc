// Names of argument styles: frontend/json_schema/argument_styles.cc.
#include "frontend/json_schema/argument_styles.h"

#include <doctest/doctest.h>

namespace xgr::core {
namespace {

TEST_CASE("argument styles have names") {
  CHECK(argument_style("json").value() == ArgumentStyle::kJson);
  CHECK(argument_style("minicpm_xml").value() == ArgumentStyle::kMinicpmXml);
  Result<ArgumentStyle> unknown = argument_style("xml");
  REQUIRE(!unknown.ok());
  CHECK(unknown.error().message.find("\"glm_xml\"") != std::string::npos);
}

}  // namespace
}  // namespace xgr::core
