// Where the content of a tag ends, and what is excluded from the text in it.
#include "tag_checks.h"

using namespace xgr::core;
using test::TagLanguage;

namespace {

TEST_CASE("structural tags: the ends of the innermost tag end free text in it") {
  TagLanguage nested(R"({"begin": "<", "end": ">", "content": {"elements": [
      {"type": "any_text"}, {"begin": "[", "end": "]", "content": {"type": "any_text"}}]}})");
  CHECK((nested("<[]>") && nested("<a[>]>") && !nested("<a>[]>") && !nested("<[]]>")));
  TagLanguage list(R"({"begin": "<", "end": ["", ">"], "content": {"excludes": ["x"]}})");
  CHECK((list("<a") && list("<a>") && !list("<a>b") && !list("<x>")));
  TagLanguage triggers(R"({"begin": "<", "end": ">", "content": {"type": "triggered_tags",
      "triggers": ["["], "tags": [{"begin": "[a", "content": {"type": "any_text"}, "end": "]"}]}})");
  CHECK((triggers("<x[a>]y>") && triggers("<[a]]>") && !triggers("<x>[a>]>")));
}

}  // namespace
