// xgr/json_schema.h: reports on the keywords of a schema.
//
// Entry point: xgr_json_schema_check. The report holds the entries of the core; getting one lends
// its texts.
//
//   xgr_json_schema_check("{\"type\": \"null\"}", 16, NULL, &report, NULL);  // one entry, /type
//
// Tests: tests/capi/json_schema_test.c.
#include <xgr/json_schema.h>

#include <string_view>

#include "capi/guard.h"
#include "capi/handles.h"
#include "capi/schema_options.h"
#include "support/bounded.h"

namespace xgr::core {
namespace {

constexpr bool same(KeywordOutcome ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(KeywordOutcome::kEnforced, XGR_KEYWORD_OUTCOME_ENFORCED));
static_assert(same(KeywordOutcome::kIgnored, XGR_KEYWORD_OUTCOME_IGNORED));
static_assert(same(KeywordOutcome::kApproximated, XGR_KEYWORD_OUTCOME_APPROXIMATED));
static_assert(same(KeywordOutcome::kRefused, XGR_KEYWORD_OUTCOME_REFUSED));

xgr_json_schema_entry_t as_c(const KeywordReport& entry) {
  xgr_json_schema_entry_t out = XGR_JSON_SCHEMA_ENTRY_INIT;
  out.keyword = entry.keyword.c_str();
  out.keyword_size = entry.keyword.size();
  out.pointer = entry.pointer.c_str();
  out.pointer_size = entry.pointer.size();
  out.reason = entry.reason.c_str();
  out.reason_size = entry.reason.size();
  out.outcome = static_cast<xgr_keyword_outcome_t>(entry.outcome);
  return out;
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_json_schema_check(const char* schema, size_t schema_size,
                                   const xgr_json_schema_options_t* options,
                                   xgr_json_schema_report_t** out_report, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(schema);
    XGR_REQUIRE(out_report);
    JsonSchemaOptions core;
    if (MaybeError error = read_schema_options(options, &core)) return error;
    const std::string_view text(schema, schema_size);
    Result<std::vector<KeywordReport>> entries = bounded(
        Limits(), nullptr, [&](const Limits& own) { return check_json_schema(text, core, own); });
    if (!entries.ok()) return std::move(entries.error());
    *out_report = new xgr_json_schema_report{std::move(entries).value()};
    return std::nullopt;
  });
}

size_t xgr_json_schema_report_size(const xgr_json_schema_report_t* report) {
  return report == nullptr ? 0 : report->entries.size();
}

xgr_status_t xgr_json_schema_report_entry(const xgr_json_schema_report_t* report, size_t index,
                                          xgr_json_schema_entry_t* out_entry) {
  return guard_status([&] {
    if (report == nullptr || index >= report->entries.size()) return Status::kInvalidArgument;
    return give_stats(as_c(report->entries[index]), out_entry);
  });
}

void xgr_json_schema_report_destroy(xgr_json_schema_report_t* report) { delete report; }
