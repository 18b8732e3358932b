// JSON values by number, and beginnings of numbers.
//
// Entry points: ItemValues::add, ItemChoice. A value is a key: its kind, then its text or the numbers of
// its parts. Numbers are written as their digits without zeros at the ends and where the point is, so
// that 1.50 and 15e-1 have one key.
//
//   15e-1  ->  n 15e1;    [1, true]  ->  [ and the numbers of n 1e1 and of w true
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "matcher/item_values.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "frontend/json_schema/decimal.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

// A number of which only the beginning is there; zeros that mean nothing are left out.
struct BegunNumber {
  std::string digits;         // its sign, when there are any, and they
  int64_t point = 0;          // as Decimal::point
  bool has_exponent = false;  // the exponent has begun
  std::string exponent;       // its sign, when it is minus, and digits
};

BegunNumber begun_number(std::string_view word) {
  BegunNumber out;
  if (word.ends_with(kManyZeros)) word.remove_suffix(1);
  const size_t e = word.find_first_of("eE");
  const std::string_view mantissa = word.substr(0, e);
  out.has_exponent = e != std::string_view::npos;
  if (mantissa.find_first_of("123456789") == std::string_view::npos) return out;
  const Decimal d = *Decimal::parse(mantissa);
  out.digits = (d.negative ? "-" : "") + d.digits;
  out.point = d.point;
  if (!out.has_exponent) return out;
  const std::string_view rest = word.substr(e + 1);
  if (rest.starts_with('-')) out.exponent = "-";
  const size_t digits = rest.find_first_of("123456789");
  if (digits != std::string_view::npos) out.exponent += rest.substr(digits);
  return out;
}

// `whole`: the text of a number.
bool may_become(const BegunNumber& b, std::string_view whole) {
  const size_t e = whole.find('e');
  const std::string_view digits = whole.substr(0, e);
  if (!b.has_exponent) return digits.starts_with(b.digits);
  if (digits != b.digits) return false;
  int64_t point = 0;
  if (e == std::string_view::npos ||
      std::from_chars(whole.data() + e + 1, whole.data() + whole.size(), point).ec != std::errc())
    return true;  // no number that can be compared
  const int64_t wanted = point - b.point;
  const bool negative = b.exponent.starts_with('-');
  if (b.exponent.size() == size_t{negative}) return b.digits.empty() || !negative || wanted <= 0;
  return b.digits.empty() || std::to_string(wanted).starts_with(b.exponent);
}

}  // namespace

ValueId ItemValues::intern(std::string key) {
  if (auto it = ids_.find(key); it != ids_.end()) return it->second;
  bytes_ += kEntry + key.size();
  keys_.push_back(std::move(key));
  const ValueId id = static_cast<ValueId>(keys_.size() - 1);
  ids_.emplace(keys_.back(), id);
  return id;
}

ValueId ItemValues::add(char kind, std::string_view text) {
  std::string key(kHead, '\0');
  key[0] = kind;
  key += text;
  return intern(std::move(key));
}

ValueId ItemValues::add(char kind, const std::vector<ValueId>& parts) {
  return add(kind, std::string_view(reinterpret_cast<const char*>(parts.data()),
                                    parts.size() * sizeof(ValueId)));
}

ValueId ItemValues::number(std::string_view written) {
  if (written.ends_with(kManyZeros) && written.find_first_of(".eE") != written.npos)
    written.remove_suffix(1);
  // Not every word is a number: tokens that the grammar refuses are looked at as well.
  const bool whole =
      !written.empty() && is_digit(written.back()) && written.find(kManyZeros) == written.npos;
  const auto d = whole ? Decimal::parse(written) : std::nullopt;
  if (!d) return add('n', std::string(written) + "e");
  widest_ = std::max(widest_, d->plain_size());
  return add('n', (d->negative ? "-" : "") + d->digits + "e" + std::to_string(d->point));
}

ValueId ItemValues::object(std::vector<ValueId> flat) {
  std::vector<std::pair<ValueId, ValueId>> pairs;
  for (size_t i = 0; i + 1 < flat.size(); i += 2) pairs.push_back({flat[i], flat[i + 1]});
  std::sort(pairs.begin(), pairs.end());
  for (size_t i = 0; i < pairs.size(); ++i)
    flat[2 * i] = pairs[i].first, flat[2 * i + 1] = pairs[i].second;
  return add('{', flat);
}

ValueId ItemValues::part(ValueId v, size_t i) const {
  ValueId out;
  std::memcpy(&out, keys_[v].data() + kHead + i * sizeof(ValueId), sizeof(out));
  return out;
}

ValueId ItemValues::member(ValueId object, ValueId name) const {
  size_t lo = 0, hi = part_count(object) / 2;
  while (lo < hi) {
    const size_t mid = (lo + hi) / 2;
    if (part(object, 2 * mid) < name) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return 2 * lo < part_count(object) && part(object, 2 * lo) == name ? part(object, 2 * lo + 1)
                                                                     : kNone;
}

void ItemValues::resize(size_t size) {
  while (keys_.size() > size) {
    ids_.erase(keys_.back());
    bytes_ -= kEntry + keys_.back().size();
    keys_.pop_back();
  }
}

void ItemChoice::add(const ItemValues& values, ValueId v) {
  const char kind = values.kind(v);
  if (kind == 's') strings.push_back(v);
  if (kind == 'n') numbers.push_back(v);
  if (kind == 'w') words.push_back(v);
}

void ItemChoice::sort(const ItemValues& values) {
  auto before = [&](ValueId a, ValueId b) { return values.text(a) < values.text(b); };
  for (std::vector<ValueId>* list : {&strings, &numbers, &words}) {
    if (!std::is_sorted(list->begin(), list->end(), before))
      std::sort(list->begin(), list->end(), before);
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
}

bool ItemChoice::has_number(const ItemValues& values, std::string_view begun) const {
  if (numbers.empty()) return false;
  const BegunNumber b = begun_number(begun);
  const std::string prefix = b.digits + (b.has_exponent && !b.digits.empty() ? "e" : "");
  auto it = std::partition_point(numbers.begin(), numbers.end(),
                                 [&](ValueId v) { return values.text(v) < prefix; });
  for (; it != numbers.end() && values.text(*it).starts_with(prefix); ++it) {
    if (may_become(b, values.text(*it))) return true;
  }
  return false;
}

bool ItemChoice::has_word(const ItemValues& values, std::string_view begun) const {
  return std::any_of(words.begin(), words.end(),
                     [&](ValueId v) { return values.text(v).starts_with(begun); });
}

bool may_become_number(const ItemValues& values, std::string_view begun, ValueId value) {
  return may_become(begun_number(begun), values.text(value));
}

}  // namespace xgr::core
