// Inputs that were slow, large or stuck, or could be. The program of the suite `hostile`.
//
//   hostile rows.txt known.txt                every row, each in a process of its own
//   hostile rows.txt known.txt --row tags     rows with such names; also those that are known to fail
//   hostile rows.txt known.txt --update       and writes down which rows fail
//   hostile rows.txt known.txt --cancel       every row, asked to stop while it compiles or makes a mask
//   hostile --random 2000 --seed 7            random inputs of the wider kinds; --only 12 is one again,
//                                             --shrink 300 makes those that fail smaller
//   --slower 8      what builds without optimization need;   --no-memory   for sanitizers
//   --show          figures of each
//
// A row holds when compiling takes at most 2 s and 1 GiB, every mask and accepted token 250 ms, no
// mask is empty, and the outcome is one of those that it names. known.txt lists rows that do not hold
// yet. One that does has to leave it; others may not join. Exit status 0: all as it should be.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "random_inputs.h"
#include "shrink.h"
#include "trial.h"

namespace hostile {
namespace {

constexpr double kHoldsWith = 0.5;  // of its bounds a row takes when it leaves the list

struct Options {
  std::string rows, known, row;
  bool update = false, show = false, cancel = false;
  int shrink = 0;  // trials for each failure
  uint64_t random = 0, seed = 1;
  int64_t only = -1;
  Bounds bounds;
};

std::string number(uint64_t i) { return std::to_string(i); }

struct Row {
  std::string line;
  std::set<std::string> outcomes;
};

bool read_rows(const std::string& path, std::vector<Row>* out) {
  std::ifstream file(path);
  if (!file) std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t colon = line.rfind(" : ");
    if (colon == std::string::npos) {
      std::fprintf(stderr, "%s: expected \"generator name=value : outcome\": %s\n", path.c_str(),
                   line.c_str());
      return false;
    }
    std::istringstream words(line.substr(colon + 3));
    Row row;
    for (std::string word; words >> word;) row.outcomes.insert(word);
    for (std::string& one : combinations(line.substr(0, colon)))
      out->push_back({std::move(one), row.outcomes});
  }
  return !out->empty();
}

std::set<std::string> read_known(const std::string& path) {
  std::ifstream file(path);
  std::set<std::string> out;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') out.insert(line);
  }
  return out;
}

bool write_known(const std::string& path, const std::set<std::string>& rows) {
  std::ofstream file(path, std::ios::binary);
  file << "# Rows of rows.txt that do not hold yet: hostile rows.txt known.txt --update\n";
  for (const std::string& row : rows) file << row << '\n';
  return static_cast<bool>(file.flush());
}

void show(const Trial& t, const std::string& name) {
  std::printf("%-70s %-11s compile %.3f s %lld MiB, mask %.4f s, accept %.4f s, %u steps  %s\n",
              name.c_str(), t.outcome.c_str(), t.compile_seconds,
              static_cast<long long>(t.compile_kib >> 10), t.mask_seconds, t.accept_seconds,
              t.steps, t.failure.c_str());
  if (!t.message.empty()) std::printf("    %s\n", t.message.c_str());
}

// What was a little late may be a matter of what else the machine does, so it has to happen twice.
Trial try_twice(const Input& input, const Bounds& bounds, uint64_t seed) {
  Trial t = run_trial(input, bounds, seed);
  return t.failure.empty() || t.used > 1.3 || t.used < 1 ? t : run_trial(input, bounds, seed);
}

Trial try_row(const Row& row, const Bounds& bounds, bool known) {
  Input input;
  Trial t;
  if (!make_input(row.line, &input, &t.failure)) return t;
  t = known ? run_trial(input, bounds, 1) : try_twice(input, bounds, 1);
  std::string word = t.outcome == "call limit" ? "call" : t.outcome;
  if (t.failure.empty() && !row.outcomes.contains(word))
    t.failure = "ended as: " + t.outcome + " " + t.message;
  return t;
}

int run_rows(const Options& o) {
  std::vector<Row> rows;
  if (!read_rows(o.rows, &rows)) return 2;
  const std::set<std::string> known = read_known(o.known);
  std::set<std::string> now, names;
  int problems = 0;
  size_t tried = 0;
  for (const Row& row : rows) {
    names.insert(row.line);
    if (row.line.find(o.row) == std::string::npos) {
      if (known.contains(row.line)) now.insert(row.line);
      continue;
    }
    const bool is_known = known.contains(row.line);
    Bounds bounds = o.bounds;
    // Those known to fail cost no more than it takes to see that they do.
    if (is_known && !o.update && o.row.empty()) bounds.slower = 1, bounds.stop_at = kHoldsWith;
    const Trial t = try_row(row, bounds, is_known);
    ++tried;
    if (o.show) show(t, row.line);
    if (!t.failure.empty()) {
      now.insert(row.line);
      if (is_known) continue;
      std::printf("%s: %s\n", row.line.c_str(), t.failure.c_str());
      ++problems;
    } else if (is_known && t.used < kHoldsWith && o.bounds.memory) {
      std::printf("%s: holds now; take it off the list with --update\n", row.line.c_str());
      ++problems;
    }
  }
  for (const std::string& line : known) {
    if (names.contains(line)) continue;
    std::printf("%s: is no row\n", line.c_str());
    ++problems;
  }
  std::printf("%zu rows, %zu of them do not hold yet\n", tried, now.size());
  if (!o.update) return problems == 0 ? 0 : 1;
  return write_known(o.known, now) ? 0 : 2;
}

// Rows are asked to stop, each a little later than the one before it; how soon do they?
int run_cancelled(const Options& o) {
  constexpr double kBound = 0.005;
  std::vector<Row> rows;
  if (!read_rows(o.rows, &rows)) return 2;
  std::vector<std::pair<double, std::string>> stopped;
  int problems = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].line.find(o.row) == std::string::npos) continue;
    Input input;
    Trial t;
    Bounds bounds = o.bounds;
    bounds.cancel_after = 0.001 * static_cast<double>(1 + i % 40);
    if (make_input(rows[i].line, &input, &t.failure)) t = run_trial(input, bounds, 1);
    if (o.show) show(t, rows[i].line);
    if (t.stop_seconds > kBound * o.bounds.slower) {
      std::printf("%s: stopped %.1f ms after the request, in %s\n", rows[i].line.c_str(),
                  t.stop_seconds * 1e3, t.phase.c_str());
    }
    if (t.stop_seconds >= 0) stopped.emplace_back(t.stop_seconds, rows[i].line);
    if (t.failure.empty()) continue;
    std::printf("%s: %s\n", rows[i].line.c_str(), t.failure.c_str());
    ++problems;
  }
  std::sort(stopped.begin(), stopped.end());
  auto at = [&](double share) {
    const auto n = static_cast<size_t>(share * static_cast<double>(stopped.size() - 1));
    return stopped.empty() ? 0 : stopped[n].first;
  };
  std::printf(
      "%zu of %zu were stopped: %.2f ms in the middle, %.2f ms at p99, %.2f ms at most: %s\n",
      stopped.size(), rows.size(), at(0.5) * 1e3, at(0.99) * 1e3, at(1) * 1e3,
      stopped.empty() ? "" : stopped.back().second.c_str());
  return problems == 0 && at(0.99) <= kBound * o.bounds.slower ? 0 : 1;
}

// What went wrong, without figures.
std::string kind_of(const Trial& t) {
  std::string out = t.failure.substr(0, t.failure.find_first_of("(0123456789"));
  return t.failure.find("limit") == std::string::npos ? out : out.substr(0, 16);
}

// As a row.
void print_input(const Input& in) {
  const char* const kinds[] = {"json_schema", "ebnf", "regex", "lark"};
  std::string options;
  if (in.lenient) options += "lenient+";
  if (in.any_order) options += "any_order+";
  if (in.unique_names) options += "unique_names+";
  if (in.strict) options += "strict+";
  std::string source = in.source;
  for (size_t at; (at = source.find('\n')) != std::string::npos;) source.replace(at, 1, "\\n");
  std::printf("  text kind=%s vocabulary=%s%s%s%s source=%.4000s\n",
              kinds[static_cast<int>(in.kind)], in.vocabulary.c_str(),
              options.empty() ? "" : (" options=" + options).c_str(),
              in.stops.empty() ? "" : " stop=", in.stops.empty() ? "" : in.stops[0].c_str(),
              source.c_str());
}

int run_random(const Options& o) {
  uint64_t failures = 0;
  std::map<std::string, uint64_t> outcomes;
  for (uint64_t i = 0; i < o.random; ++i) {
    if (o.only >= 0 && i != static_cast<uint64_t>(o.only)) continue;
    const Input input = random_input(o.seed, i);
    const Trial t = try_twice(input, o.bounds, i);
    ++outcomes[t.failure.empty() ? t.outcome : "failed"];
    if (o.show) show(t, number(i) + ": " + number(input.source.size()) + " bytes");
    if (t.failure.empty()) continue;
    ++failures;
    std::printf("--seed %s --only %s: %s\n", number(o.seed).c_str(), number(i).c_str(),
                t.failure.c_str());
    const std::string kind = kind_of(t);
    if (o.shrink > 0) {
      print_input(shrink(input, o.shrink, [&](const Input& smaller) {
        return kind_of(run_trial(smaller, o.bounds, i)) == kind;
      }));
    }
  }
  for (const auto& [outcome, count] : outcomes)
    std::printf("%s: %s  ", outcome.c_str(), number(count).c_str());
  std::printf("\n");
  return failures == 0 ? 0 : 1;
}

bool read_options(int count, char** words, Options* o) {
  std::vector<std::string> files;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const bool more = i + 1 < count;
    if (word == "--update") {
      o->update = true;
    } else if (word == "--cancel") {
      o->cancel = true;
    } else if (word == "--show") {
      o->show = true;
    } else if (word == "--no-memory") {
      o->bounds.memory = false;
    } else if (word == "--row" && more) {
      o->row = words[++i];
    } else if (word == "--slower" && more) {
      o->bounds.slower = std::atof(words[++i]);
    } else if (word == "--shrink" && more) {
      o->shrink = std::atoi(words[++i]);
    } else if (word == "--random" && more) {
      o->random = std::strtoull(words[++i], nullptr, 10);
    } else if (word == "--seed" && more) {
      o->seed = std::strtoull(words[++i], nullptr, 10);
    } else if (word == "--only" && more) {
      o->only = std::atoll(words[++i]);
    } else if (word[0] != '-') {
      files.push_back(word);
    } else {
      return false;
    }
  }
  if (files.size() == 2) o->rows = files[0], o->known = files[1];
  return files.size() == 2 || (files.empty() && o->random > 0);
}

}  // namespace
}  // namespace hostile

int main(int count, char** words) {
  hostile::Options options;
  if (!hostile::read_options(count, words, &options)) {
    std::fprintf(
        stderr,
        "hostile ROWS KNOWN [--row TEXT] [--update] [--cancel] | hostile --random N [--seed S] "
        "[--only I] [--shrink N]; also --slower F, --no-memory, --show\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (options.cancel) return hostile::run_cancelled(options);
  return options.random > 0 ? hostile::run_random(options) : hostile::run_rows(options);
}
