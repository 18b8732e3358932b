// xgr/diagnostics.h: what compiling has noticed.
//
// Entry point: xgr_grammar_diagnostics. The handle shares the list with the grammar; getting a
// diagnostic lends its texts.
//
//   xgr_grammar_diagnostics(grammar, &diagnostics);
//   xgr_diagnostics_get(diagnostics, 0, &diagnostic);   // diagnostic.message, diagnostic.line
//
// Tests: tests/capi/diagnostics_test.c.
#include <xgr/diagnostics.h>

#include "capi/guard.h"
#include "capi/handles.h"

namespace xgr::core {
namespace {

constexpr bool same(DiagnosticCode ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(DiagnosticCode::kIgnoredKeyword, XGR_DIAGNOSTIC_IGNORED_KEYWORD));
static_assert(same(DiagnosticCode::kApproximatedKeyword, XGR_DIAGNOSTIC_APPROXIMATED_KEYWORD));
static_assert(same(DiagnosticCode::kSpecialTokenAsText, XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT));
static_assert(same(DiagnosticCode::kMore, XGR_DIAGNOSTIC_MORE));

xgr_diagnostic_t as_c(const Diagnostic& own) {
  xgr_diagnostic_t out = XGR_DIAGNOSTIC_INIT;
  out.message = own.message.c_str();
  out.message_size = own.message.size();
  out.subject = own.subject.c_str();
  out.subject_size = own.subject.size();
  if (own.has_json_pointer) {
    out.pointer = own.json_pointer.c_str();
    out.pointer_size = own.json_pointer.size();
  }
  out.byte_offset = own.byte_offset;
  out.line = own.line;
  out.column = own.column;
  out.code = static_cast<xgr_diagnostic_code_t>(own.code);
  return out;
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_grammar_diagnostics(const xgr_grammar_t* grammar,
                                     xgr_diagnostics_t** out_diagnostics) {
  return guard_status([&] {
    if (grammar == nullptr || out_diagnostics == nullptr) return Status::kInvalidArgument;
    *out_diagnostics = new xgr_diagnostics{grammar->grammar->diagnostics()};
    return Status::kOk;
  });
}

size_t xgr_diagnostics_size(const xgr_diagnostics_t* diagnostics) {
  return diagnostics == nullptr ? 0 : diagnostics->entries->size();
}

xgr_status_t xgr_diagnostics_get(const xgr_diagnostics_t* diagnostics, size_t index,
                                 xgr_diagnostic_t* out_diagnostic) {
  return guard_status([&] {
    if (diagnostics == nullptr || index >= diagnostics->entries->size())
      return Status::kInvalidArgument;
    return give_stats(as_c((*diagnostics->entries)[index]), out_diagnostic);
  });
}

void xgr_diagnostics_destroy(xgr_diagnostics_t* diagnostics) { delete diagnostics; }
