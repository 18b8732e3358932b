// What stands between a C function and the core: nothing thrown passes, NULL is an error, options
// of any age are read safely.
//
//   return guard(out_error, [&]() -> MaybeError {
//     XGR_REQUIRE(grammar);
//     ...
//   });
#pragma once

#include <xgr/xgr.h>

#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "capi/handles.h"
#include "support/status.h"
#include "support/work.h"

namespace xgr::core {

inline Error invalid_argument(std::string message) {
  return make_error(Status::kInvalidArgument, std::move(message));
}

// Inside a guarded body: leaves with an error when the pointer is NULL.
#define XGR_REQUIRE(pointer) \
  if ((pointer) == nullptr)  \
  return ::xgr::core::invalid_argument(#pointer " is NULL; it has to be given")

// Gives `error` to the caller, who may not want it. NULL is given when there is no memory for it.
xgr_status_t fail(xgr_error_t** out_error, Error error) noexcept;
xgr_status_t fail(xgr_error_t** out_error, Status code, const char* message) noexcept;

// Runs a body that returns MaybeError; its failure becomes a status and an error object.
template <typename Body>
xgr_status_t guard(xgr_error_t** out_error, Body body) noexcept {
  try {
    MaybeError error = body();
    return error ? fail(out_error, *std::move(error)) : XGR_OK;
  } catch (WorkStopped& stopped) {
    return fail(out_error, std::move(stopped.error));
  } catch (const std::bad_alloc&) {
    return fail(out_error, Status::kOutOfMemory, "memory ran out");
  } catch (const std::exception& e) {
    return fail(out_error, Status::kInternal, e.what());
  } catch (...) {
    return fail(out_error, Status::kInternal, "unknown exception");
  }
}

// Runs a body that returns Status: the functions without an error object.
template <typename Body>
xgr_status_t guard_status(Body body) noexcept {
  try {
    return as_status(body());
  } catch (const WorkStopped& stopped) {
    return as_status(stopped.error.code);
  } catch (const std::bad_alloc&) {
    return XGR_ERROR_OUT_OF_MEMORY;
  } catch (...) {
    return XGR_ERROR_INTERNAL;
  }
}

// Runs the body of a getter, which has no way to report a failure.
template <typename Value, typename Body>
Value guard_value(Value otherwise, Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
}

// Runs the body of a function that returns nothing and has no way to report a failure.
template <typename Body>
void guard_void(Body body) noexcept {
  try {
    body();
  } catch (...) {  // it stays undone
  }
}

// What the size and the unknown tail of an options struct allow; `name` is its C name.
MaybeError check_options(const void* given, size_t known_size, const char* name);

// Whether a struct that the library writes has a believable size.
bool stats_size_ok(const void* given);

// Hands over a struct to a caller whose header may be older or newer than ours.
template <typename Stats>
Status give_stats(Stats own, Stats* out) {
  if (out == nullptr || !stats_size_ok(out)) return Status::kInvalidArgument;
  const size_t size = out->struct_size;
  own.struct_size = size;
  std::memcpy(out, &own, size < sizeof(own) ? size : sizeof(own));
  if (size > sizeof(own))
    std::memset(reinterpret_cast<char*>(out) + sizeof(own), 0, size - sizeof(own));
  return Status::kOk;
}

// Tells the size of a text; writes it and a final NUL where they fit.
void give_text(const std::string& own, char* text, size_t text_capacity, size_t* out_text_size);

// Copies the caller's options, which may be older or newer than ours. NULL means all defaults.
template <typename Options>
MaybeError read_options(const Options* given, const char* name, Options* out) {
  std::memset(out, 0, sizeof(*out));
  if (given == nullptr) return std::nullopt;
  if (MaybeError error = check_options(given, sizeof(*out), name)) return error;
  const size_t size = given->struct_size < sizeof(*out) ? given->struct_size : sizeof(*out);
  std::memcpy(out, given, size);
  if (out->reserved != 0)
    return invalid_argument(std::string(name) + ": reserved is " + std::to_string(out->reserved) +
                            "; expected 0");
  return std::nullopt;
}

}  // namespace xgr::core
