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
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
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

  // Bytes beyond the output are about to be tried; what that takes is charged to `work`.
  void begin(Work* work);
  // Drops parses in (*v)[begin, end) that `bytes`, the bytes tried so far, have led into a repetition,
  // and with `last` all of them when none can avoid one. False when none is left.
  bool keep(std::vector<Config>* v, size_t begin, std::string_view bytes, bool last);
  // The tokens of a mask that lead into a repetition from `parses`, read as text.
  void find_repeating(std::span<const Config> parses, const Tokenizer& tokenizer,
                      const uint32_t* words, Work* work, std::vector<int32_t>* out);
  size_t memory_bytes() const;

 private:
  friend class UniqueTrail;
  friend class UniqueSearch;
  struct Open {  // an array that some parse is in
    explicit Open(size_t at) : read(at), kept(at) {}
    ItemReader reader;
    size_t read;  // bytes of the output and of those tried that it has read
    size_t kept;  // and of the output alone, at the last begin()
  };
  using Arrays = std::vector<Open*>;
  using Test = bool (*)(ItemReader*);
  // The arrays on the stacks, each read up to the end of the bytes tried.
  void find_open(std::span<const Config> parses, std::string_view bytes, Arrays* out);
  Open* open_at(uint32_t offset);
  void catch_up(Open* o, std::string_view bytes);
  void forget_from(size_t offset) { arrays_.erase(arrays_.lower_bound(offset), arrays_.end()); }
  bool is_new(const StackNode* n);
  bool has_stack_without(Test test, const Config& c);
  static bool any(Test test, const Arrays& arrays);
  static bool could_repeat(const Arrays& arrays);
  // Whether some parse can go on in any way without a repetition.
  bool any_safe(std::span<const Config> parses, const Arrays& arrays);
  // Takes out parses in (*v)[begin, end) that are in an array with a repetition.
  void drop_repeating(std::vector<Config>* v, size_t begin, const Arrays& arrays);

  const TokenTrie& trie_;
  const CommaTokens& commas_;
  std::string text_;
  std::vector<size_t> steps_;                        // size of the output before each step
  std::map<size_t, Open> arrays_;                    // seen so far, by where they begin
  Arrays current_;                                   // scratch
  std::vector<const StackNode*> nodes_;              // scratch: met by a walk over stacks
  std::unordered_set<const StackNode*> many_nodes_;  // the same, when they are many
  Arena arena_;
  Work* work_ = nullptr;
};

}  // namespace xgr::core
