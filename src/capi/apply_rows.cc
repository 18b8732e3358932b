// Rows of logits and masks: what the options say, checked against the memory there is.
//
// Entry point: ApplyRows::read. Products of sizes are compared by division, so that none overflows.
//
//   {row_count 2, columns 50} over 100 logits -> rows at 0 and 50
//
// Tests: tests/capi/bitmask_test.c.
#include "capi/apply_rows.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "capi/guard.h"

namespace xgr::core {
namespace {

// How many rows of `size` elements, `stride` from one to the next, there are.
size_t rows_in(size_t elements, size_t size, size_t stride) {
  if (size > elements) return 0;
  return stride == 0 ? 1 : (elements - size) / stride + 1;
}

bool all_below(const int32_t* numbers, size_t count, size_t limit) {
  return std::all_of(numbers, numbers + count,
                     [&](int32_t n) { return n >= 0 && static_cast<size_t>(n) < limit; });
}

bool all_different(const int32_t* numbers, size_t count) {
  std::vector<int32_t> sorted(numbers, numbers + count);
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

}  // namespace

bool ApplyRows::read(const xgr_apply_options_t* options, size_t logit_count, size_t mask_count) {
  xgr_apply_options_t o;
  if (read_options(options, "xgr_apply_options_t", &o)) return false;
  if (!find_rows(o)) return false;
  if ((logit_rows_ && o.columns == 0) || (mask_rows_ && o.mask_words == 0)) return false;
  columns_ = o.columns != 0 ? o.columns : logit_count / std::max<size_t>(count_, 1);
  stride_ = o.stride != 0 ? o.stride : columns_;
  mask_words_ = o.mask_words != 0 ? o.mask_words : mask_count / std::max<size_t>(count_, 1);
  if (stride_ < columns_) return false;
  logit_rows_there_ = rows_in(logit_count, columns_, stride_);
  masks_there_ = rows_in(mask_count, mask_words_, mask_words_);
  if (logit_rows_) {
    if (!all_below(logit_rows_, count_, logit_rows_there_)) return false;
    if (!all_different(logit_rows_, count_)) return false;
  } else if (count_ > logit_rows_there_ && columns_ > 0) {
    return false;
  }
  return mask_rows_ ? all_below(mask_rows_, count_, masks_there_)
                    : count_ <= masks_there_ || mask_words_ == 0;
}

bool ApplyRows::find_rows(const xgr_apply_options_t& o) {
  if ((o.logit_row_count > 0) != (o.logit_rows != nullptr)) return false;
  if ((o.mask_row_count > 0) != (o.mask_rows != nullptr)) return false;
  count_ = std::max({o.row_count, o.logit_row_count, o.mask_row_count});
  if (count_ == 0) count_ = 1;
  for (size_t given : {o.row_count, o.logit_row_count, o.mask_row_count}) {
    if (given != 0 && given != count_) return false;
  }
  logit_rows_ = o.logit_rows;
  mask_rows_ = o.mask_rows;
  return true;
}

size_t ApplyRows::masked() const {
  constexpr size_t kMost = std::numeric_limits<size_t>::max() / 32;
  return std::min(columns_, std::min(mask_words_, kMost) * 32);
}

void ApplyRows::apply(uint16_t* logits, const uint32_t* masks, size_t pair, uint16_t low) const {
  uint16_t* row = logits + stride_ * logit_row(pair);
  const size_t n = masked();
  bit_kernels().mask_16(row, mask_of(masks, pair), n, low);
  std::fill(row + n, row + columns_, low);
}

void ApplyRows::apply(float* logits, const uint32_t* masks, size_t pair) const {
  float* row = logits + stride_ * logit_row(pair);
  const size_t n = masked();
  bit_kernels().mask_32(row, mask_of(masks, pair), n, kLowFloat32);
  std::fill(row + n, row + columns_, -std::numeric_limits<float>::infinity());
}

}  // namespace xgr::core
