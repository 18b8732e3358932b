// The formats of the standard.
//
// Entry points: is_known_format, format_expr. Each is the grammar of the RFC that JSON Schema
// names, most of them written as one regular expression over characters. Where an RFC asks for more
// than a regular language can say, the expression takes the part that is certain: leap seconds only
// at 23:59:60 UTC, no "xn--" labels in host names, which need Punycode to check.
//
//   format_expr(grammar, "date", limits)  takes 2024-02-29, not 2023-02-29
//
// Tests: tests/cases/json_schema/format.case.
#include "frontend/json_schema/formats.h"

#include <string>
#include <unordered_map>

#include "frontend/frontend.h"
#include "frontend/json_schema/idn_hostname.h"
#include "frontend/json_schema/regex_format.h"

namespace xgr::core {
namespace {

using Table = std::unordered_map<std::string_view, std::string>;

std::string group(const std::string& s) { return "(?:" + s + ")"; }

constexpr const char* kAlnum = "[A-Za-z0-9]";
constexpr const char* kHostChar = "[A-Za-z0-9-]";
// ucschar and iprivate of RFC 3987.
constexpr const char* kUcsChars =
    "\\u{A0}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFEF}\\u{10000}-\\u{1FFFD}\\u{20000}-\\u{"
    "2FFFD}"
    "\\u{30000}-\\u{3FFFD}\\u{40000}-\\u{4FFFD}\\u{50000}-\\u{5FFFD}\\u{60000}-\\u{6FFFD}"
    "\\u{70000}-\\u{7FFFD}\\u{80000}-\\u{8FFFD}\\u{90000}-\\u{9FFFD}\\u{A0000}-\\u{AFFFD}"
    "\\u{B0000}-\\u{BFFFD}\\u{C0000}-\\u{CFFFD}\\u{D0000}-\\u{DFFFD}\\u{E1000}-\\u{EFFFD}";
constexpr const char* kPrivateChars =
    "\\u{E000}-\\u{F8FF}\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}";

std::string date() {
  const std::string year = "[0-9]{4}";
  const std::string by4 = "(?:0[48]|[2468][048]|[13579][26])";
  return group(year + "-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|" + year +
               "-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|" + year + "-02-(?:0[1-9]|1[0-9]|2[0-8])|" +
               group("[0-9]{2}" + by4 + "|(?:00|" + by4 + ")00") + "-02-29");
}

std::string time() {
  return "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?"
         "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])|23:59:60(?:\\.[0-9]+)?(?:[Zz]|[+-]00:00))";
}

// With leap seconds at any minute.
std::string wider_time() {
  return "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?"
         "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
}

std::string duration() {
  const std::string t = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)";
  const std::string d = "(?:[0-9]+D|[0-9]+M(?:[0-9]+D)?|[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?)";
  return "P(?:" + d + "(?:" + t + ")?|" + t + "|[0-9]+W)";
}

std::string ipv4() {
  const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  return octet + "(?:\\." + octet + "){3}";
}

std::string ipv6() {
  const std::string h = "[0-9A-Fa-f]{1,4}";
  const std::string hc = "(?:" + h + ":)";
  const std::string last = "(?:" + h + ":" + h + "|" + ipv4() + ")";
  auto upto = [&](int n) { return "(?:" + hc + "{0," + std::to_string(n) + "}" + h + ")?::"; };
  return group(hc + "{6}" + last + "|::" + hc + "{5}" + last + "|(?:" + h + ")?::" + hc + "{4}" +
               last + "|" + upto(1) + hc + "{3}" + last + "|" + upto(2) + hc + "{2}" + last + "|" +
               upto(3) + hc + last + "|" + upto(4) + last + "|" + upto(5) + h + "|" + upto(6));
}

// 1 to 63 letters, digits, inner hyphens; no two hyphens at the third and fourth place.
std::string label() {
  const std::string a = kAlnum, l = kHostChar;
  return group(a + "(?:" + a + "|" + l + a + "|" + l + "(?:" + a + "|-)" + a + "|" + l + "(?:" + a +
               l + "|-" + a + ")" + l + "{0,58}" + a + ")?");
}

std::string domain() { return label() + "(?:\\." + label() + ")*"; }

// RFC 5321; `more` are the characters that RFC 6531 adds.
std::string local_part(const std::string& more) {
  const std::string atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~" + more + "-]+";
  const std::string quoted = "\"(?:[ !#-\\[\\]-~" + more + "]|\\\\[ -~])*\"";
  return group(atom + "(?:\\." + atom + ")*|" + quoted) + "@";
}

std::string address_literal() { return "\\[(?:" + ipv4() + "|IPv6:" + ipv6() + ")\\]"; }

std::string email() { return local_part("") + group(domain() + "|" + address_literal()); }

// RFC 3986 and 3987; `more` are the characters an IRI has beyond a URI.
struct Uri {
  explicit Uri(const std::string& more, const std::string& more_query)
      : unreserved("A-Za-z0-9._~" + more), private_use(more_query) {
    pchar = "(?:[" + unreserved + "!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
    query = "(?:[" + unreserved + private_use + "!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*";
    const std::string fragment = "(?:[" + unreserved + "!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*";
    tail = "(?:\\?" + query + ")?(?:#" + fragment + ")?";
    const std::string user = "(?:[" + unreserved + "!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*";
    const std::string name = "(?:[" + unreserved + "!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
    const std::string literal =
        "\\[(?:" + ipv6() + "|[vV][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\\]";
    authority =
        "//(?:" + user + "@)?(?:" + literal + "|" + name + ")(?::[0-9]*)?(?:/" + pchar + "*)*";
    rooted = "/(?:" + pchar + "+(?:/" + pchar + "*)*)?";
  }
  std::string absolute() const {
    return "[A-Za-z][A-Za-z0-9+.-]*:(?:" + authority + "|" + rooted + "|" + pchar + "+(?:/" +
           pchar + "*)*)?" + tail;
  }
  std::string reference() const {
    const std::string no_colon = "(?:[" + unreserved + "!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})+";
    return group(absolute() + "|(?:" + authority + "|" + rooted + "|" + no_colon + "(?:/" + pchar +
                 "*)*)?" + tail);
  }
  std::string unreserved, private_use, pchar, query, tail, authority, rooted;
};

// RFC 6570; the apostrophe is a literal by its erratum 6937.
std::string uri_template() {
  const std::string pct = "%[0-9A-Fa-f]{2}";
  const std::string text =
      "(?:[!#$&-;=?-\\[\\]_a-z~" + std::string(kUcsChars) + kPrivateChars + "]|" + pct + ")";
  const std::string name_char = "(?:[A-Za-z0-9_]|" + pct + ")";
  const std::string spec = name_char + "(?:\\.?" + name_char + ")*(?::[1-9][0-9]{0,3}|\\*)?";
  return "(?:" + text + "|\\{[+#./;?&=,!@|]?" + spec + "(?:," + spec + ")*\\})*";
}

Table make_table() {
  const std::string hex = "[0-9A-Fa-f]";
  const std::string pointer = "(?:/(?:[^~/]|~[01])*)*";
  const Uri uri("", ""), iri(kUcsChars, kPrivateChars);
  return {{"date", date()},
          {"time", time()},
          {"date-time", date() + "[Tt]" + time()},
          {"duration", duration()},
          {"email", email()},
          {"ipv4", ipv4()},
          {"ipv6", ipv6()},
          {"uri", uri.absolute()},
          {"uri-reference", uri.reference()},
          {"iri", iri.absolute()},
          {"iri-reference", iri.reference()},
          {"uri-template", uri_template()},
          {"uuid", hex + "{8}-" + hex + "{4}-" + hex + "{4}-" + hex + "{4}-" + hex + "{12}"},
          {"json-pointer", pointer},
          {"relative-json-pointer", "(?:0|[1-9][0-9]*)(?:#|" + pointer + ")"}};
}

const Table& table() {
  static const Table formats = make_table();
  return formats;
}

// Where the table has a part of a format: more than all of it.
const Table& wider_table() {
  static const Table formats = {{"time", wider_time()},
                                {"date-time", date() + "[Tt]" + wider_time()},
                                {"email", ".+@.+"},
                                {"idn-email", ".+@.+"},
                                {"hostname", "[A-Za-z0-9.-]+"},
                                {"idn-hostname", "[A-Za-z0-9.\\u{80}-\\u{10FFFF}-]+"},
                                {"regex", ".*"}};
  return formats;
}

Result<Expr> hostname(Grammar& grammar, const Limits& limits) {
  Result<Expr> e = regex_expr(grammar, domain(), {}, limits);
  if (!e.ok()) return e;
  ExprPool& p = grammar.pool;
  return p.intersect(e.value(), p.repeat(p.char_class(CharSet::all()), 0, 253));
}

Result<Expr> idn_email(Grammar& grammar, const Limits& limits) {
  Result<Expr> local = regex_expr(grammar, local_part("\\u{80}-\\u{10FFFF}"), {}, limits);
  if (!local.ok()) return local;
  Result<Expr> literal = regex_expr(grammar, address_literal(), {}, limits);
  if (!literal.ok()) return literal;
  ExprPool& p = grammar.pool;
  return p.seq(local.value(), p.alt(idn_hostname(p, false), literal.value()));
}

}  // namespace

bool is_known_format(std::string_view name) {
  return name == "hostname" || name == "idn-hostname" || name == "idn-email" || name == "regex" ||
         table().contains(name);
}

Result<Expr> format_expr(Grammar& grammar, std::string_view name, const Limits& limits) {
  if (name == "hostname") return hostname(grammar, limits);
  if (name == "idn-hostname") return idn_hostname(grammar.pool, true);
  if (name == "idn-email") return idn_email(grammar, limits);
  if (name == "regex") return regex_format(grammar, limits);
  return regex_expr(grammar, table().at(name), {}, limits);
}

Result<Expr> wider_format_expr(Grammar& grammar, std::string_view name, const Limits& limits) {
  auto it = wider_table().find(name);
  if (it == wider_table().end()) return format_expr(grammar, name, limits);
  return regex_expr(grammar, it->second, {}, limits);
}

}  // namespace xgr::core
