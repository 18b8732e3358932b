// xgr/error.h: getters of the error object, which holds an Error of the core.
//
// Entry points: the functions of the header. NULL is answered like an error without any knowledge.
//
//   xgr_error_message(error, NULL)  ->  "expected ')', at line 1, column 5"
//
// Tests: tests/capi/error_test.c.
#include <xgr/error.h>

#include "capi/handles.h"

namespace {

const char* give(const std::string& text, size_t* out_size) {
  if (out_size != nullptr) *out_size = text.size();
  return text.c_str();
}

}  // namespace

void xgr_error_destroy(xgr_error_t* error) { delete error; }

xgr_status_t xgr_error_status(const xgr_error_t* error) {
  return error == nullptr ? XGR_OK : xgr::core::as_status(error->error.code);
}

const char* xgr_error_message(const xgr_error_t* error, size_t* out_size) {
  if (error != nullptr) return give(error->error.message, out_size);
  if (out_size != nullptr) *out_size = 0;
  return "";
}

int64_t xgr_error_byte_offset(const xgr_error_t* error) {
  return error == nullptr ? -1 : error->error.byte_offset;
}

int32_t xgr_error_line(const xgr_error_t* error) {
  return error == nullptr ? 0 : error->error.line;
}

int32_t xgr_error_column(const xgr_error_t* error) {
  return error == nullptr ? 0 : error->error.column;
}

const char* xgr_error_json_pointer(const xgr_error_t* error, size_t* out_size) {
  if (error != nullptr && error->error.has_json_pointer)
    return give(error->error.json_pointer, out_size);
  if (out_size != nullptr) *out_size = 0;
  return nullptr;
}
