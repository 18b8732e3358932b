// Rows of logits and of masks, as xgr_apply_options_t lays them out, and the loop over them.
//
//   ApplyRows rows;
//   if (!rows.read(options, logit_count, mask_count)) return Status::kInvalidArgument;
//   for (size_t i = 0; i < rows.count(); ++i) rows.apply(logits, masks, i);
#pragma once

#include <xgr/bitmask.h>

#include <cstddef>
#include <cstdint>

#include "support/bit_kernels.h"
#include "support/status.h"

namespace xgr::core {

class ApplyRows {
 public:
  // False when rows lie outside, or a row of the logits comes twice.
  bool read(const xgr_apply_options_t* options, size_t logit_count, size_t mask_count);
  size_t count() const { return count_; }
  // Writes `low` over the logits that mask does not allow.
  void apply(uint16_t* logits, const uint32_t* masks, size_t pair, uint16_t low) const;
  void apply(float* logits, const uint32_t* masks, size_t pair) const;

 private:
  bool find_rows(const xgr_apply_options_t& o);
  size_t logit_row(size_t pair) const {
    return logit_rows_ ? static_cast<size_t>(logit_rows_[pair]) : pair;
  }
  const uint32_t* mask_of(const uint32_t* masks, size_t pair) const {
    return masks + mask_words_ * (mask_rows_ ? static_cast<size_t>(mask_rows_[pair]) : pair);
  }
  // How many logits of a row have a bit in the mask.
  size_t masked() const;

  size_t count_ = 0, columns_ = 0, stride_ = 0, mask_words_ = 0;
  size_t logit_rows_there_ = 0, masks_there_ = 0;
  const int32_t* logit_rows_ = nullptr;
  const int32_t* mask_rows_ = nullptr;
};

// What a logit becomes that is not allowed: minus infinity.
inline constexpr uint32_t kLowFloat32 = 0xFF800000;
inline constexpr uint16_t kLowFloat16 = 0xFC00;
inline constexpr uint16_t kLowBfloat16 = 0xFF80;

// Calls run(count, body), which calls body for each pair; `low` is there for 16 bits only.
template <typename Run, typename Logit, typename... Low>
Status apply_rows(Run&& run, Logit* logits, size_t logit_count, const uint32_t* masks,
                  size_t mask_count, const xgr_apply_options_t* options, Low... low) {
  if (logits == nullptr || masks == nullptr) return Status::kInvalidArgument;
  ApplyRows rows;
  if (!rows.read(options, logit_count, mask_count)) return Status::kInvalidArgument;
  run(rows.count(), [&](size_t pair) noexcept { rows.apply(logits, masks, pair, low...); });
  return Status::kOk;
}

}  // namespace xgr::core
