// Uniform resource identifiers, as far as references need them.
//
// Entry points: resolve_uri, percent_decoded. Reference resolution of RFC 3986 section 5 on plain
// text; nothing else about a URI is checked, so any identifier that authors invent can be found.
//
//   resolve_uri("http://a/b/c", "../d?e#f")  ->  "http://a/d?e"
//
// Tests: tests/unit/frontend/json_schema/schema_source_test.cc.
#include "frontend/json_schema/uri.h"

#include <algorithm>
#include <vector>

#include "support/ascii.h"

namespace xgr::core {
namespace {

struct UriParts {
  std::string_view scheme, authority, path, query;
  bool has_authority = false, has_query = false;
};

UriParts split_uri(std::string_view s) {
  UriParts u;
  s = s.substr(0, s.find('#'));
  size_t colon = s.find_first_of(":/?");
  if (colon != s.npos && colon > 0 && s[colon] == ':') {
    u.scheme = s.substr(0, colon);
    s.remove_prefix(colon + 1);
  }
  if (s.starts_with("//")) {
    size_t end = std::min(s.find_first_of("/?", 2), s.size());
    u.authority = s.substr(2, end - 2);
    u.has_authority = true;
    s.remove_prefix(end);
  }
  size_t q = s.find('?');
  u.path = s.substr(0, q);
  if (q != s.npos) {
    u.query = s.substr(q + 1);
    u.has_query = true;
  }
  return u;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> out;
  bool slash_end = path.ends_with("/") || path.ends_with("/.") || path.ends_with("/..");
  bool rooted = path.starts_with("/");
  while (!path.empty()) {
    if (path[0] == '/') path.remove_prefix(1);
    size_t end = std::min(path.find('/'), path.size());
    std::string_view part = path.substr(0, end);
    path.remove_prefix(end);
    if (part == ".." && !out.empty()) out.pop_back();
    if (part != "." && part != ".." && !part.empty()) out.push_back(part);
  }
  std::string text;
  for (size_t i = 0; i < out.size(); ++i) text.append(i > 0 || rooted ? "/" : "").append(out[i]);
  if (slash_end || (rooted && out.empty())) text += "/";
  return text;
}

}  // namespace

std::string percent_decoded(std::string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size(); ++i) {
    bool coded =
        s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_value(s[i + 1]) * 16 + hex_value(s[i + 2])) : s[i];
    if (coded) i += 2;
  }
  return out;
}

std::string resolve_uri(std::string_view base, std::string_view reference) {
  UriParts b = split_uri(base), r = split_uri(reference);
  if (!r.scheme.empty() || (reference.empty() || reference[0] == '#')) {
    std::string_view whole = r.scheme.empty() ? base : reference;
    return std::string(whole.substr(0, whole.find('#')));
  }
  std::string out(b.scheme);
  if (!out.empty()) out += ":";
  bool own_authority = r.has_authority;
  std::string_view authority = own_authority ? r.authority : b.authority;
  if (own_authority || b.has_authority) out.append("//").append(authority);
  std::string path;
  if (own_authority || r.path.starts_with("/")) {
    path = r.path;
  } else if (r.path.empty()) {
    path = b.path;
    if (!r.has_query && b.has_query) r.query = b.query, r.has_query = true;
  } else {
    path = std::string(b.path.substr(0, b.path.rfind('/') + 1)).append(r.path);
    if (b.has_authority && !path.starts_with("/")) path.insert(0, "/");
  }
  out += path.find("./") != path.npos || path.ends_with(".") ? without_dots(path) : path;
  if (r.has_query) out.append("?").append(r.query);
  return out;
}

}  // namespace xgr::core
