// Counts: walks through all cases and compares what that took with counts.ratchet.
//
//   counts counts.ratchet            states, trie nodes visited in all and for the worst mask, KiB
//   counts counts.ratchet --update   the same, and writes back what got better
//   counts counts.ratchet --raise    the same, and writes back what got worse: say why in the
//   commit counts --time                    processor times as CSV: compile, worst cold mask,
//   missed bars options: --only TEXT  --vocabulary FILE|-
//
// Each text is walked by its longest tokens and, its beginning, byte by byte, each time with a new
// compiler; a figure is the worst of these walks, visits are those of all.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <string>

#include "ratchet.h"
#include "vocabulary.h"
#include "walk.h"

using namespace xgr::core;
using namespace xgr::core::bench;

namespace {

constexpr double kCompileBarUs = 50000, kMaskBarUs = 1000;
constexpr size_t kByteWalk = 2000;      // bytes walked one by one
constexpr size_t kLongTokens = 100000;  // of a long output
constexpr size_t kSchemas = 1000;
constexpr size_t kBudgetBytes = size_t{512} << 20;  // the compiler's default

struct Arguments {
  std::string ratchet, only, vocabulary;
  bool update = false, raise = false, time = false;
};

struct Figures {
  Ratchet::Line counts{};
  double compile_us = 1e18, mask_us = 0, accept_us = 0;
  size_t tokens = 0;
  std::string error;

  void add(const Walk& w) {
    uint64_t worst = 0;
    for (const Step& s : w.steps) worst = std::max(worst, s.visits);
    counts[0] = std::max<uint64_t>(counts[0], w.totals.states);
    counts[1] += w.totals.visits;
    counts[2] = std::max(counts[2], worst);
    counts[3] = std::max<uint64_t>(counts[3], w.totals.bytes / 1024);
    tokens += w.steps.size();
    if (error.empty()) error = w.error;
  }
  // The quickest of several walks along the same tokens, step by step.
  void add_times(const std::vector<Walk>& walks) {
    for (size_t i = 0; i < walks[0].steps.size(); ++i) {
      double mask = 1e18, accept = 1e18;
      for (const Walk& w : walks) {
        mask = std::min(mask, w.steps[i].mask_cpu_us);
        accept = std::min(accept, w.steps[i].accept_cpu_us);
      }
      mask_us = std::max(mask_us, mask);
      accept_us = std::max(accept_us, accept);
    }
    for (const Walk& w : walks) compile_us = std::min(compile_us, w.compile_us);
  }
};

class Program {
 public:
  explicit Program(const Arguments& a) : args_(a) {}

  int run() {
    if (!args_.time && !ratchet_.read(args_.ratchet) && !args_.update) {
      std::fprintf(stderr, "cannot read %s\n", args_.ratchet.c_str());
      return 2;
    }
    if (args_.time) std::puts("case,tokens,compile_ms,worst_mask_ms,worst_accept_ms,bars");
    for (const NamedCase& c : all_cases()) {
      if (wanted(c.name)) report(c.name, run_case(c.make()));
    }
    if (wanted("long-output")) report("long-output", long_output());
    if (wanted("length-4000-as-200")) {
      report("length-4000-as-200", long_as_short(string_of_length(200), string_of_length(4000)));
    }
    if (wanted("items-2000-as-100")) {
      report("items-2000-as-100", long_as_short(array_of_strings(100), array_of_strings(2000)));
    }
    if (wanted("thousand-schemas")) report("thousand-schemas", thousand_schemas());
    return finish();
  }

 private:
  bool wanted(const char* name) const { return std::strstr(name, args_.only.c_str()) != nullptr; }
  const std::shared_ptr<const Tokenizer>& tokenizer(size_t size) {
    std::shared_ptr<const Tokenizer>& t = tokenizers_[args_.vocabulary.empty() ? size : 0];
    if (!t) {
      t = (args_.vocabulary.empty() ? make_vocabulary(size) : read_vocabulary(args_.vocabulary))
              .tokenizer();
    }
    return t;
  }

  // Of several times the least is taken.
  int rounds() const { return args_.time ? 3 : 1; }

  Figures run_case(const Case& c) {
    const std::shared_ptr<const Tokenizer>& t = tokenizer(c.vocabulary_size);
    Figures f;
    for (const std::string& text : c.texts) {
      walk(t, c, tokenize(*t, text), &f);
      if (text.size() <= kByteWalk) walk(t, c, tokenize_bytes(*t, text), &f);
      if (!f.error.empty()) return f;
    }
    std::unique_ptr<Compiler> compiler = std::move(Compiler::create(t, {})).value();
    if (!args_.time) f.error = check_refused(compiler.get(), c);
    if (!args_.time && f.error.empty()) f.error = check_rollback(t, c);
    return f;
  }
  void walk(const std::shared_ptr<const Tokenizer>& t, const Case& c,
            const std::vector<int32_t>& tokens, Figures* f) {
    std::vector<Walk> walks;
    for (int i = 0; i < rounds(); ++i) walks.push_back(walk_cold(t, c, tokens));
    f->add(walks[0]);
    if (f->error.empty()) f->add_times(walks);
  }

  // Nothing is built any more in the second half of a long output, and the matcher stays small.
  Figures long_output() {
    Case c = random_schema(3);
    c.source = "{\"type\":\"array\",\"items\":" + c.source + "}";
    const std::shared_ptr<const Tokenizer>& t = tokenizer(c.vocabulary_size);
    std::string text = "[" + c.texts[0];
    const size_t row = tokenize(*t, text + ", ").size();
    for (size_t i = 0; i * row < kLongTokens; ++i) text += ", " + c.texts[0];
    std::vector<int32_t> tokens = tokenize(*t, text + "]");
    Figures f;
    walk(t, c, tokens, &f);
    if (args_.time || !f.error.empty()) return f;
    const Walk w = walk_cold(t, c, tokens);
    uint64_t late = 0;
    for (size_t i = w.steps.size() / 2; i + 8 < w.steps.size(); ++i) late += w.steps[i].visits;
    if (late > 0) f.error = std::to_string(late) + " late visits";
    if (w.matcher_bytes > 4096 + 64 * tokens.size()) {
      f.error = "the matcher has " + std::to_string(w.matcher_bytes) + " bytes after " +
                std::to_string(tokens.size()) + " tokens";
    }
    return f;
  }

  // Large bounds cost what small ones do: the longer walk visits about as much, in all: a
  // counter makes a difference only while a token can reach its end (the longest has 80
  // characters). Figures are the longer one's.
  Figures long_as_short(const Case& small, const Case& large) {
    const std::shared_ptr<const Tokenizer>& t = tokenizer(131072);
    const Walk a = walk_cold(t, small, tokenize(*t, small.texts[0]));
    Figures f;
    walk(t, large, tokenize(*t, large.texts[0]), &f);
    if (f.error.empty()) f.error = a.error;
    if (f.error.empty() && f.counts[1] > a.totals.visits * 3 / 2 + 1000) {
      f.error = std::to_string(f.counts[1]) + " visits in all, the short one " +
                std::to_string(a.totals.visits);
    }
    return f;
  }

  Figures thousand_schemas() {
    std::vector<std::vector<Walk>> walks(kSchemas);
    Totals sum;
    for (int i = 0; i < rounds(); ++i) sum = walk_schemas(&walks);
    Figures f;
    double compile_us = 0;
    for (const std::vector<Walk>& w : walks) {
      f.add(w[0]);
      f.add_times(w);
      double least = 1e18;
      for (const Walk& one : w) least = std::min(least, one.compile_us);
      compile_us = std::max(compile_us, least);
    }
    f.compile_us = compile_us;
    f.counts = {sum.states, sum.visits, f.counts[2], sum.bytes / 1024};
    if (f.error.empty() && sum.bytes > kBudgetBytes) {
      f.error = std::to_string(sum.bytes >> 20) + " MiB are more than the budget";
    }
    return f;
  }
  // On one compiler, all kept to the end. One walk more for each schema.
  Totals walk_schemas(std::vector<std::vector<Walk>>* walks) {
    const std::shared_ptr<const Tokenizer>& t = tokenizer(131072);
    std::unique_ptr<Compiler> compiler = std::move(Compiler::create(t, {})).value();
    std::vector<std::shared_ptr<const CompiledGrammar>> grammars;
    for (size_t i = 0; i < walks->size(); ++i) {
      const Case c = random_schema(i);
      Walk w;
      const double begin = cpu_us();
      Compiler::Compiled g = compile(compiler.get(), c);
      w.compile_us = cpu_us() - begin;
      if (g.ok()) {
        walk_tokens(*compiler, g.value(), tokenize(*t, c.texts[0]), &w);
        grammars.push_back(g.value());
      } else {
        w.error = g.error().message + " " + g.error().json_pointer;
      }
      if (!w.error.empty()) w.error += " in " + c.source;
      (*walks)[i].push_back(std::move(w));
    }
    const Totals shared = shared_totals(*compiler);
    Totals sum = shared;
    for (const std::shared_ptr<const CompiledGrammar>& g : grammars) {
      const Totals one = totals_of(*compiler, *g);
      sum.states += one.states - shared.states;
      sum.visits += one.visits - shared.visits;
      sum.bytes += one.bytes - shared.bytes;
    }
    return sum;
  }

  void report(const char* name, const Figures& f) {
    if (!f.error.empty()) problems_.push_back(std::string(name) + ": " + f.error);
    if (args_.time) {
      std::string bars = f.compile_us > kCompileBarUs ? "compile " : "";
      if (f.mask_us > kMaskBarUs) bars += "mask";
      std::printf("%s,%zu,%.3f,%.3f,%.3f,%s\n", name, f.tokens, f.compile_us / 1000,
                  f.mask_us / 1000, f.accept_us / 1000,
                  f.error.empty() ? bars.c_str() : f.error.c_str());
      std::fflush(stdout);
      return;
    }
    std::printf("%-34s%10llu%10llu%10llu%10llu  %zu tokens\n", name,
                static_cast<unsigned long long>(f.counts[0]),
                static_cast<unsigned long long>(f.counts[1]),
                static_cast<unsigned long long>(f.counts[2]),
                static_cast<unsigned long long>(f.counts[3]), f.tokens);
    std::fflush(stdout);
    if (!f.error.empty()) return;
    for (std::string& worse : ratchet_.compare(name, f.counts, args_.raise)) {
      if (args_.raise) {
        std::printf("raised %s\n", worse.c_str());
      } else {
        problems_.push_back(std::move(worse));
      }
    }
  }

  int finish() {
    if (args_.update && !ratchet_.write(args_.ratchet)) return 2;
    if (!args_.update && ratchet_.changed()) {
      std::puts("some figures are new or got better: run with --update and commit the file");
    }
    for (const std::string& p : problems_) std::printf("WORSE %s\n", p.c_str());
    return problems_.empty() ? 0 : 1;
  }

  Arguments args_;
  Ratchet ratchet_;
  std::map<size_t, std::shared_ptr<const Tokenizer>> tokenizers_;
  std::vector<std::string> problems_;
};

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--update" || arg == "--raise") {
      a.update = true;
      a.raise = arg == "--raise";
    } else if (arg == "--time") {
      a.time = true;
    } else if (arg == "--only" && i + 1 < argc) {
      a.only = argv[++i];
    } else if (arg == "--vocabulary" && i + 1 < argc) {
      a.vocabulary = argv[++i];
    } else if (arg[0] != '-' && a.ratchet.empty()) {
      a.ratchet = arg;
    } else {
      std::fprintf(stderr, "unknown argument %s\n", arg.c_str());
      return 2;
    }
  }
  if (a.ratchet.empty() != a.time || (a.time && a.update)) {
    std::fprintf(stderr, "usage: counts RATCHET [--update | --raise] | counts --time\n");
    return 2;
  }
  return Program(a).run();
}
