// xgr/family.h: families of chat models, and the structural tags of their replies.
//
// Entry point: xgr_family_structural_tag. The texts of the families are constants of the library.
//
//   xgr_family_structural_tag("hermes", 6, "{\"tools\": []}", 13, NULL, text, sizeof text, &size, NULL);
//
// Tests: tests/capi/family_test.c.
#include <xgr/family.h>

#include <string_view>

#include "capi/guard.h"
#include "capi/handles.h"
#include "chat/family.h"
#include "chat/family_tag.h"
#include "support/bounded.h"

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

size_t xgr_family_count(void) { return family_files().size(); }

const char* xgr_family_name(size_t index) {
  return index < family_files().size() ? family_files()[index].name.data() : nullptr;
}

const char* xgr_family_text(size_t index) {
  return index < family_files().size() ? family_files()[index].text.data() : nullptr;
}

xgr_status_t xgr_family_structural_tag(const char* family, size_t family_size, const char* request,
                                       size_t request_size, const xgr_tokenizer_t* tokenizer,
                                       char* text, size_t text_capacity, size_t* out_text_size,
                                       xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(family);
    XGR_REQUIRE(request);
    if (text_capacity > 0) XGR_REQUIRE(text);
    XGR_REQUIRE(out_text_size);
    Result<std::string> made =
        bounded(Limits(), nullptr, [&](const Limits& own) -> Result<std::string> {
          Result<Family> found = find_family({family, family_size}, own);
          if (!found.ok()) return found.error();
          return family_structural_tag(found.value(), {request, request_size},
                                       tokenizer ? tokenizer->tokenizer.get() : nullptr, own);
        });
    if (!made.ok()) return std::move(made.error());
    give_text(made.value(), text, text_capacity, out_text_size);
    return std::nullopt;
  });
}
