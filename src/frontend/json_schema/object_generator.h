// Objects, unfolded one key at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "frontend/json_schema/json_text.h"
#include "frontend/json_schema/member_sets.h"
#include "grammar/measured_generator.h"

namespace xgr::core {

struct ObjectSpec {
  struct Member {
    std::string key;  // as written, key_open and the end that tells it from longer ones included
    bool required;
    Expr value;
  };
  struct OtherNames {
    Expr name;  // what follows key_open, the end of the key included
    Expr value;
    uint32_t count = kUnbounded;  // at least so many different names
  };
  struct Wanted : OtherNames {
    uint32_t rules;  // bits: of all rules that must be broken, those it breaks
  };
  Layout layout;
  std::string key_open = "\"";         // in front of every key
  std::vector<Member> members;         // in the order they must appear, unless:
  bool any_order = false;              // members and other names come in any order
  std::vector<OtherNames> others;      // after the members, any number
  std::vector<Wanted> wanted;          // so many of these that every rule is broken
  uint32_t rules = 0;                  // how many; at most kMaxWantedRules
  uint32_t min = 0, max = kUnbounded;  // properties in all
};

// Largest object the packed arguments can address.
inline constexpr size_t kMaxMembers = (1u << 24) - 1;
inline constexpr uint32_t kMaxWantedRules = 4;
inline constexpr size_t kMaxKeyBytes = (1u << 16) - 1;

// The objects of `spec`.
Expr add_object(ExprPool& pool, ObjectSpec spec);

class ObjectGenerator : public MeasuredGenerator {
 public:
  explicit ObjectGenerator(ObjectSpec spec);
  void set_id(uint32_t id) { id_ = id; }
  Expr start(ExprPool& pool) const { return at(pool, {kStart, 0, 0, 0, 0}); }

  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool&, const Args& args) const override;
  Expr witness(ExprPool& pool, const Args& args) const override;
  void collect_children(const Args& args, std::vector<Expr>* out) const override;
  uint32_t least_bytes(const Args& args, const Least& least) const override;

 private:
  enum Point : uint32_t {
    kStart,   // before the opening brace
    kRest,    // after a value
    kMember,  // before a key
    kKey,     // inside a declared key
  };
  struct State {
    uint32_t point;
    uint32_t position;  // members before it are past; beyond them: n + rules broken. In any order:
                        // the set of those that are past
    uint32_t count;     // properties so far, as far as it matters
    uint32_t first;     // kKey: sorted index of the first key with this prefix
    uint32_t depth;     // kKey: bytes of the key read
  };
  // Which declared members may be next in a state: counted once for all of them.
  class Offer {
   public:
    Offer(const ObjectGenerator& object, const ExprPool& pool, const State& s);
    bool has(uint32_t member) const;

   private:
    bool completable(uint32_t member) const;

    const ObjectGenerator& object_;
    const ExprPool& pool_;
    const State& s_;
    uint32_t count_;                   // of properties with the next one
    uint32_t wanted_ = 0, first_ = 0;  // properties that must break rules; member of live_from_[0]
    uint32_t required_left_ = 0;       // in any order, the next one included
    bool short_ = false;               // of the minimum, and only declared members can help
    std::vector<uint32_t> live_from_;  // members with a value, from this one on
  };

  static Args pack(const State& s);
  static State unpack(const Args& args);
  Expr at(ExprPool& pool, const State& s) const { return pool.lazy(id_, pack(s)); }

  Expr unfold_start(ExprPool& pool) const;
  Expr unfold_rest(ExprPool& pool, const State& s) const;
  Expr unfold_member(ExprPool& pool, const State& s) const;
  Expr unfold_key(ExprPool& pool, const State& s) const;
  std::vector<uint32_t> candidates(const ExprPool& pool, const State& s) const;
  Expr key_rest(ExprPool& pool, const State& s, uint32_t member) const;
  Expr after_key(ExprPool& pool, const State& s, uint32_t member) const;
  Expr more(ExprPool& pool, const State& s) const;
  Expr other_members(ExprPool& pool, const State& s) const;
  bool may_close(const State& s) const;
  bool others_offered(const ExprPool& pool, const State& s) const;
  Expr other_name(ExprPool& pool, const ObjectSpec::OtherNames& o) const;
  Expr wanted_members(ExprPool& pool, const State& s) const;
  uint32_t all_rules() const { return (1u << spec_.rules) - 1; }
  uint32_t broken(uint32_t position) const;
  uint32_t breaking(uint32_t position, uint32_t rules) const;
  bool past(uint32_t position, uint32_t member) const;
  std::pair<uint32_t, uint32_t> window(uint32_t position) const;
  uint32_t required_left(uint32_t position) const;
  bool begins_required(const State& s) const;
  uint32_t after(uint32_t position, uint32_t member) const;
  uint32_t after_other(uint32_t position) const;
  uint32_t wanted_missing(const ExprPool& pool, uint32_t position) const;
  Expr wanted_witness(ExprPool& pool, uint32_t position) const;
  bool completable(const ExprPool& pool, uint32_t position, uint32_t count) const;
  bool required_live(const ExprPool& pool, uint32_t position) const;
  uint32_t next_count(uint32_t count) const;
  uint32_t size() const { return static_cast<uint32_t>(spec_.members.size()); }

  ObjectSpec spec_;
  std::vector<uint32_t> sorted_;          // members by key
  std::vector<uint32_t> rank_;            // member -> index in sorted_
  std::vector<uint32_t> next_required_;   // per position, size() when none
  std::vector<uint32_t> required_after_;  // required members from this position on
  mutable MemberSets sets_;  // met so far; generators are unfolded by one thread at a time
  bool counting_;
  uint32_t id_ = 0;
};

}  // namespace xgr::core
