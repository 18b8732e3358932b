// bounded: a call within limits, which gets a Work of its own and ends with an error where it hits one.
//
//   return bounded(limits, nullptr, [&](const Limits& own) { return parse(text, own); });
#pragma once

#include <type_traits>
#include <utility>

#include "support/cancel.h"
#include "support/limits.h"

namespace xgr::core {

// The body is given the limits with the work to charge; what it gives can be made of an Error. Work that
// the limits have already is that of a call around this one, and stays. `cancel` (null: none).
template <typename Body>
std::invoke_result_t<Body, const Limits&> bounded(const Limits& limits, const Cancel* cancel,
                                                  Body&& body) {
  if (limits.work != nullptr) return body(limits);
  Work::Bounds bounds = compile_bounds(limits);
  if (cancel != nullptr) bounds.cancelled = &cancel->flag();
  Work work(bounds);
  Limits own = limits;
  own.work = &work;
  try {
    work.check();
    return body(own);
  } catch (WorkStopped& stopped) {
    return std::move(stopped.error);
  }
}

}  // namespace xgr::core
