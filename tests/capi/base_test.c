/* xgr/base.h: version and status messages. */
#include "check.h"

static void version_of_library_is_that_of_header(void) {
  CHECK(xgr_version() == XGR_VERSION);
  CHECK(XGR_VERSION == XGR_VERSION_MAJOR * 1000000 + XGR_VERSION_MINOR * 1000 + XGR_VERSION_PATCH);
#if !XGR_VERSION_ATLEAST(0, 1, 0) || XGR_VERSION_ATLEAST(1000, 0, 0)
  CHECK(!"XGR_VERSION_ATLEAST");
#endif
}

static void every_status_has_a_message_of_its_own(void) {
  int32_t a, b;
  for (a = XGR_OK; a <= XGR_ERROR_CANCELLED; ++a) {
    CHECK(strlen(xgr_status_message(a)) > 0);
    for (b = XGR_OK; b < a; ++b) CHECK(strcmp(xgr_status_message(a), xgr_status_message(b)) != 0);
  }
  CHECK(strcmp(xgr_status_message(-1), xgr_status_message(INT32_MAX)) == 0);
}

int main(void) {
  version_of_library_is_that_of_header();
  every_status_has_a_message_of_its_own();
  return check_result();
}
