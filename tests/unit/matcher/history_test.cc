// Persistent steps against a plain list: matcher/history.cc.
#include "matcher/history.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace xgr::core;

namespace {

// States are only told apart by address here.
struct States {
  std::vector<State> all = std::vector<State>(8);
  State* operator[](size_t i) { return &all[i % all.size()]; }
};

// The model: what a step must still say later, stacks included, as text.
struct ModelStep {
  std::string parses;
  bool terminated;
  bool operator==(const ModelStep&) const = default;
};

std::string describe(std::span<const Config> parses, const States& states) {
  std::string out;
  auto number = [&](const State* s) { return s ? std::to_string(s - states.all.data()) : "-"; };
  for (const Config& c : parses) {
    out += number(c.state) + "(";
    int depth = 0;
    for (const StackNode* n = c.stack; n && depth < 30; n = n->begin()->parent, ++depth) {
      for (const StackEdge& e : *n) out += number(e.ret) + (e.parent ? "." : "!");
      out += "/";
    }
    out += ")";
  }
  return out;
}

struct Session {
  History history;
  std::vector<ModelStep> model;
};

void check(Session& s, const States& states, const std::string& initial) {
  REQUIRE(s.history.size() == s.model.size());
  std::string expected = s.model.empty() ? initial : s.model.back().parses;
  REQUIRE(describe(s.history.parses(), states) == expected);
  REQUIRE(s.history.terminated() == (!s.model.empty() && s.model.back().terminated));
}

// A step whose parses keep, drop or push on the stacks of the last ones.
void random_step(Session* s, States* states, std::mt19937* random) {
  std::span<const Config> now = s->history.parses();
  std::vector<Config> last(now.begin(), now.end());
  std::vector<Config> next;
  for (uint32_t i = 0; i < 1 + (*random)() % 3; ++i) {
    Config c = last[(*random)() % last.size()];
    switch ((*random)() % 4) {
      case 0:
        if (c.stack) c.stack = c.stack->begin()->parent;
        break;
      case 1:
        break;
      default: {
        std::vector<StackEdge> edges;
        for (uint32_t k = 0; k < 1 + (*random)() % 2; ++k)
          edges.push_back({(*states)[(*random)()], c.stack});
        c.stack = StackNode::make(edges, s->history.arena());
      }
    }
    c.state = (*states)[(*random)()];
    next.push_back(c);
  }
  if ((*random)() % 8 == 0) return s->history.abandon();
  bool terminated = (*random)() % 10 == 0;
  s->history.commit(next, terminated);
  s->model.push_back({describe(next, *states), terminated});
}

}  // namespace

TEST_CASE("history: begins with one parse and no steps") {
  States states;
  History h(states[3]);
  CHECK(h.size() == 0);
  CHECK_FALSE(h.terminated());
  REQUIRE(h.parses().size() == 1);
  CHECK(h.parses()[0].state == states[3]);
  CHECK(h.parses()[0].stack == nullptr);
  h.rollback(0);
  h.clear();
  CHECK(h.size() == 0);
}

TEST_CASE("history: random steps, rollbacks, clones and deaths") {
  for (uint32_t seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    States states;
    std::vector<Session> sessions;
    sessions.push_back({History(states[0]), {}});
    const std::string initial = describe(sessions[0].history.parses(), states);
    for (int action = 0; action < 1500; ++action) {
      size_t at = random() % sessions.size();
      Session& s = sessions[at];
      uint32_t dice = random() % 20;
      if (dice < 12) {
        random_step(&s, &states, &random);
      } else if (dice < 15) {
        size_t steps = random() % (s.model.size() + 1);
        if (random() % 2) steps = std::min<size_t>(steps, 3);
        s.history.rollback(steps);
        s.model.resize(s.model.size() - steps);
      } else if (dice < 18 && sessions.size() < 12) {
        History copy = s.history.clone();
        std::vector<ModelStep> model = s.model;
        sessions.push_back({std::move(copy), std::move(model)});
      } else if (dice == 18 && sessions.size() > 1) {
        sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(at));
      } else if (dice == 19 && random() % 10 == 0) {
        s.history.clear();
        s.model.clear();
      }
      for (Session& each : sessions) check(each, states, initial);
    }
    // All the way back, step by step: every step is still what it was.
    for (Session& s : sessions) {
      for (size_t n = 0; n < s.model.size(); ++n) {
        REQUIRE(describe(s.history.parses_after(n + 1), states) == s.model[n].parses);
      }
      CHECK(describe(s.history.parses_after(0), states) == initial);
      while (!s.model.empty()) {
        s.history.rollback(1);
        s.model.pop_back();
        check(s, states, initial);
      }
    }
  }
}

TEST_CASE("history: rolling back gives the memory back to later steps") {
  States states;
  History h(states[0]);
  auto run = [&] {
    for (int i = 0; i < 1000; ++i) {
      const StackEdge edge{states[1], h.parses()[0].stack};
      const Config c{states[2], StackNode::make({&edge, 1}, h.arena())};
      h.commit({&c, 1}, false);
    }
  };
  run();
  size_t bytes = h.memory_bytes();
  for (int round = 0; round < 20; ++round) {
    if (round % 2) {
      h.rollback(1000);
    } else {
      h.clear();
    }
    run();
  }
  CHECK(h.memory_bytes() == bytes);
}

TEST_CASE("history: a step with one parse costs 24 bytes and what may be unused") {
  States states;
  History h(states[0]);
  CHECK(h.memory_bytes() <= 1024);
  for (size_t i = 1; i <= 100000; ++i) {
    const Config c{states[i], nullptr};
    h.commit({&c, 1}, false);
    REQUIRE(h.memory_bytes() <= 1024 + 30 * i);
  }
  const size_t bytes = h.memory_bytes();
  History copy = h.clone();
  CHECK(h.memory_bytes() <= bytes + 512);
  CHECK(copy.memory_bytes() <= bytes + 512);
  copy.rollback(90000);
  CHECK(copy.parses()[0].state == states[10000]);
  CHECK(copy.memory_bytes() <= bytes + 512);
  h.rollback(h.size());
  CHECK(h.memory_bytes() <= 1024);  // the clone alone keeps the steps
}

TEST_CASE("history: any number of parses") {
  States states;
  History h(states[0]);
  const std::vector<size_t> counts = {1, 0x7FFE, 0x7FFF, 0x8000, 2, 200000};
  auto check_last = [&](size_t count) {
    REQUIRE(h.parses().size() == count);
    for (size_t k = 0; k < count; ++k) REQUIRE(h.parses()[k].state == states[k + count]);
  };
  for (size_t count : counts) {
    std::vector<Config> parses;
    for (size_t k = 0; k < count; ++k) parses.push_back({states[k + count], nullptr});
    h.commit(parses, false);
    check_last(count);
  }
  for (size_t i = counts.size(); i-- > 1;) {
    h.rollback(1);
    check_last(counts[i - 1]);
  }
}

TEST_CASE("history: a long chain of clones is freed without recursion") {
  States states;
  constexpr size_t kClones = 200000;
  History h(states[0]);
  for (size_t i = 0; i < kClones; ++i) {
    const Config c{states[i], nullptr};
    h.commit({&c, 1}, false);
    History next = h.clone();
    h = std::move(next);
  }
  CHECK(h.size() == kClones);
  h.rollback(kClones / 2);
  CHECK(h.parses()[0].state == states[kClones / 2 - 1]);
  History other = h.clone();
  h.clear();
  CHECK(other.size() == kClones / 2);
  other.rollback(kClones / 2);
  CHECK(other.size() == 0);
}

TEST_CASE("history: clones of one history in several threads") {
  States states;
  History h(states[0]);
  auto step = [&](History* to, size_t i) {
    const StackEdge edge{states[i], to->parses()[0].stack};
    const Config c{states[i], StackNode::make({&edge, 1}, to->arena())};
    to->commit({&c, 1}, false);
  };
  for (size_t i = 0; i < 100; ++i) {
    step(&h, i);
    h = h.clone();
  }
  std::vector<History> clones;
  for (int i = 0; i < 4; ++i) clones.push_back(h.clone());
  h.clear();
  std::vector<std::thread> threads;
  std::vector<char> ok(clones.size(), 0);
  for (size_t t = 0; t < clones.size(); ++t) {
    threads.emplace_back([&, t] {
      History mine = std::move(clones[t]);
      for (size_t round = 0; round < 50; ++round) {
        mine.rollback(1 + (round + t) % 2);
        step(&mine, round);
        History copy = mine.clone();
        copy.rollback(copy.size());
      }
      ok[t] = mine.size() > 10;
    });
  }
  for (std::thread& t : threads) t.join();
  for (char c : ok) CHECK(c == 1);
}
