// Batch: a loop over matchers, divided among threads.
//
// Entry point: Batch::fill. Threads take the matchers one by one, so a mask that takes long delays no
// other. Two of a matcher are found by a mark in it, in one pass and without memory.
//
//   fill({a, b, c}, rows) -> kinds {some, all, some}, statuses {ok, ok, limit exceeded}
//
// Tests: tests/capi/batch_test.c, tests/reference.
#include "matcher/batch.h"

#include <algorithm>
#include <new>

#include "compiler/compiler.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

bool Batch::all_different(Matchers matchers) {
  ++round_;
  bool different = true;
  for (Matcher* m : matchers) different &= m->mark(this, round_);
  // A batch that is made where this one was counts its rounds anew.
  for (Matcher* m : matchers) m->mark(nullptr, 0);
  return different;
}

bool Batch::fit(Matchers matchers, const Rows& rows) {
  for (const Matcher* m : matchers) {
    if (rows.stride < m->grammar()->tokenizer()->mask_words()) return false;
  }
  if (!rows.numbers) return matchers.size() <= rows.count;
  row_round_.resize(std::max(row_round_.size(), rows.count), 0);
  for (size_t i = 0; i < matchers.size(); ++i) {
    const auto row = static_cast<size_t>(rows.numbers[i]);
    if (rows.numbers[i] < 0 || row >= rows.count || row_round_[row] == round_) return false;
    row_round_[row] = round_;
  }
  return true;
}

template <typename Serve>
void Batch::each(Matchers matchers, int32_t* statuses, Serve&& serve) {
  const std::atomic<bool>* flag = cancel_ ? &cancel_->flag() : nullptr;
  team_.run(matchers.size(), [&](size_t i) noexcept {
    Matcher& m = *matchers[i];
    m.set_also_cancelled(flag);
    Status status = Status::kCancelled;
    try {
      if (!cancel_ || !cancel_->requested()) status = serve(m, i);
    } catch (const std::bad_alloc&) {
      status = Status::kOutOfMemory;
    } catch (...) {
      status = Status::kInternal;
    }
    statuses[i] = static_cast<int32_t>(status);
    m.set_also_cancelled(nullptr);
  });
}

Status Batch::fill(Matchers matchers, const Rows& rows, int32_t* kinds, int32_t* statuses) {
  if (!all_different(matchers) || !fit(matchers, rows)) return Status::kInvalidArgument;
  if (kinds) std::fill_n(kinds, matchers.size(), 0);
  each(matchers, statuses, [&](const Matcher& m, size_t i) {
    const size_t row = rows.numbers ? static_cast<size_t>(rows.numbers[i]) : i;
    MaskKind kind = MaskKind::kSome;
    const Status status = m.fill_bitmask(rows.words + row * rows.stride, rows.stride, &kind);
    if (kinds && status == Status::kOk) kinds[i] = static_cast<int32_t>(kind);
    return status;
  });
  return Status::kOk;
}

Status Batch::accept_token(Matchers matchers, const int32_t* tokens, int32_t* accepted,
                           int32_t* statuses) {
  if (!all_different(matchers)) return Status::kInvalidArgument;
  std::fill_n(accepted, matchers.size(), 0);
  each(matchers, statuses, [&](Matcher& m, size_t i) {
    bool ok = false;
    const Status status = m.accept_token(tokens[i], &ok);
    accepted[i] = status == Status::kOk && ok ? 1 : 0;
    return status;
  });
  return Status::kOk;
}

Status Batch::accept_bytes(Matchers matchers, std::string_view bytes, const size_t* sizes,
                           int32_t* accepted, int32_t* statuses) {
  offsets_.clear();
  size_t offset = 0;
  for (size_t i = 0; i < matchers.size(); ++i) {
    offsets_.push_back(offset);
    if (sizes[i] > bytes.size() - offset) return Status::kInvalidArgument;
    offset += sizes[i];
  }
  if (offset != bytes.size() || !all_different(matchers)) return Status::kInvalidArgument;
  std::fill_n(accepted, matchers.size(), 0);
  each(matchers, statuses, [&](Matcher& m, size_t i) {
    bool ok = false;
    const Status status = m.accept_bytes(bytes.substr(offsets_[i], sizes[i]), &ok);
    accepted[i] = status == Status::kOk && ok ? 1 : 0;
    return status;
  });
  return Status::kOk;
}

Status Batch::rollback(Matchers matchers, const size_t* steps, int32_t* statuses) {
  if (!all_different(matchers)) return Status::kInvalidArgument;
  each(matchers, statuses, [&](Matcher& m, size_t i) { return m.rollback(steps[i]); });
  return Status::kOk;
}

}  // namespace xgr::core
