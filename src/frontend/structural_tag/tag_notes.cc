// What a structural tag says as text and may mean as a token.
//
// Entry point: note_tag_texts (tag_format.h). A begin, an end, a trigger or a constant text that holds
// the name of a control token is never that token: outputs that have the token are refused.
//
//   {"begin": "<|call|>", ...}  ->  write {"type": "token", "token": "<|call|>"} instead
//
// Tests: tests/unit/frontend/structural_tag/tag_parts_test.cc.
#include <string>

#include "frontend/source_notes.h"
#include "frontend/structural_tag/tag_format.h"

namespace xgr::core {

void note_tag_texts(const JsonDocument& doc, const TagFormats& formats, SourceNotes* notes) {
  if (notes == nullptr || !notes->knows_names()) return;
  const auto form = [](const SpecialNames::Match& m) {
    return "{\"type\": \"token\", \"token\": " + json_quote(m.name) + "}";
  };
  const auto check = [&](std::string_view text, JsonId at) {
    notes->check_text(text, form, [&](std::string message, size_t) {
      return error_at_pointer(Status::kOk, std::move(message), doc.pointer(at));
    });
  };
  for (const TagFormat& f : formats) {
    if (f.begin.at != kNoJson) check(f.begin.text, f.begin.at);
    for (const TagMark& end : f.ends) check(end.text, end.at);
    if (f.kind == TagKind::kConstString) check(f.text, doc.find(f.at, "value"));
    if (f.kind == TagKind::kTagsWithSeparator) check(f.text, doc.find(f.at, "separator"));
    for (size_t k = 0; k < f.words.size(); ++k) {
      const std::string place = f.kind == TagKind::kDispatch ? "/rules/" + std::to_string(k) + "/0"
                                                             : "/triggers/" + std::to_string(k);
      check(f.words[k], doc.resolve(f.at, place));
    }
  }
}

}  // namespace xgr::core
