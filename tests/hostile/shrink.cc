// Shrinking: parts are cut out of the text, large ones first.
//
// Entry point: shrink. A part is a line, something in brackets with what belongs to it up to a
// comma, or a word; what is left need not make sense, since then it does not fail either.
//
//   {"a":{"not":{...}},"b":...}   ->   {"a":{"not":{...}}}   ->   ...
#include "shrink.h"

#include <algorithm>
#include <set>

namespace hostile {
namespace {

struct Cut {
  size_t begin, end;
  std::string instead;
};

// For every opening bracket its closing one; quotes are text.
std::vector<std::pair<size_t, size_t>> bracketed(const std::string& text) {
  std::vector<std::pair<size_t, size_t>> out;
  std::vector<size_t> open;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && std::string_view("{[(").find(text[i]) != std::string_view::npos) {
      open.push_back(i);
    } else if (!quoted && !open.empty() &&
               std::string_view("}])").find(text[i]) != std::string_view::npos) {
      out.emplace_back(open.back(), i + 1);
      open.pop_back();
    }
  }
  return out;
}

// Pieces between separators at one level of brackets.
void add_elements(const std::string& text, size_t begin, size_t end, std::vector<Cut>* out) {
  size_t depth = 0, from = begin;
  bool quoted = false;
  for (size_t i = begin; i < end; ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{' || c == '[' || c == '(') ++depth;
    if ((c == '}' || c == ']' || c == ')') && depth > 0) --depth;
    if (depth > 0 || (c != ',' && c != ' ' && c != '\n' && c != '|')) continue;
    out->push_back({from, i + 1, ""});
    from = i + 1;
  }
  if (from > begin) out->push_back({from - 1, end, ""});
}

std::vector<Cut> cuts(const std::string& text) {
  std::vector<Cut> out;
  add_elements(text, 0, text.size(), &out);
  for (auto [begin, end] : bracketed(text)) {
    add_elements(text, begin + 1, end - 1, &out);
    if (end - begin > 2) {
      out.push_back({begin, end, text[begin] == '{' ? "{}" : ""});
      out.push_back({begin, end, text.substr(begin + 1, end - begin - 2)});
    }
  }
  for (size_t size = text.size() / 2; size > 0 && text.size() < 4000; size /= 2) {
    for (size_t at = 0; at + size <= text.size(); at += size) out.push_back({at, at + size, ""});
  }
  std::stable_sort(out.begin(), out.end(), [](const Cut& x, const Cut& y) {
    return x.end - x.begin - x.instead.size() > y.end - y.begin - y.instead.size();
  });
  return out;
}

}  // namespace

Input shrink(Input input, int trials, const std::function<bool(const Input&)>& fails) {
  std::set<std::string> tried;
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (const Cut& cut : cuts(input.source)) {
      Input next = input;
      next.source.replace(cut.begin, cut.end - cut.begin, cut.instead);
      if (!tried.insert(next.source).second) continue;
      if (--trials < 0) return input;
      if (!fails(next)) continue;
      input = std::move(next);
      smaller = true;
      break;
    }
  }
  return input;
}

}  // namespace hostile
