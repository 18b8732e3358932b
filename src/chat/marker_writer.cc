// Markers of a family as pieces of a structural tag.
//
// Entry point: MarkerWriter::write. Names, arguments and the other elements of a marker become
// formats; its texts stay texts, but for the markers in them that are tokens. A control token is
// never text, so a marker that is one always is a token here; others are where the request says so.
//
//   "<|open|>call tool=\"", name, "\"<|sep|>"  of f, where <|open|> and <|sep|> are control tokens
//     ->  token <|open|>, "call tool=\"f\"", token <|sep|>
//
// Tests: tests/unit/chat/family_tag_test.cc.
#include "chat/marker_writer.h"

#include <algorithm>
#include <unordered_set>

#include "support/json_reader.h"

namespace xgr::core {
namespace {

bool is_white_marker(const FamilyMarker& marker) {
  for (const FamilyPart& part : marker) {
    const bool white = part.kind == PartKind::kSpace ||
                       (part.kind == PartKind::kText &&
                        part.text.find_first_not_of(" \t\r\n") == std::string::npos);
    if (!white) return false;
  }
  return true;
}

bool is_listed(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Those of some texts that a vocabulary has as one token.
std::unordered_set<std::string_view> one_token_texts(const std::vector<std::string>& texts,
                                                     const Tokenizer& tokenizer) {
  std::unordered_set<std::string_view> wanted(texts.begin(), texts.end()), found;
  for (int32_t id = 0; id < tokenizer.token_count(); ++id) {
    auto at = wanted.find(tokenizer.token_bytes(id));
    if (at != wanted.end()) found.insert(*at);
  }
  return found;
}

}  // namespace

MarkerWriter::MarkerWriter(const Family& family, const ChatRequest& request,
                           const Tokenizer* tokenizer)
    : request_(request), tokenizer_(tokenizer) {
  const bool all = request.token_markers == TokenMarkers::kAll;
  std::unordered_set<std::string_view> known;
  if (all && tokenizer) known = one_token_texts(family.markers, *tokenizer);
  for (const std::string& marker : family.markers) {
    const int32_t special = tokenizer ? tokenizer->find_special(marker) : -1;
    const bool stop = (special >= 0 && tokenizer->kind(special) == TokenKind::kStop) ||
                      is_listed(request.stop_tokens, marker);
    const bool wanted =
        all ? !tokenizer || known.contains(marker) : is_listed(request.listed_markers, marker);
    if (stop || special >= 0 || wanted) tokens_.push_back(marker);
    if (stop) stops_.push_back(marker);
  }
  std::stable_sort(tokens_.begin(), tokens_.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

bool MarkerWriter::is_token(std::string_view marker) const { return is_listed(tokens_, marker); }
bool MarkerWriter::is_stop(std::string_view marker) const { return is_listed(stops_, marker); }

std::optional<MarkerPieces> MarkerWriter::write_text(std::string_view text, bool last) const {
  MarkerPieces out;
  for (size_t at = 0; at < text.size();) {
    const std::string* token = nullptr;
    for (const std::string& marker : tokens_) {
      if (!token && text.substr(at).starts_with(marker)) token = &marker;
    }
    if (!token) {
      add_piece({MarkerPiece::Kind::kText, std::string(1, text[at++])}, &out);
      continue;
    }
    at += token->size();
    if (!is_stop(*token)) {
      add_piece({MarkerPiece::Kind::kToken, *token}, &out);
    } else if (!last || at < text.size()) {
      return std::nullopt;
    }
  }
  return out;
}

std::string MarkerWriter::space() const {
  if (!request_.max_whitespace) return tag_regex("[ \\t\\r\\n]*");
  return tag_regex("[ \\t\\r\\n]{0," + std::to_string(*request_.max_whitespace) + "}");
}

std::string MarkerWriter::arguments(const FamilyPart& part, const ChatTool& tool) const {
  std::string out = R"({"type":"json_schema","json_schema":)" + tool.schema + R"(,"style":)" +
                    json_quote(part.text);
  if (!part.excludes.empty()) out += R"(,"excludes":)" + tag_strings(part.excludes);
  std::vector<std::string> tokens;
  for (const std::string& marker : part.markers) {
    if (tokenizer_ && tokenizer_->find_special(marker) >= 0) tokens.push_back(marker);
  }
  if (!tokens.empty()) out += R"(,"token_markers":)" + tag_strings(tokens);
  if (request_.any_order) out += R"(,"any_order":true)";
  if (request_.max_whitespace)
    out += R"(,"max_whitespace_cnt":)" + std::to_string(*request_.max_whitespace);
  return out + "}";
}

bool MarkerWriter::write_part(const FamilyPart& part, const ChatTool* tool, bool last,
                              MarkerPieces* out) const {
  auto format = [out](std::string json) {
    add_piece({MarkerPiece::Kind::kFormat, std::move(json)}, out);
  };
  switch (part.kind) {
    case PartKind::kText: {
      std::optional<MarkerPieces> pieces = write_text(part.text, last);
      if (pieces) add_pieces(*pieces, out);
      return pieces.has_value();
    }
    case PartKind::kName:
      if (tool)
        add_piece({MarkerPiece::Kind::kText, part.quoted ? json_quote(tool->name) : tool->name},
                  out);
      break;
    case PartKind::kArguments:
      if (tool) format(arguments(part, *tool));
      break;
    case PartKind::kIndex:
      format(tag_regex("[0-9]{1,9}"));
      break;
    case PartKind::kId:
      format(tag_regex(part.text));
      break;
    case PartKind::kSpace:
      format(space());
      break;
    case PartKind::kOptional: {
      std::optional<MarkerPieces> inner = write(part.of[0], tool, last);
      if (inner && !inner->empty()) format(tag_of("optional", tag_pieces(*inner)));
      break;
    }
    case PartKind::kOneOf: {
      std::vector<std::string> alternatives;
      for (const FamilyMarker& marker : part.of) {
        if (std::optional<MarkerPieces> inner = write(marker, tool, last))
          alternatives.push_back(tag_pieces(*inner));
      }
      if (alternatives.empty()) return false;
      format(tag_or(alternatives));
    }
  }
  return true;
}

// The depth is bounded by read_family.
std::optional<MarkerPieces> MarkerWriter::write(const FamilyMarker& marker, const ChatTool* tool,
                                                bool last) const {
  MarkerPieces out;
  for (size_t i = 0; i < marker.size(); ++i) {
    if (!write_part(marker[i], tool, last && i + 1 == marker.size(), &out)) return std::nullopt;
  }
  return out;
}

std::vector<FamilyMarker> MarkerWriter::heads(const FamilyMarker& marker) const {
  std::vector<FamilyMarker> done, open{marker};
  while (!open.empty()) {
    FamilyMarker at = std::move(open.back());
    open.pop_back();
    const bool branches =
        !at.empty() && (at[0].kind == PartKind::kOptional || at[0].kind == PartKind::kOneOf);
    if (!branches && !(at.size() > 1 && at[0].kind == PartKind::kSpace)) {
      done.push_back(std::move(at));
      continue;
    }
    const FamilyPart head = at[0];
    FamilyMarker rest(at.begin() + 1, at.end());
    const bool may_lack = head.kind != PartKind::kOneOf;
    if (may_lack) open.push_back(rest);
    for (const FamilyMarker& inner : head.of) {
      if (may_lack && is_white_marker(inner)) continue;
      FamilyMarker taken = inner;
      taken.insert(taken.end(), rest.begin(), rest.end());
      open.push_back(std::move(taken));
    }
  }
  std::reverse(done.begin(), done.end());
  return done;
}

}  // namespace xgr::core
