// Choices between alternatives: one branch for each option that is possible.
//
// Entry point: Expander::branch_out. When a schema has many alternatives (a long oneOf whose
// branches exclude each other by negation, a list of if and then), most combinations are the same
// or impossible, so before branching: a choice is dropped when the branch already implies one of
// its options; an option is dropped when it contradicts the branch; a single option left is taken
// at once. And where an option says only that a property is there, the other options go on without
// the property, so that no object is in both.
//
//   "k" is "x" if there, and three times: k is there and not "y" | ...   ->  k there | k absent...
//
// Tests: tests/cases/json_schema/combine.case.
#include <algorithm>

#include "frontend/json_schema/expansion.h"

namespace xgr::core {
namespace {

constexpr uint64_t kBranchSteps = 64, kOptionSteps = 8;
constexpr size_t kPartsOfStep = 4, kPartBytes = 24;

template <typename T>
bool holds(const std::vector<T>& list, const T& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

}  // namespace

size_t Expander::Branch::parts() const {
  return pending.size() + choices.size() + applied.size() + 2 * seen.size() + shape.values.size() +
         shape.excluded.size() + shape.required.size() + shape.absent.size() +
         shape.property_rules.size() + shape.named.size() + shape.contains.size() +
         shape.item_rules.size() + shape.single_items.size() + shape.every_item.size() +
         shape.broken.size() + shape.broken_by_other.size() + shape.string_tests.size();
}

// Branches that wait are the memory of an expansion.
void Expander::push_branch(Run* run, std::unique_ptr<Branch> b) {
  b->bytes = sizeof(Branch) + b->parts() * kPartBytes;
  waiting_bytes_ += b->bytes;
  if (waiting_bytes_ > most_waiting_bytes_) {
    if (work_ != nullptr) work_->charge_bytes(waiting_bytes_ - most_waiting_bytes_);
    most_waiting_bytes_ = waiting_bytes_;
  }
  run->stack.push_back(std::move(b));
}

std::unique_ptr<Expander::Branch> Expander::pop_branch(Run* run) {
  std::unique_ptr<Branch> b = std::move(run->stack.back());
  run->stack.pop_back();
  waiting_bytes_ -= b->bytes;
  return b;
}

MaybeError Expander::branch_out(Run* run, std::unique_ptr<Branch> b) {
  if (run->prune) return prune_and_branch(run, std::move(b));
  uint32_t id = b->choices.front();
  b->choices.erase(b->choices.begin());
  const Choice& choice = run->choices[id];
  if (b->shape.has_values && !choice.empty() && choice.front().differs) {
    push_branch(run, std::move(b));
    return std::nullopt;
  }
  return branch_on(run, std::move(b), id, choice);
}

MaybeError Expander::branch_on(Run* run, std::unique_ptr<Branch> b, uint32_t id,
                               std::span<const Option> choice) {
  const TypeSet types = b->shape.types;
  auto possible = [types](const Option& o) { return (o.types & types) != 0; };
  auto last = std::find_if(choice.rbegin(), choice.rend(), possible);
  size_t first_live = run->stack.size();
  for (const Option& option : choice) {
    if (!possible(option)) continue;
    bool is_last = &option == &*last;
    charge(work_, kBranchSteps + (is_last ? 0 : b->parts() / kPartsOfStep));
    std::unique_ptr<Branch> copy = is_last ? std::move(b) : std::make_unique<Branch>(*b);
    if (MaybeError e = apply_option(run, copy.get(), option, run->choice_origin[id])) return e;
    if (copy->shape.types != 0 && !repeated(run, *copy)) push_branch(run, std::move(copy));
  }
  auto live = run->stack.begin() + static_cast<std::ptrdiff_t>(first_live);
  std::reverse(live, run->stack.end());
  return std::nullopt;
}

// Whether all that a branch stands for is a schema that another one stands for. Alternatives that share
// references would be as many branches as there are ways to what they share.
bool Expander::repeated(Run* run, const Branch& b) {
  if (!b.bare || b.pending.size() != 1 || !b.choices.empty()) return false;
  const Literal literal = run->origins[b.pending[0]].literal;
  if (is_value(literal) || is_negated(literal)) return false;
  const JsonId schema = follow(schema_of(literal));
  return source_.is_target(schema) && !run->alone.insert(schema).second;
}

// Whether some required property has no value.
bool Expander::required_missing(const Shape& s) {
  if (!(s.types & kObjectBit)) return false;
  return std::any_of(s.required.begin(), s.required.end(), [&](std::string_view name) {
    return oracle_.property_impossible(s, name, {});
  });
}

// Whether all values of the branch meet the option, as far as can be told.
bool Expander::implied(const Branch& b, const Option& o) {
  const Shape& s = b.shape;
  bool more = o.keyword != Keyword::kAnnotation || o.refusal != nullptr || !o.every_item.empty() ||
              !o.single_items.empty() || !o.contains.empty() || !o.broken.empty() ||
              !o.broken_by_other.empty() || o.min_items > s.min_items ||
              o.max_items < s.max_items || o.min_properties > s.min_properties;
  if (more || (s.types & ~o.types) != 0) return false;
  for (Literal l : o.literals) {
    if (!b.seen.contains(l)) return false;
  }
  for (std::string_view name : o.required) {
    if (!holds(s.required, name)) return false;
  }
  for (std::string_view name : o.absent) {
    if (!holds(s.absent, name) && !oracle_.property_impossible(s, name, {})) return false;
  }
  return std::all_of(o.named.begin(), o.named.end(), [&](const NamedLiteral& n) {
    Literal broken = negation(n.schema);
    return oracle_.property_impossible(s, n.name, {&broken, 1});
  });
}

// Whether no value of the branch meets the option, as far as can be told without taking it.
bool Expander::contradicted(const Branch& b, const Option& o) {
  const Shape& s = b.shape;
  if (!(s.types & o.types)) return true;
  for (Literal l : o.literals) {
    if (b.seen.contains(negation(l))) return true;
  }
  if ((s.types & o.types) != kObjectBit) return false;
  for (std::string_view name : o.absent) {
    if (holds(s.required, name)) return true;
  }
  for (std::string_view name : o.required) {
    if (holds(s.absent, name) || oracle_.property_impossible(s, name, {})) return true;
    for (const NamedLiteral& n : o.named) {
      if (n.name == name && oracle_.property_impossible(s, name, {&n.schema, 1})) return true;
    }
  }
  return false;
}

// Whether, for objects of the shape, the option says no more than that a property is there.
bool Expander::just_required(const Shape& s, const Option& o) {
  if (o.required.size() != 1 || !(o.types & kObjectBit) || !o.literals.empty()) return false;
  Option rest = o;
  rest.required.clear();
  rest.types = kAllTypes;
  Branch b;
  b.shape = s;
  return implied(b, rest);
}

// The property and schema that an option wants broken, when it wants no more and the schema lists
// its values: what else can be chosen is best told apart by them.
std::optional<NamedLiteral> Expander::listed_rival(const Option& o) const {
  bool one = o.required.size() == 1 && o.named.size() == 1 && o.named[0].name == o.required[0] &&
             o.types == kObjectBit && o.literals.empty() && o.broken.empty() && o.absent.empty();
  if (!one || !is_negated(o.named[0].schema) || is_value(o.named[0].schema)) return std::nullopt;
  JsonId schema = schema_of(o.named[0].schema);
  if (doc_.find(schema, "const") == kNoJson && doc_.find(schema, "enum") == kNoJson)
    return std::nullopt;
  return NamedLiteral{o.named[0].name, negation(o.named[0].schema)};
}

// The options that are left of a choice; false when the branch implies one of them.
bool Expander::narrow(const Run& run, const Branch& b, uint32_t id, std::vector<Option>* out) {
  const Choice& choice = run.choices[id];
  if (b.shape.has_values && !choice.empty() && choice.front().differs) return false;
  const bool evaluates = run.origins[run.choice_origin[id]].scope != 0;
  std::vector<std::string_view> absent;
  std::optional<NamedLiteral> rival;
  auto add = [&](Option o) {
    if (!contradicted(b, o)) out->push_back(std::move(o));
  };
  for (const Option& o : choice) {
    charge(work_, kOptionSteps + o.literals.size() + o.required.size() + b.shape.required.size());
    if (!evaluates && implied(b, o)) return false;
    bool known = std::any_of(o.required.begin(), o.required.end(),
                             [&](std::string_view name) { return holds(absent, name); });
    if (known || contradicted(b, o)) continue;
    Option apart = o;
    const bool objects = (o.types & b.shape.types) == kObjectBit;
    if (objects) apart.absent.insert(apart.absent.end(), absent.begin(), absent.end());
    if (rival && objects) {
      Option same = apart;
      same.required.push_back(rival->name);
      same.named.push_back(*rival);
      add(std::move(same));
      apart.absent.push_back(rival->name);
    }
    const bool needs_rival = rival && objects && holds(o.required, rival->name);
    if (!needs_rival) add(std::move(apart));
    if (just_required(b.shape, o)) {
      absent.push_back(o.required[0]);
    } else if (!rival) {
      rival = listed_rival(o);
    }
  }
  return true;
}

MaybeError Expander::prune_and_branch(Run* run, std::unique_ptr<Branch> b) {
  if (required_missing(b->shape)) b->shape.types &= static_cast<TypeSet>(~kObjectBit);
  if (b->shape.types == 0) return std::nullopt;
  std::vector<Option> fewest;
  size_t at = 0;
  for (size_t i = 0; i < b->choices.size();) {
    std::vector<Option> options;
    if (!narrow(*run, *b, b->choices[i], &options)) {
      b->choices.erase(b->choices.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    if (i == 0 || options.size() < fewest.size()) fewest = std::move(options), at = i;
    if (fewest.size() <= 1) break;
    ++i;
  }
  if (b->choices.empty()) {
    push_branch(run, std::move(b));
    return std::nullopt;
  }
  uint32_t id = b->choices[at];
  b->choices.erase(b->choices.begin() + static_cast<std::ptrdiff_t>(at));
  return branch_on(run, std::move(b), id, fewest);
}

}  // namespace xgr::core
