// UniqueItems: keeps the arrays of one output that must not repeat an item, and the objects that must
// not repeat a name, from doing so.
//
// The automaton knows their shape only; what was written decides. A parse stands in those whose frames
// are on its stack, and a parse in one with a repetition, or with nothing left that it could go on
// with, is dropped. Below, arrays stand for objects too.
//
//   UniqueItems u(&engine);
//   u.begin();  ... stepper.step(b) ...  u.keep(&parses, begin, bytes_so_far, is_last)
//   u.make_room(bytes);  u.commit(bytes);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mask/engine.h"
#include "matcher/item_reader.h"
#include "parser/stepper.h"

namespace xgr::core {

class UniqueItems {
 public:
  // `engine` outlives it.
  explicit UniqueItems(Engine* engine)
      : trie_(engine->tokenizer().trie()), commas_(engine->shared().comma_tokens()) {}
  UniqueItems(const TokenTrie& trie, const CommaTokens& commas) : trie_(trie), commas_(commas) {}
  std::unique_ptr<UniqueItems> clone() const;

  size_t size() const { return text_.size(); }  // bytes of the output
  // Memory for one more step, so that commit cannot fail.
  void make_room(std::string_view bytes);
  void commit(std::string_view bytes);
  void rollback(size_t steps);
  void clear();

  // Bytes beyond the output are about to be tried.
  void begin();
  // Drops parses in (*v)[begin, end) that `bytes`, the bytes tried so far, have led into a repetition,
  // and with `last` all of them when none can avoid one. False when none is left.
  bool keep(std::vector<Config>* v, size_t begin, std::string_view bytes, bool last);
  // Tokens that the automaton allows and that may lead into a repetition; all of those that do.
  void suspects(std::span<const Config> parses, std::vector<int32_t>* out);
  size_t memory_bytes() const;

 private:
  class Search;
  struct Open {  // an array that some parse is in
    uint32_t offset;
    ItemReader reader;
    ItemReader::Mark base;  // at the end of the output
    size_t read;            // bytes of the output and of those tried that it has read
  };
  // The arrays on the stacks, each read up to the end of the bytes tried.
  void find_open(const Config* begin, const Config* end, std::string_view bytes);
  Open& open_at(uint32_t offset);
  void catch_up(Open* o, std::string_view bytes);
  using Test = bool (ItemReader::*)() const;
  bool has_stack_without(Test test, const Config& c);
  bool any_safe(const std::vector<Config>& v, size_t begin);
  bool could_repeat() const;
  bool drop_dead(std::vector<Config>* v, size_t begin);
  void collect(std::vector<int32_t>* out);

  const TokenTrie& trie_;
  const CommaTokens& commas_;
  std::string text_;
  std::vector<size_t> steps_;            // size of the output before each step
  std::vector<Open> arrays_;             // seen so far
  std::vector<uint32_t> current_;        // indices of the arrays found last
  std::vector<const StackNode*> nodes_;  // scratch
  Arena arena_;
};

}  // namespace xgr::core
