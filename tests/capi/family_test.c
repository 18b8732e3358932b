/* Families of chat models: names, files, and structural tags of replies. */
#include "check.h"

static const char kRequest[] =
    "{\"model\": \"m\", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]}";

static xgr_status_t make(const char* family, const char* request, const xgr_tokenizer_t* tokenizer,
                         char* text, size_t capacity, size_t* size, xgr_error_t** error) {
  return xgr_family_structural_tag(family, strlen(family), request, strlen(request), tokenizer,
                                   text, capacity, size, error);
}

static void families_have_names_and_texts(void) {
  size_t i;
  CHECK(xgr_family_count() >= 50);
  for (i = 0; i < xgr_family_count(); ++i) {
    size_t size = 0;
    CHECK(xgr_family_name(i) != NULL);
    CHECK(xgr_family_text(i)[0] == '{');
    CHECK(strstr(xgr_family_text(i), xgr_family_name(i)) != NULL);
    if (i > 0) CHECK(strcmp(xgr_family_name(i - 1), xgr_family_name(i)) < 0);
    CHECK(make(xgr_family_name(i), kRequest, NULL, NULL, 0, &size, NULL) == XGR_OK);
    CHECK(make(xgr_family_text(i), kRequest, NULL, NULL, 0, &size, NULL) == XGR_OK);
    CHECK(size > 100);
  }
  CHECK(xgr_family_name(i) == NULL);
  CHECK(xgr_family_text(i) == NULL);
}

static void the_text_is_written_if_it_fits(void) {
  char text[8000];
  size_t size = 0, again = 0;
  CHECK(make("hermes", kRequest, NULL, NULL, 0, &size, NULL) == XGR_OK);
  CHECK(size > 0 && size < sizeof text);
  memset(text, 'x', sizeof text);
  CHECK(make("hermes", kRequest, NULL, text, size, &again, NULL) == XGR_OK);
  CHECK(again == size && text[0] == 'x');
  CHECK(make("hermes", kRequest, NULL, text, size + 1, &again, NULL) == XGR_OK);
  CHECK(again == size && strlen(text) == size);
  CHECK(strncmp(text, "{\"type\":\"structural_tag\"", 24) == 0);
}

static void a_tokenizer_tells_which_markers_are_tokens(void) {
  static const uint8_t texts[] = "a<tool_call><|im_end|>";
  static const uint32_t sizes[] = {1, 11, 10};
  static const uint8_t kinds[] = {XGR_TOKEN_KIND_NORMAL, XGR_TOKEN_KIND_CONTROL,
                                  XGR_TOKEN_KIND_STOP};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  char text[8000];
  size_t size = 0;
  options.token_kinds = kinds;
  options.token_kind_count = 3;
  CHECK(xgr_tokenizer_create(texts, 22, sizes, 3, &options, &tokenizer, NULL) == XGR_OK);
  CHECK(make("hermes", kRequest, tokenizer, text, sizeof text, &size, NULL) == XGR_OK);
  CHECK(size < sizeof text);
  CHECK(strstr(text, "{\"type\":\"token\",\"token\":\"<tool_call>\"}") != NULL);
  CHECK(strstr(text, "\"token\":\"</tool_call>\"") == NULL);
  xgr_tokenizer_destroy(tokenizer);
}

static void check_failure(const char* family, const char* request, xgr_status_t status,
                          const char* pointer) {
  xgr_error_t* error = NULL;
  size_t size = 7;
  CHECK(make(family, request, NULL, NULL, 0, &size, &error) == status);
  CHECK(size == 7);
  CHECK(error != NULL);
  if (pointer != NULL) CHECK(strcmp(xgr_error_json_pointer(error, NULL), pointer) == 0);
  xgr_error_destroy(error);
}

static void failures_say_where(void) {
  size_t size;
  check_failure("no_such_family", "{}", XGR_ERROR_INVALID_ARGUMENT, NULL);
  check_failure("{\"family\": \"f\"}", "{}", XGR_ERROR_INVALID_SOURCE, "");
  check_failure("hermes", "{\"tools\": [7]}", XGR_ERROR_INVALID_SOURCE, "/tools/0");
  check_failure("hermes", "{", XGR_ERROR_INVALID_SOURCE, NULL);
  check_failure("{\"fields\": {\"images\": {}}}", "{}", XGR_ERROR_UNSUPPORTED, "/fields/images");
  CHECK(xgr_family_structural_tag(NULL, 0, "{}", 2, NULL, NULL, 0, &size, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_family_structural_tag("hermes", 6, NULL, 0, NULL, NULL, 0, &size, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_family_structural_tag("hermes", 6, "{}", 2, NULL, NULL, 5, &size, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_family_structural_tag("hermes", 6, "{}", 2, NULL, NULL, 0, NULL, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
}

int main(void) {
  families_have_names_and_texts();
  the_text_is_written_if_it_fits();
  a_tokenizer_tells_which_markers_are_tokens();
  failures_say_where();
  return check_result();
}
