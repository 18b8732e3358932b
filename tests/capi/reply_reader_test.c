/* xgr/reply_reader.h. */
#include "check.h"

static const char kRequest[] =
    "{\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"parameters\":"
    " {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"},"
    " \"days\": {\"type\": \"integer\"}}}}}]}";

static const char kReply[] =
    "hm</think>\n\nLet me look. "
    "<tool_call>\n<function=weather>\n<parameter=city>\n12\n</parameter>\n"
    "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>";

static xgr_reply_reader_t* make_reader(const char* family, const char* request,
                                       xgr_reply_begin_t begin) {
  xgr_reply_reader_options_t options = XGR_REPLY_READER_OPTIONS_INIT;
  xgr_reply_reader_t* reader = NULL;
  xgr_error_t* error = NULL;
  options.begin = begin;
  CHECK(xgr_reply_reader_create(family, strlen(family), request, request ? strlen(request) : 0,
                                NULL, &options, &reader, &error) == XGR_OK);
  CHECK(reader != NULL && error == NULL);
  return reader;
}

static void feed(xgr_reply_reader_t* reader, const char* text, size_t size) {
  CHECK(xgr_reply_reader_feed(reader, (const uint8_t*)text, size) == XGR_OK);
}

/* Appends all events: a letter for the kind, the text, the problem. */
static void take(xgr_reply_reader_t* reader, char* out, char* last) {
  static const char kinds[] = "-rtna.!$";
  xgr_reply_event_t event = XGR_REPLY_EVENT_INIT;
  while (xgr_reply_reader_next_event(reader, &event) == XGR_OK &&
         event.kind != XGR_REPLY_EVENT_NONE) {
    CHECK(event.text_size == strlen(event.text) && event.id_size == strlen(event.id));
    CHECK(event.problem_size == strlen(event.problem));
    if (*last != kinds[event.kind]) {
      char kind[3] = {' ', 0, 0};
      kind[1] = kinds[event.kind];
      strcat(out, kind);
    }
    *last = kinds[event.kind];
    strcat(out, event.text);
    strcat(out, event.problem);
  }
  CHECK(event.kind == XGR_REPLY_EVENT_NONE && event.text_size == 0 && event.text[0] == 0);
}

static void replies_are_read_in_any_pieces(void) {
  size_t piece, at;
  for (piece = 1; piece <= sizeof kReply; piece += piece < 5 ? 1 : 40) {
    char out[1000] = "", last = 0;
    xgr_reply_reader_t* reader = make_reader("qwen_3_coder", kRequest, XGR_REPLY_BEGIN_AUTO);
    for (at = 0; at < sizeof kReply - 1; at += piece) {
      const size_t left = sizeof kReply - 1 - at;
      feed(reader, kReply + at, piece < left ? piece : left);
      take(reader, out, &last);
    }
    CHECK(xgr_reply_reader_finish(reader) == XGR_OK);
    take(reader, out, &last);
    CHECK(strcmp(out, " rhm tLet me look.  nweather a{\"city\":\"12\",\"days\":3} . $") == 0);
    if (strstr(out, "$") == NULL) fprintf(stderr, "read: %s\n", out);
    xgr_reply_reader_destroy(reader);
  }
}

static void calls_have_numbers_and_ids(void) {
  static const char reply[] =
      "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:7<|tool_call_argument_begin|>{}"
      "<|tool_call_end|><|tool_call_begin|>functions.g:8<|tool_call_argument_begin|>{}"
      "<|tool_call_end|><|tool_calls_section_end|>";
  xgr_reply_event_t event = XGR_REPLY_EVENT_INIT;
  xgr_reply_reader_t* reader = make_reader("kimi_k2", NULL, XGR_REPLY_BEGIN_OUTSIDE);
  int i;
  feed(reader, reply, sizeof reply - 1);
  for (i = 0; i < 2; ++i) {
    CHECK(xgr_reply_reader_next_event(reader, &event) == XGR_OK);
    CHECK(event.kind == XGR_REPLY_EVENT_CALL_BEGIN && event.call == i);
    CHECK(strcmp(event.text, i ? "g" : "f") == 0 && strcmp(event.id, i ? "8" : "7") == 0);
    CHECK(event.byte_offset == (i ? 107 : 28));
    CHECK(xgr_reply_reader_next_event(reader, &event) == XGR_OK);
    CHECK(event.kind == XGR_REPLY_EVENT_ARGUMENTS && event.call == i);
    CHECK(xgr_reply_reader_next_event(reader, &event) == XGR_OK);
    CHECK(event.kind == XGR_REPLY_EVENT_CALL_END && event.call == i);
  }
  xgr_reply_reader_destroy(reader);
}

static void what_is_wrong_is_told(void) {
  char out[500] = "", last = 0;
  xgr_reply_reader_t* reader = make_reader("hermes", NULL, XGR_REPLY_BEGIN_OUTSIDE);
  feed(reader, "a<tool_call>x</tool_call>b", 26);
  CHECK(xgr_reply_reader_finish(reader) == XGR_OK);
  take(reader, out, &last);
  CHECK(strstr(out, " ta !<tool_call>") == out && strstr(out, "x</tool_call> tb $") != NULL);
  CHECK(xgr_reply_reader_finish(reader) == XGR_ERROR_INVALID_STATE);
  CHECK(xgr_reply_reader_feed(reader, (const uint8_t*)"a", 1) == XGR_ERROR_INVALID_STATE);
  xgr_reply_reader_destroy(reader);

  reader = make_reader("hermes", NULL, XGR_REPLY_BEGIN_REASONING);
  out[0] = last = 0;
  feed(reader, "hm", 2);
  CHECK(xgr_reply_reader_finish(reader) == XGR_OK);
  take(reader, out, &last);
  CHECK(strcmp(out, " rhm $the reply ends inside of its reasoning") == 0);
  xgr_reply_reader_destroy(reader);
}

static void misuse_is_refused(void) {
  xgr_reply_reader_options_t options = XGR_REPLY_READER_OPTIONS_INIT;
  xgr_reply_event_t event = XGR_REPLY_EVENT_INIT;
  xgr_reply_reader_t* reader = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_reply_reader_create("hemres", 6, NULL, 0, NULL, NULL, &reader, &error) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(reader == NULL && error != NULL &&
        strstr(xgr_error_message(error, NULL), "hermes") != NULL);
  xgr_error_destroy(error);
  error = NULL;
  CHECK(xgr_reply_reader_create("hermes", 6, "{\"tools\": 1}", 12, NULL, NULL, &reader, &error) ==
        XGR_ERROR_INVALID_SOURCE);
  xgr_error_destroy(error);
  options.begin = 3;
  CHECK(xgr_reply_reader_create("hermes", 6, NULL, 0, NULL, &options, &reader, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_create(NULL, 0, NULL, 0, NULL, NULL, &reader, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_create("hermes", 6, NULL, 0, NULL, NULL, NULL, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_feed(NULL, NULL, 0) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_finish(NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_next_event(NULL, &event) == XGR_ERROR_INVALID_ARGUMENT);
  reader = make_reader("hermes", NULL, XGR_REPLY_BEGIN_AUTO);
  CHECK(xgr_reply_reader_next_event(reader, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  event.struct_size = 0;
  CHECK(xgr_reply_reader_next_event(reader, &event) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_feed(reader, NULL, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_reply_reader_feed(reader, NULL, 0) == XGR_OK);
  xgr_reply_reader_destroy(reader);
  xgr_reply_reader_destroy(NULL);
}

int main(void) {
  replies_are_read_in_any_pieces();
  calls_have_numbers_and_ids();
  what_is_wrong_is_told();
  misuse_is_refused();
  return check_result();
}
