// The parts of guard.h that need no template: error objects, and the check of an options struct.
//
// Entry points: fail, check_options, stats_size_ok. An options struct begins with its size as the caller's header
// knows it. A smaller one leaves our later members at their default, zero; in a larger one the
// members that we do not know have to be zero, as nothing here could honour them.
//
//   xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;   // struct_size = sizeof options
//
// Tests: tests/capi/options_test.c, tests/capi/memory_test.c.
#include "capi/guard.h"

#include "support/error_text.h"

namespace xgr::core {
namespace {

// Far above every struct; a greater size is memory that was never initialised.
constexpr size_t kMaxOptionsSize = 4096;

}  // namespace

// The message gets its place here, so that every language shows it.
xgr_status_t fail(xgr_error_t** out_error, Error error) noexcept {
  const xgr_status_t status = as_status(error.code);
  if (out_error == nullptr) return status;
  *out_error = nullptr;
  try {
    error.message = error_text(error);
    *out_error = new xgr_error{std::move(error)};
  } catch (...) {  // no memory: the status has to do
  }
  return status;
}

xgr_status_t fail(xgr_error_t** out_error, Status code, const char* message) noexcept {
  try {
    return fail(out_error, make_error(code, message));
  } catch (...) {
    if (out_error != nullptr) *out_error = nullptr;
    return as_status(code);
  }
}

bool stats_size_ok(const void* given) {
  size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  return size >= sizeof(size) && size <= kMaxOptionsSize;
}

void give_text(const std::string& own, char* text, size_t text_capacity, size_t* out_text_size) {
  if (text_capacity > own.size()) std::memcpy(text, own.c_str(), own.size() + 1);
  *out_text_size = own.size();
}

MaybeError check_options(const void* given, size_t known_size, const char* name) {
  size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  if (size < sizeof(size) || size > kMaxOptionsSize)
    return invalid_argument(std::string(name) + ": struct_size is " + std::to_string(size) +
                            "; expected sizeof(" + name + ")");
  const char* bytes = static_cast<const char*>(given);
  for (size_t i = known_size; i < size; ++i) {
    if (bytes[i] != 0)
      return invalid_argument(std::string(name) + ": the member at offset " + std::to_string(i) +
                              " is newer than this library; expected 0 there");
  }
  return std::nullopt;
}

}  // namespace xgr::core
