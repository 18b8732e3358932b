// Microbenchmarks, layer by layer, with Google Benchmark.
//
//   micro --benchmark_out=micro.csv --benchmark_out_format=csv --benchmark_filter=fill
//   micro --vocabulary FILE|-       a vocabulary from a file; see vocabulary.h
//
// A cold walk is timed by hand, because everything before it is new each time. `mask/copy` beside
// `mask/fill_warm` is what a filled mask costs at the least.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "cases.h"
#include "matcher/matcher.h"
#include "support/bit_kernels.h"
#include "vocabulary.h"
#include "walk.h"

using namespace xgr::core;
using namespace xgr::core::bench;

namespace {

struct World {
  Vocabulary vocabulary;
  std::shared_ptr<const Tokenizer> tokenizer;
};
World* world = nullptr;  // set by main, before any benchmark runs

std::unique_ptr<Compiler> new_compiler() {
  return std::move(Compiler::create(world->tokenizer, {})).value();
}

struct Place {
  const char* name;
  Language language;
  const char* source;
  const char* text;  // the mask after it
};
constexpr Place kPlaces[] = {
    {"json_string", Language::kJsonSchema, "{\"type\":\"string\"}", "\"some text"},
    {"json_string_max_20", Language::kJsonSchema, "{\"type\":\"string\",\"maxLength\":20}",
     "\"some text"},
    {"json_number", Language::kJsonSchema, "{\"type\":\"number\"}", "12"},
    {"json_begin", Language::kJsonSchema, "{\"type\":\"object\"}", ""},
    {"json_value", Language::kJsonSchema, "{\"type\":\"object\"}", "{\"a\": "},
    {"json_member_end", Language::kJsonSchema, "{\"type\":\"object\"}", "{\"a\": [{\"b\": 1"},
    {"printable_ascii", Language::kRegex, "[ -~]*;", "some text"},
    {"lower_case", Language::kRegex, "[a-z]+", "text"},
    {"any_character", Language::kRegex, "(.|\\n)*", "text"},
};

std::unique_ptr<Matcher> matcher_at(Compiler* compiler, const Place& p) {
  Case c{p.language, p.source, {}, {}, {}};
  std::unique_ptr<Matcher> m = std::move(Matcher::create(compile(compiler, c).value(), {})).value();
  bool accepted = false;
  if (m->accept_bytes(p.text, &accepted) != Status::kOk || !accepted) {
    std::fprintf(stderr, "%s: the text is refused\n", p.name);
    std::exit(1);
  }
  return m;
}

// A document of about `count` tokens, and a matcher for it.
struct Document {
  explicit Document(size_t count) {
    Case c = random_schema(3);
    c.source = "{\"type\":\"array\",\"items\":" + c.source + "}";
    compiler = new_compiler();
    matcher = std::move(Matcher::create(compile(compiler.get(), c).value(), {})).value();
    std::string text = "[" + c.texts[0];
    while (tokens.size() < count) {
      text += ", " + c.texts[0];
      tokens = tokenize(*world->tokenizer, text);
    }
  }
  void accept_all() {
    for (int32_t t : tokens) matcher->accept_token(t, &accepted);
    if (!accepted) std::abort();
  }
  std::unique_ptr<Compiler> compiler;
  std::unique_ptr<Matcher> matcher;
  std::vector<int32_t> tokens;
  bool accepted = false;
};

void tokenizer_build(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(world->vocabulary.tokenizer());
  state.SetLabel(std::to_string(world->tokenizer->memory_bytes() >> 20) + " MiB");
}

void charset_mask(benchmark::State& state, std::string_view first_last) {
  std::array<uint64_t, 4> bytes{};
  for (int b = 0; b < 256; ++b) {
    bool in = b >= 0x80 || (b >= 0x20 && b != '"' && b != '\\');
    if (!first_last.empty()) in = b >= first_last[0] && b <= first_last[1];
    if (in) bytes[static_cast<size_t>(b >> 6)] |= uint64_t{1} << (b & 63);
  }
  const ByteIndex& index = world->tokenizer->byte_index();
  std::vector<uint32_t> words(index.mask_words());
  for (auto _ : state) {
    index.fill_inside(bytes, ByteIndex::kUnlimited, words.data());
    benchmark::ClobberMemory();
  }
}

// One of the loops over bitmasks, over masks of the vocabulary.
enum class Loop { kCount, kAdd, kReplace, kSubtract };

void bit_loop(benchmark::State& state, const BitKernels* kernels, Loop loop) {
  const size_t n = world->tokenizer->mask_words();
  std::vector<uint32_t> out(n, 0x5A5A5A5A), x(n, 0x33CC33CC), y(n, 0x00010001);
  const std::vector<const uint32_t*> rows{x.data(), y.data(), x.data(), y.data()};
  for (auto _ : state) {
    switch (loop) {
      case Loop::kCount:
        benchmark::DoNotOptimize(kernels->count(x.data(), n));
        break;
      case Loop::kAdd:
        kernels->add(out.data(), x.data(), n);
        break;
      case Loop::kReplace:
        kernels->replace(out.data(), x.data(), y.data(), n);
        break;
      case Loop::kSubtract:
        kernels->subtract(out.data(), x.data(), rows, n);
        break;
    }
    benchmark::ClobberMemory();
  }
}

void list_all(benchmark::State& state) {
  std::vector<uint32_t> words(world->tokenizer->mask_words());
  std::vector<int32_t> ids(static_cast<size_t>(state.range(0)));
  for (size_t i = 0; i < ids.size(); ++i) {
    const size_t id = i * (words.size() * 32 / ids.size());
    words[id / 32] |= 1u << (id % 32);
  }
  for (auto _ : state) benchmark::DoNotOptimize(list_bits(words, ids.data()));
}

void mask_cold(benchmark::State& state, const Place& p) {
  std::vector<uint32_t> words(world->tokenizer->mask_words());
  MaskKind kind;
  for (auto _ : state) {
    std::unique_ptr<Compiler> compiler = new_compiler();
    std::unique_ptr<Matcher> m = matcher_at(compiler.get(), p);
    const double begin = now_us();
    m->fill_bitmask(words.data(), words.size(), &kind);
    state.SetIterationTime((now_us() - begin) / 1e6);
  }
}

void mask_warm(benchmark::State& state, const Place& p) {
  std::vector<uint32_t> words(world->tokenizer->mask_words());
  MaskKind kind;
  std::unique_ptr<Compiler> compiler = new_compiler();
  std::unique_ptr<Matcher> m = matcher_at(compiler.get(), p);
  for (auto _ : state) {
    m->fill_bitmask(words.data(), words.size(), &kind);
    benchmark::ClobberMemory();
  }
}

void mask_lent(benchmark::State& state, const Place& p) {
  const uint32_t* words = nullptr;
  MaskKind kind;
  std::unique_ptr<Compiler> compiler = new_compiler();
  std::unique_ptr<Matcher> m = matcher_at(compiler.get(), p);
  for (auto _ : state) {
    m->lend_bitmask(&words, &kind);
    benchmark::DoNotOptimize(words);
  }
}

void mask_copy(benchmark::State& state) {
  std::vector<uint32_t> from(world->tokenizer->mask_words(), 0xA5A5A5A5), to(from.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(from.data());
    std::memcpy(to.data(), from.data(), from.size() * sizeof(uint32_t));
    benchmark::ClobberMemory();
  }
}

void accept(benchmark::State& state) {
  Document d(2000);
  d.accept_all();
  size_t tokens = 0;
  for (auto _ : state) {
    d.matcher->reset();
    d.accept_all();
    tokens += d.tokens.size();
  }
  state.SetItemsProcessed(static_cast<int64_t>(tokens));
  state.SetLabel(std::to_string(d.matcher->memory_bytes() / d.tokens.size()) + " bytes a token");
}

// As many steps as the argument says, forth (not timed) and back.
void rollback(benchmark::State& state) {
  Document d(2000);
  d.accept_all();
  const size_t steps = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    const double begin = now_us();
    d.matcher->rollback(steps);
    state.SetIterationTime((now_us() - begin) / 1e6);
    for (size_t i = d.tokens.size() - steps; i < d.tokens.size(); ++i) {
      d.matcher->accept_token(d.tokens[i], &d.accepted);
    }
  }
}

void clone(benchmark::State& state) {
  Document d(static_cast<size_t>(state.range(0)));
  d.accept_all();
  for (auto _ : state) benchmark::DoNotOptimize(d.matcher->clone());
}

void compile_schema(benchmark::State& state) {
  std::string source = "{\"type\":\"object\",\"properties\":{";
  for (int64_t i = 0; i < state.range(0); ++i) {
    source += (i ? ",\"p" : "\"p") + std::to_string(i) +
              "\":" + random_schema(static_cast<uint64_t>(i)).source;
  }
  source += "}}";
  std::unique_ptr<Compiler> compiler = new_compiler();
  for (auto _ : state) {
    if (!compiler->compile_json_schema(source, {}).ok()) state.SkipWithError("refused");
  }
  state.SetBytesProcessed(static_cast<int64_t>(source.size()) * state.iterations());
}

void register_bit_loops() {
  constexpr std::pair<const char*, SimdLevel> kLevels[] = {{"portable", SimdLevel::kPortable},
                                                           {"neon", SimdLevel::kNeon},
                                                           {"avx2", SimdLevel::kAvx2},
                                                           {"avx512", SimdLevel::kAvx512}};
  constexpr std::pair<const char*, Loop> kLoops[] = {{"count", Loop::kCount},
                                                     {"add", Loop::kAdd},
                                                     {"replace", Loop::kReplace},
                                                     {"subtract_4_rows", Loop::kSubtract}};
  for (const auto& [loop_name, loop] : kLoops) {
    for (const auto& [level_name, level] : kLevels) {
      const BitKernels* kernels = bit_kernels_of(level);
      if (!kernels) continue;
      const std::string name = std::string("bits/") + loop_name + "/" + level_name;
      benchmark::RegisterBenchmark(name.c_str(), bit_loop, kernels, loop);
    }
  }
  benchmark::RegisterBenchmark("bits/list", list_all)->Arg(10)->Arg(1000);
}

void register_all() {
  using benchmark::RegisterBenchmark;
  register_bit_loops();
  RegisterBenchmark("tokenizer/build", tokenizer_build)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("tokenizer/charset_mask/json_string", charset_mask, "");
  RegisterBenchmark("tokenizer/charset_mask/a-z", charset_mask, "az");
  for (const Place& p : kPlaces) {
    RegisterBenchmark((std::string("mask/fill_cold/") + p.name).c_str(), mask_cold, p)
        ->UseManualTime()
        ->Iterations(20)
        ->Unit(benchmark::kMicrosecond);
  }
  RegisterBenchmark("mask/copy", mask_copy);
  for (const Place& p : kPlaces) {
    RegisterBenchmark((std::string("mask/fill_warm/") + p.name).c_str(), mask_warm, p);
  }
  for (const Place& p : kPlaces) {
    RegisterBenchmark((std::string("mask/lend_warm/") + p.name).c_str(), mask_lent, p);
  }
  RegisterBenchmark("matcher/accept", accept);
  RegisterBenchmark("matcher/rollback", rollback)
      ->UseManualTime()
      ->Arg(1)
      ->Arg(100)
      ->Iterations(2000);
  RegisterBenchmark("matcher/clone", clone)->Arg(100)->Arg(10000);
  RegisterBenchmark("compiler/schema", compile_schema)
      ->Arg(1)
      ->Arg(10)
      ->Arg(100)
      ->Arg(1000)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--vocabulary") != 0) continue;
    path = argv[i + 1];
    for (int k = i; k + 2 <= argc; ++k) argv[k] = argv[k + 2];
    argc -= 2;
  }
  World w{path.empty() ? make_vocabulary(131072) : read_vocabulary(path), nullptr};
  w.tokenizer = w.vocabulary.tokenizer();
  world = &w;
  register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("vocabulary", w.vocabulary.name);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
