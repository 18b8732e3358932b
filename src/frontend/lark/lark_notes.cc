// Strings and regular expressions of Lark text that have the names of special tokens.
//
// Entry point: note_lark_texts. All that the text, nested grammars and named ones write is looked
// at, in the order in which it is written; the library is not.
//
//   call: "<tool_call>" JSON      with a control token of that name: write <tool_call> without quotes
//
// Tests: tests/unit/frontend/source_notes_test.cc, tests/capi/diagnostics_test.c.
#include "frontend/lark/lark_notes.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace xgr::core {
namespace {

struct QuotedNode {
  uint32_t scope, node;
};

std::vector<QuotedNode> quoted_nodes(const LarkSource& source) {
  std::vector<QuotedNode> out;
  for (const LarkDefinition& d : source.definitions) {
    if (source.scopes[d.scope].library) continue;
    for (uint32_t i = d.first; i <= d.last; ++i) {
      const LarkNodeKind kind = source.nodes[i].kind;
      if (kind == LarkNodeKind::kString || kind == LarkNodeKind::kRegex)
        out.push_back({d.scope, i});
    }
  }
  // Texts in the order in which they are entered, each from its beginning to its end.
  std::unordered_map<const char*, uint32_t> first_scope;
  for (uint32_t i = 0; i < source.scopes.size(); ++i)
    first_scope.emplace(source.scopes[i].text.data(), i);
  auto place = [&](const QuotedNode& q) {
    return std::pair(first_scope.at(source.scopes[q.scope].text.data()),
                     source.nodes[q.node].begin);
  };
  std::sort(out.begin(), out.end(),
            [&](const QuotedNode& a, const QuotedNode& b) { return place(a) < place(b); });
  return out;
}

// <name> where the name has the form of one, else by number.
std::string lark_token_form(const SpecialNames::Match& m) {
  const std::string_view name = m.name;
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) > ' '; });
  const bool form = name.size() > 2 && name[0] == '<' && name[1] != '[' &&
                    name.find_first_of("<>", 1) == name.size() - 1;
  if (plain && form) return std::string(name) + " without quotes";
  return "<[" + std::to_string(m.id) + "]>";
}

}  // namespace

void note_lark_texts(const LarkSource& source, SourceNotes* notes) {
  if (!notes->knows_names()) return;
  std::unordered_map<const char*, SourcePlaces> places;
  for (const QuotedNode& q : quoted_nodes(source)) {
    const LarkScope& scope = source.scopes[q.scope];
    const LarkNode& node = source.nodes[q.node];
    SourcePlaces& lines = places.try_emplace(scope.text.data(), scope.text).first->second;
    auto at = [&](std::string message, size_t offset) {
      if (!scope.title.empty()) message = "in " + scope.title + ": " + message;
      return lines.at(std::move(message), offset);
    };
    if (node.kind == LarkNodeKind::kRegex) {
      Result<LarkRegex> r = decode_lark_regex(scope.text, node.begin, node.end);
      if (!r.ok()) continue;  // an error when it is built
      const uint32_t begin = r.value().begin;
      notes->check_pattern(
          scope.text.substr(begin, r.value().end - begin), lark_token_form,
          [&](std::string message, size_t o) { return at(std::move(message), begin + o); });
      continue;
    }
    Result<LarkString> s = decode_lark_string(scope.text, node.begin, node.end);
    if (!s.ok()) continue;
    const std::string& text = s.value().text;
    // Without escapes every byte is where it seems to be.
    const bool as_written = scope.text.substr(node.begin + 1, text.size()) == text;
    notes->check_text(text, lark_token_form, [&](std::string message, size_t o) {
      return at(std::move(message), as_written ? node.begin + 1 + o : node.begin);
    });
  }
}

}  // namespace xgr::core
