// Reading xgr_json_schema_options_t and xgr_json_format_t.
//
// Entry points: read_schema_options, read_format. Elements of `remotes` lie as far apart as the first one says
// it is long, so that a caller with a later header can pass longer ones.
//
//   {.draft = 7}  ->  JsonSchemaOptions with draft 7
//
// Tests: tests/capi/compiler_test.c, tests/capi/options_test.c.
#include "capi/schema_options.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "capi/guard.h"

namespace xgr::core {
namespace {

constexpr bool same(FormatPolicy ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(FormatPolicy::kEnforce, XGR_FORMATS_ENFORCE));
static_assert(same(FormatPolicy::kRefuseUnknown, XGR_FORMATS_REFUSE_UNKNOWN));
static_assert(same(FormatPolicy::kIgnore, XGR_FORMATS_IGNORE));

constexpr bool same(UnknownKeywords ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(UnknownKeywords::kIgnore, XGR_UNKNOWN_KEYWORDS_IGNORE));
static_assert(same(UnknownKeywords::kRefuse, XGR_UNKNOWN_KEYWORDS_REFUSE));

constexpr int32_t kDrafts[] = {0, 4, 6, 7, 2019, 2020};

MaybeError read_remotes(const xgr_json_schema_options_t& own, std::vector<RemoteSchema>* out) {
  const char* element = reinterpret_cast<const char*>(own.remotes);
  for (size_t i = 0; i < own.remote_count; ++i) {
    const auto* remote = reinterpret_cast<const xgr_remote_schema_t*>(element);
    const std::string name = "xgr_remote_schema_t [" + std::to_string(i) + "]";
    if (MaybeError error = check_options(remote, sizeof(*remote), name.c_str())) return error;
    if (remote->struct_size != own.remotes->struct_size || remote->struct_size < sizeof(*remote))
      return invalid_argument(name + ": struct_size is " + std::to_string(remote->struct_size) +
                              "; expected the size of the struct, the same for all elements");
    if (remote->uri == nullptr || remote->text == nullptr)
      return invalid_argument(name + ": uri and text must not be NULL");
    out->push_back({{remote->uri, remote->uri_size}, {remote->text, remote->text_size}});
    element += remote->struct_size;
  }
  return std::nullopt;
}

MaybeError out_of_range(const char* name, int32_t value, const char* expected) {
  return invalid_argument("xgr_json_format_t: " + std::string(name) + " is " +
                          std::to_string(value) + "; expected " + expected);
}

// Members that the layout gives no meaning to have to be zero, so that no wish is dropped silently.
MaybeError check_format(const xgr_json_format_t& own) {
  const bool free = own.layout == XGR_JSON_LAYOUT_FREE;
  if (own.layout < XGR_JSON_LAYOUT_FREE || own.layout > XGR_JSON_LAYOUT_INDENT)
    return out_of_range("layout", own.layout, "an XGR_JSON_LAYOUT_ constant");
  if (own.indent < 0 || (own.indent > 0 && own.layout != XGR_JSON_LAYOUT_INDENT))
    return out_of_range("indent", own.indent, "0, or more with XGR_JSON_LAYOUT_INDENT");
  if (own.max_whitespace < 0 || (own.max_whitespace > 0 && !free))
    return out_of_range("max_whitespace", own.max_whitespace,
                        "0, or more with XGR_JSON_LAYOUT_FREE");
  if (own.max_digits < 0) return out_of_range("max_digits", own.max_digits, "0 or more");
  if (own.escapes < XGR_JSON_ESCAPES_ANY || own.escapes > XGR_JSON_ESCAPES_MINIMAL)
    return out_of_range("escapes", own.escapes, "an XGR_JSON_ESCAPES_ constant");
  if (free && (own.item_separator != nullptr || own.key_separator != nullptr))
    return invalid_argument("xgr_json_format_t: separators need another layout than FREE");
  if (own.item_separator == nullptr && own.item_separator_size != 0)
    return invalid_argument("xgr_json_format_t: item_separator is NULL but has a size");
  if (own.key_separator == nullptr && own.key_separator_size != 0)
    return invalid_argument("xgr_json_format_t: key_separator is NULL but has a size");
  return std::nullopt;
}

}  // namespace

MaybeError read_format(const xgr_json_format_t* given, JsonFormatOptions* out) {
  xgr_json_format_t own;
  if (MaybeError error = read_options(given, "xgr_json_format_t", &own)) return error;
  if (MaybeError error = check_format(own)) return error;
  const bool indented = own.layout == XGR_JSON_LAYOUT_INDENT;
  out->any_whitespace = own.layout == XGR_JSON_LAYOUT_FREE;
  out->max_whitespace = own.max_whitespace == 0 ? -1 : own.max_whitespace;
  out->max_digits = own.max_digits == 0 ? -1 : own.max_digits;
  out->indent = indented ? own.indent : -1;
  out->escapes = static_cast<JsonEscapes>(own.escapes);
  out->has_separators = own.item_separator != nullptr || own.key_separator != nullptr;
  out->item_separator = indented ? "," : ", ";
  out->key_separator = ": ";
  if (own.item_separator != nullptr)
    out->item_separator.assign(own.item_separator, own.item_separator_size);
  if (own.key_separator != nullptr)
    out->key_separator.assign(own.key_separator, own.key_separator_size);
  return std::nullopt;
}

MaybeError read_schema_options(const xgr_json_schema_options_t* given, JsonSchemaOptions* out,
                               bool* deferred) {
  xgr_json_schema_options_t own;
  if (MaybeError error = read_options(given, "xgr_json_schema_options_t", &own)) return error;
  if (std::find(std::begin(kDrafts), std::end(kDrafts), own.draft) == std::end(kDrafts))
    return invalid_argument("xgr_json_schema_options_t: draft is " + std::to_string(own.draft) +
                            "; expected 0, 4, 6, 7, 2019 or 2020");
  if (own.formats < XGR_FORMATS_ENFORCE || own.formats > XGR_FORMATS_IGNORE)
    return invalid_argument("xgr_json_schema_options_t: formats is " + std::to_string(own.formats) +
                            "; expected an XGR_FORMATS_ constant");
  if (own.unknown_keywords < XGR_UNKNOWN_KEYWORDS_IGNORE ||
      own.unknown_keywords > XGR_UNKNOWN_KEYWORDS_REFUSE)
    return invalid_argument("xgr_json_schema_options_t: unknown_keywords is " +
                            std::to_string(own.unknown_keywords) +
                            "; expected an XGR_UNKNOWN_KEYWORDS_ constant");
  if (own.remotes == nullptr && own.remote_count != 0)
    return invalid_argument("xgr_json_schema_options_t: remotes is NULL but has a count");
  if (deferred != nullptr) *deferred = own.deferred != 0;
  out->strict = own.strict != 0;
  out->any_order = own.any_order != 0;
  out->unique_names = own.unique_names != 0;
  out->lenient = own.lenient != 0;
  out->formats = static_cast<FormatPolicy>(own.formats);
  out->unknown_keywords = static_cast<UnknownKeywords>(own.unknown_keywords);
  out->draft = own.draft;
  return read_remotes(own, &out->remotes);
}

}  // namespace xgr::core
