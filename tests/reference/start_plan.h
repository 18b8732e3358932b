// What an output waits for before its text begins, and what its steps come to, by comparisons of texts.
//
//   StartPlan plan{{{"</t>", {}, false}}};
//   StartReading r; read_start(plan, {-1, "hm</t>a"}, &r);   // r.waits == false, r.text == "a"
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vocabulary.h"

namespace reference {

struct StartPlan {
  struct Sequence {
    std::string bytes;
    std::vector<int32_t> tokens;
    bool implicit = false;
  };
  std::vector<Sequence> sequences{};  // none: the output begins with its text
  std::vector<int32_t> forbidden{};
  bool may_end = false;
  int32_t max_tokens = -1;  // no bound
  size_t forced = 0;
  bool given() const { return !sequences.empty(); }
};

struct StartStep {
  int64_t token;     // -1: bytes
  std::string text;  // of a token without text none
};

struct StartReading {
  bool waits = true;
  std::string window;           // text since the last token without
  std::vector<int64_t> tokens;  // since the last bytes
  int32_t count = 0;            // of tokens
  std::string text;             // of the grammar
};

// One more step, which is accepted.
void read_start(const StartPlan& plan, const Vocabulary& vocabulary, const StartStep& step,
                StartReading* reading);
// Whether the plan itself leaves the step, whatever the grammar says then.
bool start_allows(const StartPlan& plan, const StartReading& reading, const StartStep& step);
bool is_spent(const StartPlan& plan, const StartReading& reading);
// What is left of the bytes that are forced; none where tokens are.
std::string forced_bytes_left(const StartPlan& plan, const StartReading& reading);
// Whether the id is that of some token.
bool is_used(const Vocabulary& vocabulary, int64_t token);

}  // namespace reference
