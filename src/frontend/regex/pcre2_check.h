// What PCRE2 is asked: is this pattern well-formed, and which characters are in this class.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "automata/char_set.h"

namespace xgr::core {

struct PatternError {
  int code;       // PCRE2's number
  size_t offset;  // into the pattern given
  std::string message;
};

// nullopt when PCRE2 compiles `pattern` (valid UTF-8). With `ecma`, [] and [^] are classes; with
// `extended`, (?x) holds from the start.
std::optional<PatternError> pcre2_check(std::string_view pattern, bool ecma, bool extended);

// The characters that `item` matches inside a class: \p{Han}, \h, [:alpha:]. Asked once per process
// and item. Null when PCRE2 does not know the item.
std::shared_ptr<const CharSet> pcre2_class(std::string_view item);

// What `bracketed`, a class such as [a-z\p{Lu}] that matches `set`, matches where case does not
// count.
CharSet pcre2_caseless(std::string_view bracketed, const CharSet& set, bool ecma);

// The characters whose case may matter, and perhaps others. Case never relates one to another
// outside of them.
const CharSet& cased_characters();

}  // namespace xgr::core
