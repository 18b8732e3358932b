// Formats of structural tags as JSON text.
//
// Entry points: tag_sequence and the other tag_*, one a type of format. Formats are put together
// as texts: a family makes few levels, and whoever gets the text reads it anyhow. A sequence or an
// alternative of one is that one.
//
//   tag_of("star", tag_const("a"))  ->  {"type":"star","content":{"type":"const_string", ...}}
//
// Tests: tests/unit/chat/tag_json_test.cc.
#include "chat/tag_json.h"

#include "support/json_reader.h"

namespace xgr::core {
namespace {

std::string joined_texts(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

std::string list_format(const char* type, const std::vector<std::string>& elements) {
  if (elements.size() == 1) return elements[0];
  return std::string(R"({"type":")") + type + R"(","elements":)" + joined_texts(elements) + "}";
}

// What stands at an end of a tag: a string, or a token object.
std::string tag_mark(const MarkerPiece& piece) {
  return piece.kind == MarkerPiece::Kind::kText ? json_quote(piece.text) : tag_piece(piece);
}

std::string tag_between(const std::string& begin, const MarkerPieces& content,
                        const std::string& end) {
  return R"({"type":"tag","begin":)" + begin + R"(,"content":)" + tag_pieces(content) +
         R"(,"end":)" + end + "}";
}

const char* tag_flag(bool value) { return value ? "true" : "false"; }

}  // namespace

void add_piece(MarkerPiece piece, MarkerPieces* pieces) {
  const bool text = piece.kind == MarkerPiece::Kind::kText;
  if (text && piece.text.empty()) return;
  if (text && !pieces->empty() && pieces->back().kind == MarkerPiece::Kind::kText) {
    pieces->back().text += piece.text;
  } else {
    pieces->push_back(std::move(piece));
  }
}

void add_pieces(const MarkerPieces& more, MarkerPieces* pieces) {
  for (const MarkerPiece& piece : more) add_piece(piece, pieces);
}

std::string tag_strings(const std::vector<std::string>& strings) {
  std::vector<std::string> quoted;
  for (const std::string& s : strings) quoted.push_back(json_quote(s));
  return joined_texts(quoted);
}

std::string tag_const(std::string_view text) {
  return R"({"type":"const_string","value":)" + json_quote(text) + "}";
}

std::string tag_any_text(const std::vector<std::string>& excludes,
                         std::optional<int32_t> max_tokens) {
  std::string out = R"({"type":"any_text","excludes":)" + tag_strings(excludes);
  if (max_tokens) out += R"(,"max_tokens":)" + std::to_string(*max_tokens);
  return out + "}";
}

std::string tag_regex(std::string_view pattern) {
  return R"({"type":"regex","pattern":)" + json_quote(pattern) + "}";
}

std::string tag_of(std::string_view type, const std::string& content) {
  return R"({"type":")" + std::string(type) + R"(","content":)" + content + "}";
}

std::string tag_sequence(const std::vector<std::string>& elements) {
  return elements.empty() ? tag_const("") : list_format("sequence", elements);
}

std::string tag_or(const std::vector<std::string>& elements) { return list_format("or", elements); }

std::string tag_piece(const MarkerPiece& piece) {
  if (piece.kind == MarkerPiece::Kind::kFormat) return piece.text;
  if (piece.kind == MarkerPiece::Kind::kText) return tag_const(piece.text);
  return R"({"type":"token","token":)" + json_quote(piece.text) + "}";
}

std::string tag_pieces(const MarkerPieces& pieces) {
  std::vector<std::string> elements;
  for (const MarkerPiece& piece : pieces) elements.push_back(tag_piece(piece));
  return tag_sequence(elements);
}

std::string tag_around_pieces(const MarkerPieces& pieces) {
  auto is_mark = [](const MarkerPiece& piece) { return piece.kind != MarkerPiece::Kind::kFormat; };
  auto first = pieces.begin(), mark = pieces.end();
  std::string begin = json_quote(""), end = json_quote("");
  if (first != pieces.end() && is_mark(*first)) begin = tag_mark(*first++);
  while (mark != first && !is_mark(*(mark - 1))) --mark;
  if (mark == first) return tag_between(begin, MarkerPieces(first, pieces.end()), end);
  const std::string last = tag_mark(*(mark - 1));
  MarkerPieces content(first, mark - 1);
  if (mark == pieces.end()) return tag_between(begin, content, last);
  // What stands before formats that may be left out needs an end of its own.
  content = {{MarkerPiece::Kind::kFormat, tag_between(end, content, last)}};
  content.insert(content.end(), mark, pieces.end());
  return tag_between(begin, content, end);
}

std::string tag_triggered(const std::vector<std::string>& triggers,
                          const std::vector<std::string>& tags,
                          const std::vector<std::string>& excludes, bool at_least_one,
                          bool stop_after_first) {
  return R"({"type":"triggered_tags","triggers":)" + tag_strings(triggers) + R"(,"tags":)" +
         joined_texts(tags) + R"(,"excludes":)" + tag_strings(excludes) + R"(,"at_least_one":)" +
         tag_flag(at_least_one) + R"(,"stop_after_first":)" + tag_flag(stop_after_first) + "}";
}

std::string tag_separated(const std::vector<std::string>& tags, std::string_view separator,
                          bool stop_after_first) {
  return R"({"type":"tags_with_separator","tags":)" + joined_texts(tags) + R"(,"separator":)" +
         json_quote(separator) + R"(,"at_least_one":true,"stop_after_first":)" +
         tag_flag(stop_after_first) + "}";
}

}  // namespace xgr::core
