// Reading the replies of families; see reply_case.h.
#include "reply_case.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "support/json_reader.h"

namespace chat {
namespace {

using xgr::core::JsonDocument;
using xgr::core::JsonId;
using xgr::core::JsonType;
using xgr::core::kNoJson;

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(2);
}

JsonDocument read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) stop(path + ": cannot be read");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto doc = JsonDocument::parse(text, xgr::core::Limits{});
  if (!doc.ok()) stop(path + ": " + doc.error().message);
  return std::move(doc).value();
}

// A request, with the list of tools that it names in place.
std::string request_text(const JsonDocument& doc, JsonId at, const JsonDocument& kinds) {
  std::string out = "{";
  for (JsonId member : doc.children(at)) {
    if (out.size() > 1) out += ",";
    const std::string key(doc.key(member));
    out += xgr::core::json_quote(key) + ":";
    if (key != "tools") {
      out += xgr::core::json_text(doc, member);
      continue;
    }
    const JsonId tools = kinds.find(kinds.find(0, "tools"), doc.text(member));
    if (tools == kNoJson) stop("no tools are named " + std::string(doc.text(member)));
    out += xgr::core::json_text(kinds, tools);
  }
  return out + "}";
}

Reply read_reply(std::string_view kind, std::string_view text) {
  Reply out{std::string(kind), "", {}};
  bool free = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("«") || text.substr(i).starts_with("»")) {
      free = text.substr(i).starts_with("«");
      ++i;
      continue;
    }
    out.text += text[i];
    out.free.push_back(free);
  }
  return out;
}

FamilyCases read_family_cases(const std::string& path, const JsonDocument& kinds) {
  const JsonDocument doc = read_file(path);
  FamilyCases out;
  out.family = std::filesystem::path(path).stem().string();
  for (JsonId reply : doc.children(doc.find(0, "replies")))
    out.replies.push_back(read_reply(doc.key(reply), doc.text(reply)));
  if (const JsonId inside = doc.find(0, "inside"); inside != kNoJson) out.inside = doc.text(inside);
  const JsonId more = doc.find(0, "more");
  if (more == kNoJson) return out;
  for (JsonId item : doc.children(more)) {
    More one{request_text(doc, doc.find(item, "request"), kinds), {}, {}};
    for (JsonId text : doc.children(doc.find(item, "accept")))
      one.accepted.emplace_back(doc.text(text));
    for (JsonId text : doc.children(doc.find(item, "reject"))) {
      one.rejected.push_back({std::string(doc.text(doc.find(text, "text"))),
                              std::stoul(std::string(doc.text(doc.find(text, "at"))))});
    }
    out.more.push_back(std::move(one));
  }
  return out;
}

}  // namespace

const std::string& Kinds::request(std::string_view kind) const {
  for (const Kind& k : kinds) {
    if (k.name == kind) return k.request;
  }
  stop("no kind of reply is named " + std::string(kind));
}

Kinds read_kinds(const std::string& folder) {
  const JsonDocument doc = read_file(folder + "/kinds.json");
  Kinds out;
  for (JsonId kind : doc.children(doc.find(0, "kinds"))) {
    out.kinds.push_back(
        {std::string(doc.key(kind)), request_text(doc, doc.find(kind, "request"), doc)});
  }
  return out;
}

std::vector<FamilyCases> read_cases(const std::string& folder, const std::string& only) {
  const JsonDocument kinds = read_file(folder + "/kinds.json");
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/families")) {
    if (only.empty() || entry.path().stem() == only) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<FamilyCases> out;
  for (const std::string& path : paths) out.push_back(read_family_cases(path, kinds));
  return out;
}

}  // namespace chat
