// Batch: many matchers served by a few threads.
//
// The matchers of a call, each of them once, are in use until it returns. What fails for one does not
// touch the others: each has a status of its own.
//
//   Batch batch(1);                                          // one thread beside the caller's
//   batch.fill(matchers, {words, stride, nullptr, rows}, kinds, statuses);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "matcher/matcher.h"
#include "support/cancel.h"
#include "support/status.h"
#include "support/thread_team.h"

namespace xgr::core {

class Batch {
 public:
  using Matchers = std::span<Matcher* const>;
  // Rows of masks: matcher i fills the words from words + stride * rows[i] on.
  struct Rows {
    uint32_t* words;
    size_t stride;
    size_t count;
    const int32_t* numbers;  // null: row i
  };

  explicit Batch(int threads) : team_(threads) {}
  int threads() const { return team_.threads(); }
  // Matchers that a call has not served when it is requested get kCancelled; null: none.
  void set_cancel(CancelPtr cancel) { cancel_ = std::move(cancel); }

  // Each returns kInvalidArgument, and does nothing, when a matcher or a row is given twice, a row does
  // not exist or is too short. Kinds, which may be null, and statuses are numbers of MaskKind and Status.
  Status fill(Matchers matchers, const Rows& rows, int32_t* kinds, int32_t* statuses);
  Status accept_token(Matchers matchers, const int32_t* tokens, int32_t* accepted,
                      int32_t* statuses);
  // The texts lie one behind the other.
  Status accept_bytes(Matchers matchers, std::string_view bytes, const size_t* sizes,
                      int32_t* accepted, int32_t* statuses);
  Status rollback(Matchers matchers, const size_t* steps, int32_t* statuses);
  // Divides another loop among the threads.
  template <typename Body>
  void run(size_t count, Body&& body) {
    team_.run(count, body);
  }

 private:
  bool all_different(Matchers matchers);
  bool fit(Matchers matchers, const Rows& rows);
  // Calls serve(matcher, i) -> Status for all of them.
  template <typename Serve>
  void each(Matchers matchers, int32_t* statuses, Serve&& serve);

  ThreadTeam team_;
  CancelPtr cancel_;
  uint64_t round_ = 0;
  std::vector<uint64_t> row_round_;  // by row: in which round it was last filled
  std::vector<size_t> offsets_;      // scratch
};

}  // namespace xgr::core
