// What a call costs: the C function, and the wrapper for C++ on top of it. The figures of the other
// languages are compared with the first line.
//
//   overhead [CALLS]
//
// One fill of the mask of a state whose mask is there already, for 97 tokens; best of many short runs,
// taken in turn.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>
#include <xgr/xgr.hpp>

namespace {

constexpr int kRuns = 60;

template <class Function>
double one_run(long calls, Function&& function) {
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < calls; ++i) function();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / static_cast<double>(calls);
}

}  // namespace

int main(int argc, char** argv) {
  const long calls = argc > 1 ? std::atol(argv[1]) : 5000;
  std::string bytes;
  for (int i = 0; i < 96; ++i) bytes.push_back(static_cast<char>(0x20 + i));
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < 96; ++i) texts.push_back(std::string_view(bytes).substr(i, 1));
  texts.emplace_back();
  const std::vector<std::int32_t> stop = {96};
  xgr::TokenizerOptions options;
  options.stop_tokens = stop;
  xgr::Compiler compiler(xgr::Tokenizer(texts, options));
  xgr::Matcher matcher(compiler.compile_regex("[a-z]+"));
  std::vector<std::uint32_t> mask(matcher.mask_words());
  xgr_matcher_t* handle = matcher.get();
  xgr_mask_kind_t kind = 0;
  double c = 1e9, cpp = 1e9, asking = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    c = std::min(c, one_run(calls, [&] {
                   xgr_matcher_fill_bitmask(handle, mask.data(), mask.size(), &kind);
                 }));
    cpp = std::min(cpp, one_run(calls, [&] { matcher.fill_bitmask(mask); }));
    asking = std::min(asking, one_run(calls, [&] { matcher.is_terminated(); }));
  }
  std::printf("C fill: %.1f ns\nC++ fill: %.1f ns\nC++ is_terminated: %.1f ns\n", c, cpp, asking);
  return 0;
}
