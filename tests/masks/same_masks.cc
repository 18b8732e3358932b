// Masks do not depend on how they come about: warm-up, eviction, threads, lending, prefetching.
//
//   same_masks --cases tests/cases                   all cases
//   same_masks --schemas FILE|- [--vocabulary FILE]  schemas with instances; see samples.h
//   options: --seconds N (stops then)  --only TEXT (samples with such names)  --way TEXT (ways
//   likewise)
//
// Every sample is compiled and its texts are walked through, a mask before each token: first
// plainly, by a compiler of its own, then by one compiler for each of the ways below, which serves
// all samples and keeps the last few grammars. All masks have to be the same bit for bit. Prints
// what differs, what each way has built and evicted, and the time; the exit status is 0 when
// nothing differs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../bench/vocabulary.h"
#include "compiler/compiler.h"
#include "mask/warm_up.h"
#include "matcher/matcher.h"
#include "samples.h"
#include "tokenizer/saved_tokenizer.h"

namespace xgr::core::masks {
namespace {

constexpr size_t kGrammarsAlive = 8;

struct Way {
  const char* name;
  WarmUpLevel warm_up;
  size_t budget;  // 0: the default; 1: everything is evicted whenever something was built
  int threads;    // of the compiler, and walking at the same time
  bool lend;
  bool prefetch;
  bool saved = false;  // the tokenizer was saved and loaded again
};

constexpr Way kPlain{"plain", WarmUpLevel::kNone, 0, 1, false, false};
constexpr Way kWays[] = {
    {"lend", WarmUpLevel::kNone, 0, 1, true, false},
    {"saved", WarmUpLevel::kNone, 0, 1, false, false, true},
    {"bounded", WarmUpLevel::kBounded, 0, 1, false, false},
    {"full", WarmUpLevel::kFull, 0, 1, false, false},
    {"evict", WarmUpLevel::kNone, 1, 1, false, false},
    {"evict-lend", WarmUpLevel::kNone, 1, 1, true, false},
    {"some-evict-bounded", WarmUpLevel::kBounded, size_t{3} << 20, 1, false, false},
    {"threads", WarmUpLevel::kNone, 0, 4, false, false},
    {"threads-bounded", WarmUpLevel::kBounded, 0, 4, false, true},
    {"threads-full", WarmUpLevel::kFull, 0, 4, true, false},
    {"threads-evict", WarmUpLevel::kNone, 1, 4, true, true},
    {"threads-some-evict", WarmUpLevel::kBounded, size_t{3} << 20, 4, true, true},
};

// Hashes of the masks of one text, and whether the tokens were accepted.
using Trace = std::vector<uint64_t>;

uint64_t hash(const uint32_t* words, size_t count) {
  uint64_t h = count;
  for (size_t i = 0; i < count; ++i) h = (h ^ words[i]) * 0x9E3779B97F4A7C15ull, h ^= h >> 32;
  return h;
}

std::shared_ptr<const Tokenizer> saved_and_loaded(const Tokenizer& tokenizer) {
  std::vector<uint8_t> file(saved_size(tokenizer, {}));
  if (save_tokenizer(tokenizer, {}, file)) std::abort();
  return std::move(load_tokenizer_copy(file, true)).value().tokenizer;
}

Trace walk(const std::shared_ptr<const CompiledGrammar>& grammar, const Way& way,
           const std::vector<int32_t>& tokens) {
  MatcherOptions options;
  options.prefetch = way.prefetch;
  std::unique_ptr<Matcher> m = std::move(Matcher::create(grammar, options)).value();
  std::vector<uint32_t> own(grammar->tokenizer()->mask_words());
  Trace trace;
  for (size_t i = 0; i <= tokens.size(); ++i) {
    MaskKind kind = MaskKind::kSome;
    const uint32_t* words = own.data();
    const Status status =
        way.lend ? m->lend_bitmask(&words, &kind) : m->fill_bitmask(own.data(), own.size(), &kind);
    trace.push_back(static_cast<uint64_t>(status) << 8 | static_cast<uint64_t>(kind));
    if (status != Status::kOk || kind == MaskKind::kTerminated) break;
    trace.push_back(hash(words, own.size()));
    bool accepted = false;
    if (i < tokens.size())
      trace.push_back(static_cast<uint64_t>(m->accept_token(tokens[i], &accepted)));
    trace.push_back(accepted);
    if (!accepted) break;
  }
  return trace;
}

std::unique_ptr<Compiler> make_compiler(const std::shared_ptr<const Tokenizer>& t, const Way& way) {
  CompilerOptions options;
  options.threads = way.threads;
  options.warm_up = way.warm_up;
  options.memory_budget_bytes = way.budget;
  return std::move(Compiler::create(t, options)).value();
}

Compiler::Compiled compile(Compiler* compiler, const Sample& s) {
  if (s.kind == "ebnf") return compiler->compile_ebnf(s.source, "root");
  if (s.kind == "regex") return compiler->compile_regex(s.source);
  if (s.kind == "json") return compiler->compile_builtin_json(s.options.format);
  return compiler->compile_json_schema(s.source, s.options);
}

// One way, with its compiler and its last grammars.
struct Lane {
  Way way;
  std::unique_ptr<Compiler> compiler;
  std::deque<std::shared_ptr<const CompiledGrammar>> grammars;
  double seconds = 0;
  size_t most_memory = 0;
};

struct Arguments {
  std::vector<std::string> cases;
  std::string schemas, vocabulary, only, way;
  double seconds = 1e9;
};

class Program {
 public:
  explicit Program(const Arguments& a) : args_(a) {
    tokenizer_ = (a.vocabulary.empty() ? bench::make_vocabulary(32768)
                                       : bench::read_vocabulary(a.vocabulary))
                     .tokenizer();
    for (const Way& way : kWays) {
      if (std::strstr(way.name, a.way.c_str()))
        lanes_.push_back(
            {way, make_compiler(way.saved ? saved_and_loaded(*tokenizer_) : tokenizer_, way), {}});
    }
  }

  int run() {
    std::vector<Sample> samples = read_case_samples(args_.cases);
    if (!args_.schemas.empty()) {
      for (Sample& s : read_schema_samples(args_.schemas)) samples.push_back(std::move(s));
    }
    const auto start = std::chrono::steady_clock::now();
    size_t done = 0;
    for (const Sample& s : samples) {
      if (s.name.find(args_.only) == std::string::npos) continue;
      if (seconds_since(start) > args_.seconds) break;
      compare(s);
      ++done;
    }
    for (const Lane& lane : lanes_) report(lane);
    std::printf("%zu of %zu samples, %zu refused, %zu masks each, %.0f s: %zu differences\n", done,
                samples.size(), refused_, masks_, seconds_since(start), differences_);
    return differences_ > 0 || done == 0;
  }

 private:
  static double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  void compare(const Sample& s) {
    Compiler::Compiled plain = compile(make_compiler(tokenizer_, kPlain).get(), s);
    if (!plain.ok()) {
      ++refused_;
      return;
    }
    std::vector<std::vector<int32_t>> texts;
    std::vector<Trace> expected;
    for (const std::string& text : s.texts) {
      texts.push_back(bench::tokenize(*tokenizer_, text));
      expected.push_back(walk(plain.value(), kPlain, texts.back()));
      masks_ += expected.back().size() / 4 + 1;
    }
    for (Lane& lane : lanes_) compare(s, texts, expected, &lane);
  }

  void compare(const Sample& s, const std::vector<std::vector<int32_t>>& texts,
               const std::vector<Trace>& expected, Lane* lane) {
    const auto start = std::chrono::steady_clock::now();
    Compiler::Compiled grammar = compile(lane->compiler.get(), s);
    if (!grammar.ok()) return differ(*lane, s, "refused: " + grammar.error().message);
    lane->grammars.push_back(grammar.value());
    if (lane->grammars.size() > kGrammarsAlive) lane->grammars.pop_front();
    std::vector<std::vector<Trace>> got(static_cast<size_t>(lane->way.threads));
    auto work = [&](size_t thread) {
      for (size_t i = 0; i < texts.size(); ++i) {  // each begins with another text
        const size_t text = (i + thread) % texts.size();
        got[thread].push_back(walk(grammar.value(), lane->way, texts[text]));
      }
    };
    std::vector<std::thread> others;
    for (size_t t = 1; t < got.size(); ++t) others.emplace_back(work, t);
    work(0);
    for (std::thread& t : others) t.join();
    for (size_t t = 0; t < got.size(); ++t) {
      for (size_t i = 0; i < texts.size(); ++i) {
        const size_t text = (i + t) % texts.size();
        if (got[t][i] != expected[text])
          differ(*lane, s, "other masks in " + s.texts[text].substr(0, 80));
      }
    }
    lane->seconds += seconds_since(start);
    lane->most_memory = std::max(lane->most_memory, lane->compiler->memory_bytes());
  }

  void differ(const Lane& lane, const Sample& s, const std::string& what) {
    ++differences_;
    std::printf("DIFFERENCE: %s, %s: %s\n", lane.way.name, s.name.c_str(), what.c_str());
  }

  static void report(const Lane& lane) {
    const CompiledStats stats = lane.compiler->stats();
    std::printf("%-20s %7.1f s, at most %6.1f MiB; of the living: %llu parts built, %llu evicted\n",
                lane.way.name, lane.seconds, static_cast<double>(lane.most_memory) / 1048576.0,
                static_cast<unsigned long long>(stats.parts_built),
                static_cast<unsigned long long>(stats.evictions));
  }

  const Arguments args_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<Lane> lanes_;
  size_t refused_ = 0, masks_ = 0, differences_ = 0;
};

bool parse(int argc, char** argv, Arguments* out) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--cases") {
      out->cases.push_back(value);
    } else if (name == "--schemas") {
      out->schemas = value;
    } else if (name == "--vocabulary") {
      out->vocabulary = value;
    } else if (name == "--seconds") {
      out->seconds = std::strtod(value.c_str(), nullptr);
    } else if (name == "--only") {
      out->only = value;
    } else if (name == "--way") {
      out->way = value;
    } else {
      return false;
    }
  }
  return argc % 2 == 1 && (!out->cases.empty() || !out->schemas.empty());
}

}  // namespace
}  // namespace xgr::core::masks

int main(int argc, char** argv) {
  xgr::core::masks::Arguments arguments;
  if (!xgr::core::masks::parse(argc, argv, &arguments)) {
    std::fprintf(stderr,
                 "same_masks [--cases PATH]... [--schemas FILE|-] [--vocabulary FILE]\n"
                 "           [--seconds N] [--only TEXT] [--way TEXT]\n");
    return 2;
  }
  return xgr::core::masks::Program(arguments).run();
}
