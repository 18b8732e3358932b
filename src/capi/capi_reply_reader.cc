// xgr/reply_reader.h: replies of a family of models, read back as they come in.
//
// Entry points: xgr_reply_reader_create and the other xgr_reply_reader functions. A handle holds a
// ReplyReader, which does everything; events lend the texts of its queue.
//
//   xgr_reply_reader_feed(reader, bytes, size);
//   while (!xgr_reply_reader_next_event(reader, &event) && event.kind != XGR_REPLY_EVENT_NONE) ...
//
// Tests: tests/capi/reply_reader_test.c.
#include <xgr/reply_reader.h>

#include "capi/guard.h"
#include "capi/handles.h"
#include "chat/reply_reader.h"
#include "support/bounded.h"

namespace xgr::core {
namespace {

constexpr bool same_event(ReplyEventKind ours, int32_t theirs) {
  return static_cast<int32_t>(ours) + 1 == theirs;
}
static_assert(same_event(ReplyEventKind::kReasoning, XGR_REPLY_EVENT_REASONING));
static_assert(same_event(ReplyEventKind::kText, XGR_REPLY_EVENT_TEXT));
static_assert(same_event(ReplyEventKind::kCallBegin, XGR_REPLY_EVENT_CALL_BEGIN));
static_assert(same_event(ReplyEventKind::kArguments, XGR_REPLY_EVENT_ARGUMENTS));
static_assert(same_event(ReplyEventKind::kCallEnd, XGR_REPLY_EVENT_CALL_END));
static_assert(same_event(ReplyEventKind::kMalformed, XGR_REPLY_EVENT_MALFORMED));
static_assert(same_event(ReplyEventKind::kEnd, XGR_REPLY_EVENT_END));

xgr_reply_event_t as_c_event(const ReplyEvent& own) {
  xgr_reply_event_t out = XGR_REPLY_EVENT_INIT;
  out.text = own.text.data();
  out.text_size = own.text.size();
  out.id = own.id.data();
  out.id_size = own.id.size();
  out.problem = own.problem.data();
  out.problem_size = own.problem.size();
  out.byte_offset = own.offset;
  out.kind = static_cast<xgr_reply_event_kind_t>(own.kind) + 1;
  out.call = static_cast<int32_t>(own.call);
  return out;
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_reply_reader_create(const char* family, size_t family_size, const char* request,
                                     size_t request_size, const xgr_tokenizer_t* tokenizer,
                                     const xgr_reply_reader_options_t* options,
                                     xgr_reply_reader_t** out_reader, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(family);
    if (request_size > 0) XGR_REQUIRE(request);
    XGR_REQUIRE(out_reader);
    xgr_reply_reader_options_t given;
    if (MaybeError e = read_options(options, "xgr_reply_reader_options_t", &given)) return e;
    if (given.begin < XGR_REPLY_BEGIN_AUTO || given.begin > XGR_REPLY_BEGIN_OUTSIDE) {
      return invalid_argument("xgr_reply_reader_options_t: begin is " +
                              std::to_string(given.begin) +
                              "; expected a value of xgr_reply_begin");
    }
    ReplyReaderOptions own;
    if (request != nullptr) own.request = {request, request_size};
    if (given.begin != XGR_REPLY_BEGIN_AUTO)
      own.in_reasoning = given.begin == XGR_REPLY_BEGIN_REASONING;
    if (tokenizer != nullptr) own.tokenizer = tokenizer->tokenizer.get();
    using Made = Result<std::unique_ptr<ReplyReader>>;
    Made made = bounded(Limits(), nullptr, [&](const Limits& limits) -> Made {
      Result<Family> found = find_family({family, family_size}, limits);
      if (!found.ok()) return std::move(found.error());
      return ReplyReader::create(found.value(), own, limits);
    });
    if (!made.ok()) return std::move(made.error());
    *out_reader = new xgr_reply_reader{std::move(made).value()};
    return std::nullopt;
  });
}

xgr_status_t xgr_reply_reader_feed(xgr_reply_reader_t* reader, const uint8_t* bytes,
                                   size_t bytes_size) {
  return guard_status([&] {
    if (reader == nullptr || (bytes == nullptr && bytes_size > 0)) return Status::kInvalidArgument;
    if (reader->reader->finished()) return Status::kInvalidState;
    reader->reader->feed({reinterpret_cast<const char*>(bytes), bytes_size});
    return Status::kOk;
  });
}

xgr_status_t xgr_reply_reader_finish(xgr_reply_reader_t* reader) {
  return guard_status([&] {
    if (reader == nullptr) return Status::kInvalidArgument;
    if (reader->reader->finished()) return Status::kInvalidState;
    reader->reader->finish();
    return Status::kOk;
  });
}

xgr_status_t xgr_reply_reader_next_event(xgr_reply_reader_t* reader, xgr_reply_event_t* out_event) {
  return guard_status([&] {
    if (reader == nullptr || out_event == nullptr || !stats_size_ok(out_event))
      return Status::kInvalidArgument;
    ReplyEvent event;
    if (reader->reader->next(&event)) return give_stats(as_c_event(event), out_event);
    xgr_reply_event_t none = XGR_REPLY_EVENT_INIT;
    none.text = none.id = none.problem = "";
    return give_stats(none, out_event);
  });
}

void xgr_reply_reader_destroy(xgr_reply_reader_t* reader) { delete reader; }
