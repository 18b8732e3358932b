// Keys of sources, by which a compile cache finds what was compiled before.
//
// Entry points: GrammarSource::key, canonical_json. A key is no digest: it holds the whole source, so
// that two sources never have one key. Of sources made of others each different one is written once,
// after those that it is made of, and named by its number; so a key is no longer than the source,
// however often its parts are used.
//
//   a = "x"; b = "x"; union(a, b)  ->  0: "x"   1: union of 0 and 0
//
// Tests: tests/unit/compiler/source_key_test.cc.
#include "compiler/source_key.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/grammar_source.h"
#include "support/json_reader.h"

namespace xgr::core {

std::string canonical_json(std::string_view text) {
  Result<JsonDocument> read = JsonDocument::parse(text, Limits());
  return read.ok() ? json_text(read.value(), read.value().root()) : std::string(text);
}

std::string GrammarSource::key(bool canonical) const {
  std::unordered_map<const GrammarSource*, uint64_t> numbers;
  std::unordered_map<std::string, uint64_t> known;  // what is in `all`, and its number
  KeyText all;
  std::vector<const GrammarSource*> work{this};
  while (!work.empty()) {
    const GrammarSource& source = *work.back();
    const size_t before = work.size();
    if (numbers.count(&source) == 0) {
      for (const SourcePtr& part : source.sources_) {
        if (numbers.count(part.get()) == 0) work.push_back(part.get());
      }
    }
    if (work.size() > before) continue;
    work.pop_back();
    if (numbers.count(&source) != 0) continue;
    KeyText own;
    own.add(source.kind_);
    own.add(source.min_);
    own.add(source.max_);
    own.add(source.sources_.size());
    for (const SourcePtr& part : source.sources_) own.add_number(numbers.at(part.get()));
    if (source.leaf_ != nullptr) source.leaf_->write_key(&own, canonical);
    if (sources_.empty()) return std::move(own).take();  // no parts, so nothing to number
    const auto [at, fresh] = known.try_emplace(std::move(own).take(), known.size());
    if (fresh) all.add_text(at->first);
    numbers.emplace(&source, at->second);
  }
  return std::move(all).take();
}

}  // namespace xgr::core
