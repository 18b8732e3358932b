/* What the package calls for every token. The functions of the C API report two things, a status and an
 * answer; these return both in one number, so that Python reads no memory and passes fewer pointers:
 * the answer, or the negative status. */
typedef struct {
  xgr_matcher_t* matcher;
  uint32_t* mask;
  size_t mask_words;
} step_row_t;

static int32_t step_fill(step_row_t* row) {
  xgr_mask_kind_t kind = 0;
  const xgr_status_t status =
      xgr_matcher_fill_bitmask(row->matcher, row->mask, row->mask_words, &kind);
  return status ? -status : kind;
}

static int32_t step_accept(xgr_matcher_t* matcher, int32_t token) {
  int32_t accepted = 0;
  const xgr_status_t status = xgr_matcher_accept_token(matcher, token, &accepted);
  return status ? -status : accepted;
}

static int32_t step_allows(xgr_matcher_t* matcher, int32_t token) {
  int32_t allowed = 0;
  const xgr_status_t status = xgr_matcher_is_token_allowed(matcher, token, &allowed);
  return status ? -status : allowed;
}
