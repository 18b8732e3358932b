// Status codes, the error value and Result<T>: how failure caused by input travels inside the core.
//
// A function that can fail because of what a caller passed returns Result<T> (or Status when the
// reason is obvious); a broken invariant of ours is XGR_CHECK. Nothing here throws.
//
//   Result<Grammar> r = parse(...);
//   if (!r.ok()) return r.error();
//   use(std::move(r).value());
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace xgr::core {

// Numbers are those of the C API (static_asserts in capi/); frozen, never reused.
enum class Status : int32_t {
  kOk = 0,
  kInvalidArgument = 1,
  kOutOfMemory = 2,
  kInvalidSource = 3,
  kUnsupported = 4,
  kLimitExceeded = 5,
  kInvalidState = 6,
  kInvalidData = 7,
  kInternal = 8,
  kCancelled = 9,
};

struct Error {
  Status code = Status::kInternal;
  std::string message;       // one line: what was wrong, where, what would be accepted
  int64_t byte_offset = -1;  // into the source text; -1 when unknown
  int32_t line = 0;          // 1-based; 0 when unknown
  int32_t column = 0;        // 1-based, in code points; 0 when unknown
  std::string json_pointer;  // RFC 6901, for JSON sources
  bool has_json_pointer = false;
};

// Error of a whole text, or of something that is no text.
Error make_error(Status code, std::string message);
// Error at a byte offset of `source`: fills in line and column.
Error error_at(Status code, std::string message, std::string_view source, size_t byte_offset);
// Error at a JSON Pointer.
Error error_at_pointer(Status code, std::string message, std::string pointer);

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return state_.index() == 0; }
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  Error& error() { return *std::get_if<1>(&state_); }
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

// Result of a function that returns nothing but may fail.
using MaybeError = std::optional<Error>;

[[noreturn]] inline void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "xgr: internal check failed: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace xgr::core

// A broken invariant of our own, never a caller's mistake.
#define XGR_CHECK(cond) \
  ((cond) ? static_cast<void>(0) : ::xgr::core::check_failed(#cond, __FILE__, __LINE__))
