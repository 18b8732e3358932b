// Named sources, and circles among them.
//
// Entry points: find_named_source, find_named_cycle (named_sources.h). Scopes that use each other
// are searched depth first, with the way to the current one on a stack: what is on it and is met
// again closes a circle.
//
//   @left -> @right -> @left     refused, with this chain
//
// Tests: tests/unit/frontend/lark_test.cc.
#include "frontend/lark/named_sources.h"

#include <string>
#include <vector>

#include "frontend/source_text.h"

namespace xgr::core {
namespace {

// The way to a scope, as the names passed.
std::string chain(const LarkSource& source, const std::vector<uint32_t>& way, uint32_t last) {
  std::vector<std::string_view> names;
  bool inside = false;
  for (uint32_t scope : way) {
    inside = inside || scope == last;
    std::string_view title = source.scopes[scope].title;
    if (inside && (names.empty() || names.back() != title)) names.push_back(title);
  }
  names.push_back(source.scopes[last].title);
  return show_chain(names);
}

}  // namespace

std::optional<std::string_view> find_named_source(const LarkOptions& options,
                                                  std::string_view name) {
  for (const LarkNamedSource& source : options.named_sources) {
    if (source.name == name) return source.text;
  }
  return std::nullopt;
}

MaybeError find_named_cycle(const LarkSource& source) {
  enum : uint8_t { kNew, kOpen, kDone };
  using Uses = std::unordered_map<uint32_t, uint32_t>::const_iterator;
  std::vector<uint8_t> state(source.scopes.size(), kNew);
  std::vector<uint32_t> way;
  std::vector<Uses> next;
  auto enter = [&](uint32_t scope) {
    state[scope] = kOpen;
    way.push_back(scope);
    next.push_back(source.scopes[scope].used.begin());
  };
  enter(0);
  while (!way.empty()) {
    const uint32_t scope = way.back();
    if (next.back() == source.scopes[scope].used.end()) {
      state[scope] = kDone;
      way.pop_back();
      next.pop_back();
      continue;
    }
    auto [to, offset] = *next.back()++;
    if (state[to] == kNew)
      enter(to);
    else if (state[to] == kOpen) {
      return source.error(Status::kInvalidSource,
                          "named grammars lead in a circle: " + chain(source, way, to), scope,
                          offset);
    }
  }
  return std::nullopt;
}

}  // namespace xgr::core
