/* xgr/cancel.h: requests to stop. */
#include "check.h"

static void a_request_is_made_once_and_stays(void) {
  xgr_cancel_t *cancel = NULL, *other = NULL;
  CHECK(xgr_cancel_create(&cancel) == XGR_OK);
  CHECK(xgr_cancel_create(&other) == XGR_OK);
  CHECK(xgr_cancel_is_requested(cancel) == 0);
  xgr_cancel_request(cancel);
  CHECK(xgr_cancel_is_requested(cancel) == 1);
  xgr_cancel_request(cancel);
  CHECK(xgr_cancel_is_requested(cancel) == 1);
  CHECK(xgr_cancel_is_requested(other) == 0);
  xgr_cancel_destroy(cancel);
  xgr_cancel_destroy(other);
}

static void null_is_harmless(void) {
  CHECK(xgr_cancel_create(NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_cancel_request(NULL);
  CHECK(xgr_cancel_is_requested(NULL) == 0);
  xgr_cancel_destroy(NULL);
}

int main(void) {
  a_request_is_made_once_and_stays();
  null_is_harmless();
  return check_result();
}
