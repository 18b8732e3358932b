// Closing: questions about the end of outputs, within a budget of steps.
//
// Entry points: tokens_left, keep_within, way. Three answers, the cheaper first:
//   - a text that completes the output, in bytes (closing_texts.h): where as many tokens are left, that will do;
//   - the fewest tokens that spell this text;
//   - the fewest tokens of all texts (closing_search.h), for as long as the budget lasts.
// Each is a number that is enough, and that some token makes smaller by one. So what is kept can be kept to, and
// more budget only keeps more. To find the tokens that keep an output within a number of them, the trie is
// walked; a subtree that a character loop takes is one question. How much the worst of the tokens needs is
// remembered: with so many left there is nothing to walk for.
//
//   {"a": "x, at most 1 after the next token:  `"}`, `"`, `y"}`, and all tokens of letters
//
// Tests: tests/unit/mask/closing_test.cc, tests/unit/matcher/token_limit_test.cc.
#include "mask/closing.h"

#include <algorithm>
#include <unordered_map>

#include "mask/closing_texts.h"
#include "mask/spelled_walk.h"
#include "support/hash.h"

namespace xgr::core {
namespace {

constexpr size_t kMostKept = size_t{1} << 22;  // entries; more are begun again
constexpr uint64_t kTextSteps = 1 << 21;       // for texts of one question
constexpr uint64_t kSearchSteps = 1 << 21;     // for a search when the fewest tokens are asked for
constexpr uint64_t kWalkSteps = 1 << 16;       // for all searches of a walk
constexpr uint64_t kThoroughSteps = 1 << 21;   // of one that takes its time
constexpr uint64_t kLeastSteps = 1 << 10;      // for one that is late
constexpr uint64_t kLeastOvershoot = 1 << 14;  // of a search, before it is given up
constexpr uint64_t kOvershoot = 4;             // or so many times its budget

}  // namespace

struct Closing::Known {
  struct PlacesHash {
    size_t operator()(const std::vector<uint64_t>& places) const {
      uint64_t h = places.size();
      for (uint64_t p : places) h = mix(h, p);
      return h;
    }
  };

  explicit Known(const SpelledTokens& spelled) : tokens(spelled), texts(spelled, &stacks) {}
  ClosingSearch& search() {
    if (!made) made = std::make_unique<ClosingSearch>(tokens, &stacks, !tokens.loses_tokens());
    return *made;
  }
  size_t size() const {
    return stacks.size() + texts.size() + farthest.size() + (made ? made->size() : 0);
  }
  size_t memory_bytes() const {
    constexpr size_t kEntry = 72;  // of the table, about
    return stacks.memory_bytes() + texts.memory_bytes() + farthest.size() * kEntry +
           (made ? made->memory_bytes() : 0);
  }
  const SpelledTokens& tokens;
  ClosingStacks stacks;
  ClosingTexts texts;
  std::unique_ptr<ClosingSearch> made;
  // The most bytes of a text behind a token of the mask, by states and stacks of the parses.
  std::unordered_map<std::vector<uint64_t>, uint32_t, PlacesHash> farthest;
};

// The questions of one call, which has all that is known meanwhile.
class Closing::Session {
 public:
  Session(Closing* closing, Work* work)
      : lock_(closing->mutex_), closing_(*closing), now_(work ? work : &unbounded_) {
    std::unique_ptr<Known>& known = closing->known_;
    if (!known || known->size() > kMostKept) known = std::make_unique<Known>(*closing->tokens_);
    known->stacks.forget_nodes();
  }
  ~Session() { closing_.bytes_used_ = closing_.known_ ? known().memory_bytes() : 0; }
  Known& known() { return *closing_.known_; }
  Work* work() { return now_; }

  // Does it with a share of the work that is left. False: that was not enough.
  template <typename F>
  bool attempt(uint64_t steps, uint64_t share, F&& f) {
    Work* const whole = now_;
    Work::Bounds bounds = whole->bounds();
    bounds.steps = std::min(steps, (bounds.steps - std::min(bounds.steps, whole->used())) / share);
    Work part(bounds);
    now_ = &part;
    bool done = false;
    try {
      f();
      done = true;
    } catch (const WorkStopped&) {  // what is known stays as it was
    } catch (...) {                 // memory ran out
      closing_.known_ = nullptr;
      throw;
    }
    now_ = whole;
    whole->charge(std::min(part.used(), bounds.steps));
    whole->check();
    return done;
  }

  // Of the nearest parse.
  uint32_t bytes_left(std::span<const Config> parses) {
    uint32_t least = ClosingTexts::kNone;
    for (const Config& c : parses)
      least = std::min(least, known().texts.bytes_left(c.state, stack_of(c), now_));
    return least;
  }
  uint32_t text_left(std::span<const Config> parses, const Config** nearest = nullptr) {
    uint32_t least = ClosingTexts::kNone;
    for (const Config& c : parses) {
      const uint32_t tokens = known().texts.tokens_left(c.state, stack_of(c), now_);
      if (tokens >= least) continue;
      least = tokens;
      if (nearest) *nearest = &c;
    }
    return least;
  }
  ClosingBounds search(std::span<const Config> parses, const ClosingSearch::Question& question) {
    ClosingBounds found{0, question.known};
    const uint64_t more = std::max(kLeastOvershoot, question.budget * kOvershoot);
    attempt(question.budget + more, 4, [&] {
      ClosingSearch::Question q = question;
      q.budget = std::min(q.budget, now_->bounds().steps / 2);
      found = known().search().find(parses, q, now_);
    });
    return found;
  }
  std::vector<uint64_t> places(std::span<const Config> parses) {
    std::vector<uint64_t> out;
    for (const Config& c : parses)
      out.push_back(mix(mix(1, reinterpret_cast<uintptr_t>(c.state)), stack_of(c)));
    std::sort(out.begin(), out.end());
    return out;
  }
  uint32_t stack_of(const Config& c) { return known().stacks.of(c.stack, now_); }

 private:
  std::lock_guard<std::mutex> lock_;
  Closing& closing_;
  Work unbounded_;
  Work* now_;
};

// Whether at most so many tokens are needed at the places of a walk.
class Closing::Within : public PlaceJudge {
 public:
  Within(Session* session, uint32_t most, uint64_t steps)
      : session_(*session), most_(most), steps_(steps) {}
  void avoid(const Config& parse) { known_[parse] = false; }
  // Bytes, of all places that were asked about.
  uint32_t farthest() const { return farthest_; }

  bool ask(std::span<const Config> parses) override {
    if (parses.size() != 1) return find(parses);
    const auto [it, fresh] = known_.try_emplace(parses[0], false);
    if (fresh) it->second = find(parses);
    return it->second;
  }
  bool stays(const Config& parse, uint32_t node) override {
    return session_.known().search().stays(parse.state, node, session_.work());
  }

 private:
  struct ConfigHash {
    size_t operator()(const Config& c) const {
      return mix(mix(1, reinterpret_cast<uintptr_t>(c.state)),
                 reinterpret_cast<uintptr_t>(c.stack));
    }
  };
  bool find(std::span<const Config> parses) {
    const uint32_t bytes = session_.bytes_left(parses);
    farthest_ = std::max(farthest_, bytes);
    if (bytes <= most_) return true;
    const uint32_t tokens = session_.text_left(parses);
    if (tokens <= most_) return true;
    const uint64_t before = session_.work()->used();
    const uint64_t budget = std::max(kLeastSteps, steps_ - std::min(steps_, spent_));
    const ClosingBounds found = session_.search(parses, {most_, tokens, budget});
    spent_ += session_.work()->used() - before;
    return found.most <= most_;
  }

  Session& session_;
  const uint32_t most_;
  const uint64_t steps_;  // for searches
  uint32_t farthest_ = 0;
  uint64_t spent_ = 0;  // on searches
  std::unordered_map<Config, bool, ConfigHash> known_;
};

Closing::Closing(const Tokenizer& tokenizer, std::vector<int32_t> stops, const TokenEdges* edges)
    : tokens_(std::make_unique<SpelledTokens>(tokenizer, std::move(stops))) {
  tokens_->set_edges(edges);
}

Closing::~Closing() = default;

ClosingBounds Closing::tokens_left(std::span<const Config> parses, Work* work) {
  Session session(this, work);
  uint32_t text = kNoClosing;
  session.attempt(kTextSteps, 4, [&] { text = session.text_left(parses); });
  return session.search(parses, {kNoClosing, text, kSearchSteps});
}

void Closing::keep_within(std::span<const Config> parses, const Bound& bound, Work* work,
                          uint32_t* words) {
  Session session(this, work);
  std::vector<uint64_t> places;
  if (bound.whole_mask) {
    places = session.places(parses);
    const auto known = session.known().farthest.find(places);
    if (known != session.known().farthest.end() && known->second <= bound.most) return;
  }
  Within within(&session, bound.most, bound.thorough ? kThoroughSteps : kWalkSteps);
  if (bound.moving && parses.size() == 1) within.avoid(parses[0]);
  const bool done = session.attempt(
      UINT64_MAX, 2, [&] { keep_tokens(*tokens_, parses, &within, session.work(), words); });
  if (done && bound.whole_mask) session.known().farthest[std::move(places)] = within.farthest();
}

std::vector<int32_t> Closing::way(std::span<const Config> parses, Work* work) {
  Session session(this, work);
  std::vector<int32_t> tokens;
  session.attempt(kTextSteps, 4, [&] {
    const Config* nearest = nullptr;
    session.text_left(parses, &nearest);
    if (!nearest) return;
    tokens =
        session.known().texts.spell(nearest->state, session.stack_of(*nearest), session.work());
  });
  return tokens;
}

}  // namespace xgr::core
