// Runs a marker program over a reply, byte by byte.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "chat/marker_program.h"
#include "chat/reply_buffer.h"

namespace xgr::core {

struct MarkerMatch {
  MarkerOp op;      // kMatch or kArguments
  uint32_t pc = 0;  // of it
  uint64_t begin = 0, end = 0;
  std::array<uint64_t, 2 * kMarkerParts> slots = {};  // offsets; a part that is not there is empty

  std::string_view part(const ReplyBuffer& reply, MarkerPart p) const {
    const uint64_t from = slots[2 * p], to = slots[2 * p + 1];
    return from < to ? reply.view(from, to) : std::string_view();
  }
};

class MarkerMatcher {
 public:
  // All three outlive it. `names` may be null: then every name is known.
  MarkerMatcher(const MarkerProgram& program, const ReplyBuffer& reply,
                const std::unordered_set<std::string>* names)
      : program_(program), reply_(reply), names_(names), seen_(program.ops.size(), 0) {}

  enum class State : uint8_t {
    kIdle,     // searching: nothing begins like a marker
    kRunning,  // something does
    kMatched,  // see match()
    kFailed,   // what began like a marker, and could be nothing else, went on otherwise
  };

  // Looks for markers from `pc` anywhere; `first` are the bytes they begin with.
  void search(uint32_t pc, const MarkerBytes& first);
  // Expects one that begins at `at`.
  State expect(uint32_t pc, uint64_t at);
  // The next byte, at `at`. After kMatched or kFailed search or expect anew.
  State step(uint64_t at);
  // No byte follows.
  State end();

  const MarkerMatch& match() const { return *match_; }
  // Where what may be a marker begins; bytes before it are none. Not when idle.
  uint64_t begin() const {
    return !threads_.empty() ? threads_[0].begin : match_ ? match_->begin : began_;
  }
  bool committed() const { return committed_; }
  bool begins(unsigned char c) const { return first_.test(c); }

 private:
  struct Thread {
    uint32_t pc;
    bool committed;
    uint64_t begin;
    std::array<uint64_t, 2 * kMarkerParts> slots;
  };
  bool takes(const Thread& thread, unsigned char c) const;
  void advance(Thread thread, uint64_t at);
  void add(Thread thread, uint64_t at);
  void record(const Thread& thread, uint64_t at);
  bool known(const Thread& thread) const;
  void settle_commitment();
  State state() const;

  const MarkerProgram& program_;
  const ReplyBuffer& reply_;
  const std::unordered_set<std::string>* names_;
  bool searching_ = false, committed_ = false;
  bool cut_ = false;  // a match was found: what comes later in the list is not wanted
  MarkerBytes first_;
  std::vector<Thread> entries_;  // of a search: what takes the first byte
  std::vector<Thread> threads_, next_, stack_;
  std::vector<uint64_t> seen_;  // by operation: the round in which it was added
  uint64_t round_ = 0;
  uint64_t began_ = 0;  // what is expected, or committed to
  std::optional<MarkerMatch> match_;
};

}  // namespace xgr::core
