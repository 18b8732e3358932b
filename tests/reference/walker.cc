// Random walks over the states of a few grammars that share a vocabulary and a compiler.
//
// Entry points: draw_scenario, walk. A walk prefers allowed tokens that keep the output going; on
// the way it asks for masks (not always, so that states are also met cold), tries tokens that must
// be refused, feeds bytes, rolls back and replays, resets, clones and switches between the copies.
// Test: this is the test; compare.cc drives it.
#include "walker.h"

namespace reference {
namespace {

constexpr size_t kMaxPrefixBytes = 60;
constexpr size_t kMaxItems = 250;  // of the oracle's chart; ambiguous grammars get there early
constexpr size_t kMaxSampleBytes = 24;
constexpr int kMaxMatchers = 12;

// A string of the language, or its beginning.
std::string draw_string(RandomSource& random, Oracle& oracle, std::string prefix, size_t limit) {
  const size_t end = prefix.size() + limit;
  while (prefix.size() < end) {
    if (oracle.complete(prefix) && random.percent(15)) break;
    const ByteSet next = oracle.next_bytes(prefix);
    if (next.none()) break;
    size_t steps = random.below(next.count());
    size_t byte = 0;
    for (;; ++byte) {
      if (next[byte] && steps-- == 0) break;
    }
    prefix.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  }
  return prefix;
}

std::vector<std::string> draw_samples(RandomSource& random, const std::vector<Case>& cases) {
  Vocabulary bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes.tokens.push_back({std::string(1, static_cast<char>(byte)), Kind::kNormal});
  }
  std::vector<std::string> samples;
  for (const Case& source : cases) {
    Oracle oracle(source.meaning, bytes);
    for (int i = 0; i < 5; ++i) {
      std::string sample = draw_string(random, oracle, "", kMaxSampleBytes);
      if (!sample.empty()) samples.push_back(std::move(sample));
    }
  }
  return samples;
}

class Walker {
 public:
  Walker(Scenario* scenario, RandomSource& random, Player* player)
      : scenario_(scenario), random_(random), player_(player) {}

  MaybeDifference run() {
    MaybeDifference found = player_->prepare();
    if (found) return found;
    for (int round = 0; round < 2; ++round) {  // the second round meets warm caches
      for (size_t i = 0; i < scenario_->cases.size(); ++i) {
        if (!player_->usable(i)) continue;
        if (!found) found = walk_case(i);
      }
    }
    return found;
  }

 private:
  MaybeDifference walk_case(size_t index) {
    Action open{Action::kOpen, static_cast<int64_t>(index), "", false, {}, {}};
    if (random_.percent(10)) override_stops(&open);
    if (random_.percent(15)) open.bytes = draw_prefix(index);
    if (random_.percent(30)) open.start = draw_start(index);
    if (MaybeDifference found = act(open)) return found;
    if (!player_->is_open()) return std::nullopt;  // its prefix cannot be spelled
    const int matchers = random_.between(1, 3);
    const int steps = 14 * matchers;
    for (int i = 0; i < steps; ++i) {
      if (MaybeDifference found = look()) return found;
      if (MaybeDifference found = move()) return found;
    }
    return look();
  }

  // The end of a prompt, of bytes that tokens have; often such that one reaches into the text.
  std::string draw_prefix(size_t index) {
    std::vector<std::string> bytes;
    for (size_t id = 0; id < scenario_->vocabulary.tokens.size(); ++id) {
      const std::string& text = scenario_->vocabulary.tokens[id].bytes;
      if (scenario_->vocabulary.is_text(id) && !text.empty()) bytes.push_back(text);
    }
    if (bytes.empty()) return "";
    std::string out = random_.pick(bytes).substr(0, 3);
    if (random_.percent(40)) out += random_.pick(bytes).substr(0, 1);
    if (random_.percent(20)) out = draw_string(random_, player_->oracle(index), "", 2);
    return out;
  }

  // What the output waits for: bytes of tokens, tokens, a beginning of the text.
  StartPlan draw_start(size_t index) {
    StartPlan plan;
    const auto size = static_cast<uint32_t>(scenario_->vocabulary.tokens.size());
    auto any_id = [&] { return static_cast<int32_t>(random_.below(size)); };
    for (int n = random_.between(1, 3); n > 0; --n) {
      StartPlan::Sequence s;
      s.implicit = random_.percent(25);
      if (random_.percent(30)) {
        for (int k = random_.between(1, 2); k > 0; --k) s.tokens.push_back(any_id());
      } else if (s.implicit) {
        s.bytes = draw_string(random_, player_->oracle(index), "", 1 + random_.below(3));
      } else {
        s.bytes = draw_prefix(index);
      }
      plan.sequences.push_back(std::move(s));
    }
    if (random_.percent(25)) {
      const int32_t id = any_id();
      const std::string& bytes = scenario_->vocabulary.tokens[static_cast<size_t>(id)].bytes;
      if (bytes.size() > 1) plan.forbidden.push_back(id);  // single bytes have to stay a way
    }
    plan.may_end = random_.percent(40);
    if (random_.percent(40)) plan.max_tokens = random_.between(0, 4);
    plan.forced = random_.below(plan.sequences.size());
    return plan;
  }

  void override_stops(Action* open) {
    open->override_stops = true;
    for (size_t id = 0; id < scenario_->vocabulary.tokens.size(); ++id) {
      const Kind kind = scenario_->vocabulary.tokens[id].kind;
      // What is asked for as a whole must not be a stop token.
      if (player_->oracle(static_cast<size_t>(open->number)).asks_for(static_cast<uint32_t>(id)))
        continue;
      if ((kind == Kind::kControl && random_.percent(60)) ||
          (kind == Kind::kStop && random_.percent(30))) {
        open->tokens.push_back(static_cast<int32_t>(id));
      }
    }
    open->override_stops = !open->tokens.empty();
  }

  // Asks without moving.
  MaybeDifference look() {
    if (random_.percent(25)) {
      for (int i = 0; i < 4; ++i) {
        if (MaybeDifference found = act({Action::kQuery, any_token(), "", false, {}, {}}))
          return found;
      }
    }
    if (random_.percent(85)) {
      if (MaybeDifference found = act({Action::kFill, 0, "", false, {}, {}})) return found;
    }
    if (random_.percent(10)) {
      if (MaybeDifference found = look_ahead()) return found;
    }
    if (random_.percent(15)) {
      const int64_t token = any_token();
      if (player_->allowed(token)) return act({Action::kQuery, token, "", false, {}, {}});
      if (MaybeDifference found = act({Action::kToken, token, "", false, {}, {}})) return found;
      return act({Action::kFill, 0, "", false, {}, {}});
    }
    return std::nullopt;
  }

  // Asks for what may come behind the next token.
  MaybeDifference look_ahead() {
    Action action{Action::kForced, static_cast<int64_t>(random_.below(4)), "", false, {}, {}};
    const int dice = random_.between(0, 99);
    if (dice < 35) {
      action.kind = Action::kDraft;
      action.tokens = draw_tokens();
    } else if (dice < 60) {
      action.kind = Action::kTree;
      for (int branch = random_.between(1, 3); branch > 0; --branch) {
        const auto fork = static_cast<int32_t>(random_.below(action.tokens.size() + 1)) - 1;
        for (int32_t token : draw_tokens()) {
          const auto last = static_cast<int32_t>(action.tokens.size()) - 1;
          action.parents.push_back(random_.percent(70) ? last : fork);
          action.tokens.push_back(token);
        }
      }
    } else if (dice < 62) {
      action.kind = Action::kAtOnce;
    } else if (dice < 68) {
      action.kind = Action::kBatch;
      action.tokens = draw_tokens();
    }
    return act(std::move(action));
  }

  // Tokens that spell a likely way on, some of them wrong.
  std::vector<int32_t> draw_tokens() {
    std::vector<int32_t> out;
    const std::string text = draw_piece();
    for (size_t at = 0; at < text.size();) {
      std::vector<int32_t> fitting;
      for (size_t id = 0; id < scenario_->vocabulary.tokens.size(); ++id) {
        const std::string& bytes = scenario_->vocabulary.tokens[id].bytes;
        if (scenario_->vocabulary.is_text(id) && !bytes.empty() &&
            text.compare(at, bytes.size(), bytes) == 0)
          fitting.push_back(static_cast<int32_t>(id));
      }
      if (fitting.empty()) break;
      out.push_back(random_.pick(fitting));
      at += scenario_->vocabulary.tokens[static_cast<size_t>(out.back())].bytes.size();
    }
    if (random_.percent(25)) out.push_back(static_cast<int32_t>(any_stop()));
    if (random_.percent(20)) out.push_back(static_cast<int32_t>(any_token()));
    return out;
  }

  int64_t any_stop() {
    for (size_t id = 0; id < scenario_->vocabulary.tokens.size(); ++id) {
      if (scenario_->vocabulary.is_stop(id)) return static_cast<int64_t>(id);
    }
    return any_token();
  }

  MaybeDifference lay_filter() {
    Action action{Action::kFilter, 0, "", false, {}, {}};
    if (random_.percent(60)) {
      const uint32_t share = random_.one_of<uint32_t>({10, 50, 95});
      for (int32_t id = 0; id < scenario_->vocabulary.logits_size; ++id) {
        if (random_.percent(share)) action.tokens.push_back(id);
      }
    }
    return act(std::move(action));
  }

  MaybeDifference move() {
    if (random_.percent(3)) return lay_filter();
    if (random_.percent(8)) return act({Action::kTokens, 0, "", false, draw_tokens(), {}});
    if (random_.percent(4) && matchers_ < kMaxMatchers) {
      ++matchers_;
      return act({Action::kClone, 0, "", false, {}, {}});
    }
    if (random_.percent(4)) {
      return act(
          {Action::kSwitch, static_cast<int64_t>(random_.below(kMaxMatchers)), "", false, {}, {}});
    }
    if (random_.percent(1)) return act({Action::kReset, 0, "", false, {}, {}});
    const std::string prefix = player_->prefix();
    const bool full = player_->terminated() || prefix.size() > kMaxPrefixBytes ||
                      player_->oracle(player_->case_index()).item_count(prefix) > kMaxItems;
    if (random_.percent(full ? 80 : 9)) return go_back();
    if (random_.percent(10)) return act({Action::kBytes, 0, draw_piece(), false, {}, {}});
    const StartPlan* plan = player_->waits_for();
    if (plan && random_.percent(30)) {
      const StartPlan::Sequence& s = random_.pick(plan->sequences);
      if (s.tokens.empty()) return act({Action::kBytes, 0, s.bytes, false, {}, {}});
      return act({Action::kTokens, 0, "", false, s.tokens, {}});
    }
    const int64_t token = allowed_token();
    if (token < 0) return go_back();
    return act({Action::kToken, token, "", false, {}, {}});
  }

  MaybeDifference go_back() {
    const size_t history = player_->history_size();
    const size_t steps =
        random_.percent(3) ? history + 1 + random_.below(3) : random_.below(history + 1);
    return act({Action::kRollback, static_cast<int64_t>(steps), "", false, {}, {}});
  }

  std::string draw_piece() {
    const std::string prefix = player_->prefix();
    std::string before = player_->unhealed();
    if (const StartPlan* plan = player_->waits_for()) {
      before = random_.pick(plan->sequences).bytes;
      before = before.substr(0, 1 + random_.below(before.size() + 1));
    }
    std::string piece = before + draw_string(random_, player_->oracle(player_->case_index()),
                                             prefix, 1 + random_.below(5))
                                     .substr(prefix.size());
    if (random_.percent(20)) piece.push_back(static_cast<char>(random_.below(256)));
    if (random_.percent(5)) piece.clear();
    return piece;
  }

  int64_t any_token() {
    if (random_.percent(5)) {
      return random_.one_of<int64_t>({-1, INT32_MIN, INT32_MAX, scenario_->vocabulary.logits_size});
    }
    return static_cast<int64_t>(
        random_.below(static_cast<size_t>(scenario_->vocabulary.logits_size)));
  }

  // An allowed token, or -1. Long ones are preferred half of the time, stop tokens avoided.
  int64_t allowed_token() {
    std::vector<int64_t> texts, merges, stops;
    for (int64_t id = 0; id < static_cast<int64_t>(scenario_->vocabulary.tokens.size()); ++id) {
      if (!player_->allowed(id)) continue;
      const auto index = static_cast<size_t>(id);
      const bool whole = player_->oracle(player_->case_index()).asks_for(static_cast<uint32_t>(id));
      if (!scenario_->vocabulary.is_text(index) && !whole) {
        stops.push_back(id);
        continue;
      }
      texts.push_back(id);
      if (scenario_->vocabulary.tokens[index].bytes.size() > 1) merges.push_back(id);
    }
    if (!stops.empty() && (texts.empty() || random_.percent(7))) return random_.pick(stops);
    if (!merges.empty() && random_.percent(60)) return random_.pick(merges);
    return texts.empty() ? -1 : random_.pick(texts);
  }

  MaybeDifference act(Action action) {
    scenario_->script.push_back(std::move(action));
    return player_->play(scenario_->script.back());
  }

  Scenario* scenario_;
  RandomSource& random_;
  Player* player_;
  int matchers_ = 0;
};

}  // namespace

Scenario draw_scenario(const Family& family, RandomSource& random) {
  Scenario out;
  const size_t count = 1 + random.below(3);
  for (size_t i = 0; i < count; ++i) out.cases.push_back(family.draw(random));
  out.vocabulary = random_vocabulary(random, draw_samples(random, out.cases), family.all_bytes);
  for (Case& source : out.cases) choose_tokens(&source, out.vocabulary, random);
  out.reprint = random.percent(10);
  if (random.percent(20)) out.memory_budget = random.one_of<size_t>({1, 4096, 65536});
  return out;
}

MaybeDifference walk(Scenario* scenario, RandomSource& random, Player* player) {
  return Walker(scenario, random, player).run();
}

}  // namespace reference
