// Vocabularies by name, made once each. The last token is the stop token "</s>", but in those of
// tests/bench, whose first is it.
//
//   bytes      every byte, and a dozen longer tokens of JSON
//   no_digits  printable ASCII without digits
//   aa_b       "aa", "b"                 zero_aa    "\0ab\0", "aa"
//   odd0 ...   some of the printable characters, and some longer tokens of them
//   few0 ...   a dozen tokens of one to three characters
//   8k, 128k   as tests/bench/vocabulary.h makes them
#pragma once

#include <xgr/xgr.h>

#include <memory>
#include <string>
#include <vector>

namespace hostile {

struct Vocabulary {
  std::vector<std::string> tokens;
  std::vector<uint8_t> kinds;
  xgr_tokenizer_t* tokenizer = nullptr;
  std::vector<int32_t> bytes;  // by byte, the token that is it alone; -1: none
  int32_t find(const std::string& text) const;
};

// Never freed; null when there is none of this name.
const Vocabulary* vocabulary(const std::string& name);

}  // namespace hostile
