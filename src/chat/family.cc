// Families: finding one, and the suffix of its markers.
//
// Entry points: find_family, with_suffix, suffix_in. The files of the library are a table of texts
// (family_table.cc), read when asked for. A suffix is put into the texts of a family once; what
// works with the family need not know of it.
//
//   find_family("qwen3_5")  ->  the family qwen_3_coder, which has that alias
//
// Tests: tests/unit/chat/family_test.cc.
#include "chat/family.h"

#include <algorithm>

#include "chat/family_table.h"

namespace xgr::core {
namespace {

std::string known_families() {
  std::string names;
  for (const FamilyFile& file : family_files()) {
    if (!names.empty()) names += ", ";
    names += file.name;
  }
  return names;
}

// Puts a suffix into texts: "<a>x</a>" -> "<a:1>x</a:1>" for the markers <a> and </a>.
class SuffixWriter {
 public:
  SuffixWriter(const Family& family, std::string_view suffix) : suffix_(suffix) {
    after_ = family.suffix->after;
    markers_ = family.markers;
    // Of two markers at one place the longer one is meant.
    std::sort(markers_.begin(), markers_.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
  }

  void rewrite(std::string* text) const {
    std::string out;
    for (size_t at = 0; at < text->size();) {
      const std::string* marker = marker_at(*text, at);
      if (!marker) {
        out += (*text)[at++];
        continue;
      }
      size_t cut = marker->rfind(after_);
      if (cut == std::string::npos) cut = marker->size();
      out.append(*marker, 0, cut).append(suffix_).append(*marker, cut);
      at += marker->size();
    }
    *text = std::move(out);
  }
  void rewrite(std::vector<std::string>* texts) const {
    for (std::string& text : *texts) rewrite(&text);
  }
  // The depth of markers is bounded by read_family.
  void rewrite(FamilyMarker* marker) const {
    for (FamilyPart& part : *marker) {
      if (part.kind == PartKind::kText) rewrite(&part.text);
      rewrite(&part.excludes);
      rewrite(&part.markers);
      for (FamilyMarker& inner : part.of) rewrite(&inner);
    }
  }
  void rewrite(FamilyFrame* frame) const {
    rewrite(&frame->begin);
    for (FamilyEnd& end : frame->ends) rewrite(&end.text);
  }

 private:
  const std::string* marker_at(std::string_view text, size_t at) const {
    for (const std::string& marker : markers_) {
      if (text.substr(at).starts_with(marker)) return &marker;
    }
    return nullptr;
  }

  std::string suffix_, after_;
  std::vector<std::string> markers_;
};

}  // namespace

std::span<const FamilyFile> family_files() { return family_table(); }

Result<Family> find_family(std::string_view name_or_text, const Limits& limits) {
  if (name_or_text.starts_with('{')) return read_family(name_or_text, limits);
  std::span<const FamilyAlias> names = family_names();
  auto at =
      std::lower_bound(names.begin(), names.end(), name_or_text,
                       [](const FamilyAlias& a, std::string_view name) { return a.name < name; });
  if (at != names.end() && at->name == name_or_text)
    return read_family(family_files()[at->file].text, limits);
  return make_error(Status::kInvalidArgument,
                    "no family is named \"" + std::string(name_or_text.substr(0, 60)) +
                        "\"; expected the text of a family file, or one of " + known_families());
}

Family with_suffix(const Family& family, std::string_view suffix) {
  Family out = family;
  if (!family.suffix || suffix.empty()) return out;
  SuffixWriter writer(family, suffix);
  writer.rewrite(&out.separator);
  if (out.reasoning) {
    writer.rewrite(&*out.reasoning);
    writer.rewrite(&out.reasoning->after);
    writer.rewrite(&out.reasoning->off);
  }
  for (FamilyText& text : out.texts) {
    writer.rewrite(&text);
    writer.rewrite(&text.excludes);
  }
  for (FamilySection& section : out.sections) {
    writer.rewrite(&section.begin);
    writer.rewrite(&section.separator);
    writer.rewrite(&section.end);
  }
  writer.rewrite(&out.call);
  writer.rewrite(&out.builtin_call);
  if (out.answer) writer.rewrite(&*out.answer);
  writer.rewrite(&out.turn_end);
  writer.rewrite(&out.markers);
  out.suffix.reset();
  return out;
}

std::string suffix_in(const Family& family, const Tokenizer& tokenizer) {
  if (!family.suffix) return "";
  const FamilySuffix& s = *family.suffix;
  std::string_view before = std::string_view(s.of).substr(0, s.of.size() - s.after.size());
  for (int32_t id = 0; id < tokenizer.token_count(); ++id) {
    std::string_view token = tokenizer.special_name(id);
    if (token.empty()) token = tokenizer.token_bytes(id);
    if (token.size() <= s.of.size() || !token.starts_with(before) || !token.ends_with(s.after))
      continue;
    std::string_view suffix =
        token.substr(before.size(), token.size() - before.size() - s.after.size());
    if (suffix.starts_with(s.begins_with)) return std::string(suffix);
  }
  return "";
}

}  // namespace xgr::core
