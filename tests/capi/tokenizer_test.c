/* xgr/tokenizer.h: vocabularies from arrays and from tokenizer.json. */
#include "check.h"

static int has_bytes(const xgr_tokenizer_t* t, int32_t token, const char* bytes, size_t count) {
  size_t size = 99;
  const uint8_t* found = xgr_tokenizer_token_bytes(t, token, &size);
  return found != NULL && size == count && memcmp(found, bytes, count) == 0;
}

static int has_name(const xgr_tokenizer_t* t, int32_t token, const char* name) {
  size_t size = 99;
  const uint8_t* found = xgr_tokenizer_token_name(t, token, &size);
  return found != NULL && size == strlen(name) && memcmp(found, name, size) == 0;
}

static void getters_tell_what_was_given(void) {
  xgr_tokenizer_t* t = NULL;
  size_t count = 0;
  CHECK(make_tokenizer(&t, NULL) == XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == VOCAB_SIZE);
  CHECK(xgr_tokenizer_token_count(t) == TOKEN_COUNT);
  CHECK(xgr_tokenizer_mask_words(t) == MASK_WORDS);
  CHECK(xgr_tokenizer_vocab_type(t) == XGR_VOCAB_TYPE_RAW);
  CHECK(xgr_tokenizer_add_prefix_space(t) == 0);
  CHECK(xgr_tokenizer_memory_size(t) > 0);
  CHECK(strcmp(xgr_tokenizer_model_type(t), "") == 0);
  CHECK(strcmp(xgr_tokenizer_detected_by(t), "") == 0);
  CHECK(strlen(xgr_tokenizer_fingerprint(t)) == 64);
  size_t needed = 7;
  CHECK(xgr_tokenizer_encode(t, NULL, 0, NULL, 0, &needed, NULL) == XGR_OK && needed == 0);
  CHECK(xgr_tokenizer_decode(t, NULL, 0, 0, NULL, 0, &needed, NULL) == XGR_OK && needed == 0);
  CHECK(xgr_tokenizer_encode(t, NULL, 1, NULL, 0, &needed, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_tokenizer_decode(t, NULL, 1, 0, NULL, 0, &needed, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_tokenizer_encode(NULL, NULL, 0, NULL, 0, &needed, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_tokenizer_decode(NULL, NULL, 0, 0, NULL, 0, &needed, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(has_bytes(t, 0, "\0", 1));
  CHECK(has_bytes(t, TOKEN_TRUE, "true", 4));
  CHECK(has_bytes(t, TOKEN_CONTROL, "", 0));
  CHECK(has_bytes(t, VOCAB_SIZE - 1, "", 0));
  CHECK(has_name(t, TOKEN_CONTROL, "<|im_start|>"));
  CHECK(has_name(t, TOKEN_TRUE, ""));
  CHECK(xgr_tokenizer_token_kind(t, TOKEN_TRUE) == XGR_TOKEN_KIND_NORMAL);
  CHECK(xgr_tokenizer_token_kind(t, TOKEN_EMPTY) == XGR_TOKEN_KIND_UNUSED);
  CHECK(xgr_tokenizer_token_kind(t, TOKEN_CONTROL) == XGR_TOKEN_KIND_CONTROL);
  CHECK(xgr_tokenizer_token_kind(t, TOKEN_STOP) == XGR_TOKEN_KIND_STOP);
  CHECK(xgr_tokenizer_token_kind(t, VOCAB_SIZE - 1) == XGR_TOKEN_KIND_UNUSED);
  CHECK(xgr_tokenizer_stop_tokens(t, &count)[0] == TOKEN_STOP && count == 1);
  xgr_tokenizer_destroy(t);
}

static void ids_outside_are_no_tokens(void) {
  static const int32_t ids[] = {-1, VOCAB_SIZE, INT32_MAX, INT32_MIN};
  xgr_tokenizer_t* t = NULL;
  size_t i;
  CHECK(make_tokenizer(&t, NULL) == XGR_OK);
  for (i = 0; i < sizeof ids / sizeof ids[0]; ++i) {
    size_t size = 9;
    CHECK(xgr_tokenizer_token_bytes(t, ids[i], &size) == NULL && size == 0);
    CHECK(xgr_tokenizer_token_name(t, ids[i], NULL) == NULL);
    CHECK(xgr_tokenizer_token_kind(t, ids[i]) == XGR_TOKEN_KIND_UNUSED);
  }
  xgr_tokenizer_destroy(t);
}

/* "<0x0A>" is one byte, U+2581 a space; duplicates and several stop tokens are fine. */
static void byte_fallback_is_decoded(void) {
  static const char bytes[] = "<0x0A>\xE2\x96\x81x\xE2\x96\x81x</s><eos>";
  static const uint32_t sizes[] = {6, 4, 4, 4, 5};
  static const int32_t stop[] = {4, 3, 4};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* t = NULL;
  size_t count = 0;
  const int32_t* found;
  options.vocab_type = XGR_VOCAB_TYPE_BYTE_FALLBACK;
  options.stop_tokens = stop;
  options.stop_token_count = 3;
  options.add_prefix_space = 1;
  CHECK(xgr_tokenizer_create((const uint8_t*)bytes, sizeof bytes - 1, sizes, 5, &options, &t,
                             NULL) == XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == 5);
  CHECK(has_bytes(t, 0, "\n", 1));
  CHECK(has_bytes(t, 1, " x", 2) && has_bytes(t, 2, " x", 2));
  CHECK(xgr_tokenizer_add_prefix_space(t) == 1);
  found = xgr_tokenizer_stop_tokens(t, &count);
  CHECK(count == 2 && found[0] == 3 && found[1] == 4);
  xgr_tokenizer_destroy(t);
}

static void byte_level_is_decoded(void) {
  static const char bytes[] =
      "\xC4\xA0"
      "a\xC4\x8A";
  static const uint32_t sizes[] = {3, 2};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* t = NULL;
  options.vocab_type = XGR_VOCAB_TYPE_BYTE_LEVEL;
  CHECK(xgr_tokenizer_create((const uint8_t*)bytes, 5, sizes, 2, &options, &t, NULL) == XGR_OK);
  CHECK(has_bytes(t, 0, " a", 2) && has_bytes(t, 1, "\n", 1));
  CHECK(xgr_tokenizer_vocab_type(t) == XGR_VOCAB_TYPE_BYTE_LEVEL);
  xgr_tokenizer_destroy(t);
}

/* Without stop tokens those with a well-known name are taken, unless the caller says not to. */
static void stop_tokens_are_found_by_their_names(void) {
  static const char bytes[] = "a</s><|im_end|>";
  static const uint32_t sizes[] = {1, 4, 10};
  static const uint8_t kinds[] = {0, XGR_TOKEN_KIND_CONTROL, 0},
                       stop_kinds[] = {XGR_TOKEN_KIND_STOP, 1, 1};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  int way;
  for (way = 0; way < 4; ++way) {
    /* The name that can be no text; the control token; the token of that kind; none. */
    static const int32_t expected[] = {2, 1, 0, -1};
    xgr_tokenizer_t* t = NULL;
    const int32_t* found;
    size_t count = 0;
    options.token_kinds = way == 1 ? kinds : way == 2 ? stop_kinds : NULL;
    options.token_kind_count = options.token_kinds == NULL ? 0 : 3;
    options.no_stop_detection = way == 3;
    CHECK(xgr_tokenizer_create((const uint8_t*)bytes, 15, sizes, 3, &options, &t, NULL) == XGR_OK);
    found = xgr_tokenizer_stop_tokens(t, &count);
    CHECK(count == (expected[way] >= 0) && (count == 0 || found[0] == expected[way]));
    xgr_tokenizer_destroy(t);
  }
}

static void no_tokens_at_all(void) {
  xgr_tokenizer_t* t = NULL;
  CHECK(xgr_tokenizer_create(NULL, 0, NULL, 0, NULL, &t, NULL) == XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == 0 && xgr_tokenizer_mask_words(t) == 0);
  CHECK(xgr_tokenizer_stop_tokens(t, NULL) == NULL);
  xgr_tokenizer_destroy(t);
}

static xgr_status_t create_two(const xgr_tokenizer_options_t* options, size_t bytes_size,
                               uint32_t second_size) {
  uint32_t sizes[2] = {1, 1};
  xgr_tokenizer_t* t = NULL;
  xgr_error_t* error = NULL;
  xgr_status_t status;
  sizes[1] = second_size;
  status = xgr_tokenizer_create((const uint8_t*)"ab", bytes_size, sizes, 2, options, &t, &error);
  CHECK((status == XGR_OK) == (t != NULL) && (status == XGR_OK) == (error == NULL));
  CHECK(xgr_error_status(error) == status);
  xgr_error_destroy(error);
  xgr_tokenizer_destroy(t);
  return status;
}

static void bad_arrays_are_refused(void) {
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  static const uint8_t kinds[] = {0, 4};
  static const int32_t stop[] = {0, 2};
  CHECK(create_two(NULL, 2, 1) == XGR_OK);
  CHECK(create_two(NULL, 1, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(create_two(NULL, 2, 0) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(create_two(NULL, 2, UINT32_MAX) == XGR_ERROR_INVALID_ARGUMENT);
  options.vocab_size = 1;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.vocab_size = -1;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.vocab_size = 0;
  options.vocab_type = 3;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.vocab_type = 0;
  options.token_kind_count = 2;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.token_kinds = kinds;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.token_kind_count = 1;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.token_kind_count = 0;
  options.stop_tokens = stop;
  options.stop_token_count = 2;
  CHECK(create_two(&options, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  options.stop_token_count = 1;
  CHECK(create_two(&options, 2, 1) == XGR_OK);
}

static const char tokenizer_json[] =
    "{\"added_tokens\":[{\"id\":4,\"content\":\"</s>\",\"special\":true},"
    "{\"id\":5,\"content\":\"<|im_end|>\",\"special\":true}],"
    "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false},"
    "\"decoder\":{\"type\":\"ByteLevel\"},"
    "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"\xC4\xA0\":1,\"\xC4\xA0"
    "a\":2,\"b\":3},"
    "\"merges\":[]}}";

static void tokenizer_json_is_read(void) {
  xgr_tokenizer_t* t = NULL;
  size_t count = 0;
  CHECK(xgr_tokenizer_create_from_json(tokenizer_json, strlen(tokenizer_json), NULL, &t, NULL) ==
        XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == 6);
  CHECK(xgr_tokenizer_vocab_type(t) == XGR_VOCAB_TYPE_BYTE_LEVEL);
  CHECK(strcmp(xgr_tokenizer_model_type(t), "BPE") == 0);
  CHECK(strlen(xgr_tokenizer_detected_by(t)) > 0);
  CHECK(has_bytes(t, 2, " a", 2));
  CHECK(xgr_tokenizer_token_kind(t, 4) == XGR_TOKEN_KIND_STOP);
  CHECK(xgr_tokenizer_stop_tokens(t, &count) != NULL && count >= 1);
  xgr_tokenizer_destroy(t);
}

static void options_replace_what_was_detected(void) {
  static const int32_t stop[] = {5};
  xgr_tokenizer_json_options_t options = XGR_TOKENIZER_JSON_OPTIONS_INIT;
  xgr_tokenizer_t* t = NULL;
  size_t count = 0;
  options.stop_tokens = stop;
  options.stop_token_count = 1;
  options.vocab_size = 64;
  CHECK(xgr_tokenizer_create_from_json(tokenizer_json, strlen(tokenizer_json), &options, &t,
                                       NULL) == XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == 64 && xgr_tokenizer_token_count(t) == 6);
  CHECK(xgr_tokenizer_stop_tokens(t, &count)[0] == 5 && count == 1);
  CHECK(xgr_tokenizer_token_kind(t, 4) == XGR_TOKEN_KIND_CONTROL);
  xgr_tokenizer_destroy(t);
}

static void bad_json_is_refused_with_its_place(void) {
  static const char* const texts[] = {"", "[]", "{}", "{\"model\":", "{\"model\":{\"type\":7}}"};
  size_t i;
  for (i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
    xgr_tokenizer_t* t = NULL;
    xgr_error_t* error = NULL;
    CHECK(xgr_tokenizer_create_from_json(texts[i], strlen(texts[i]), NULL, &t, &error) ==
          XGR_ERROR_INVALID_DATA);
    CHECK(t == NULL && strlen(xgr_error_message(error, NULL)) > 0);
    xgr_error_destroy(error);
  }
}

static void files_are_detected_and_tell_what_was_found(void) {
  const uint8_t* contents = (const uint8_t*)tokenizer_json;
  const size_t size = strlen(tokenizer_json);
  xgr_tokenizer_file_options_t options = XGR_TOKENIZER_FILE_OPTIONS_INIT;
  xgr_tokenizer_t* t = NULL;
  xgr_error_t* error = NULL;
  char text[1000];
  size_t text_size = 0;
  CHECK(xgr_tokenizer_create_from_file(contents, size, NULL, &t, NULL) == XGR_OK);
  CHECK(has_bytes(t, 2, " a", 2));
  CHECK(xgr_tokenizer_findings(t, NULL, 0, &text_size, NULL) == XGR_OK && text_size > 0);
  CHECK(xgr_tokenizer_findings(t, text, sizeof text, &text_size, NULL) == XGR_OK);
  CHECK(strlen(text) == text_size && strstr(text, "\"tokenizer.json\"") != NULL);
  CHECK(strstr(text, "well-known name") != NULL);
  xgr_tokenizer_destroy(t);
  options.format = XGR_TOKENIZER_FORMAT_JSON;
  options.vocab_size = 3;
  CHECK(xgr_tokenizer_create_from_file(contents, size, &options, &t, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  options.cut_excess_tokens = 1;
  CHECK(xgr_tokenizer_create_from_file(contents, size, &options, &t, NULL) == XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == 3 && xgr_tokenizer_token_count(t) == 3);
  CHECK(xgr_tokenizer_stop_tokens(t, NULL) == NULL);
  xgr_tokenizer_destroy(t);
  options.format = 99;
  CHECK(xgr_tokenizer_create_from_file(contents, size, &options, &t, &error) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(xgr_error_message(error, NULL), "99") != NULL);
  xgr_error_destroy(error);
}

static void excess_tokens_are_cut_where_asked(void) {
  static const uint8_t bytes[] = {'a', 'b', 'c'};
  static const uint32_t sizes[] = {1, 1, 1};
  static const uint8_t kinds[] = {0, 0, 2};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* t = NULL;
  options.token_kinds = kinds;
  options.token_kind_count = 3;
  options.vocab_size = 2;
  CHECK(xgr_tokenizer_create(bytes, 3, sizes, 3, &options, &t, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  options.cut_excess_tokens = 1;
  CHECK(xgr_tokenizer_create(bytes, 3, sizes, 3, &options, &t, NULL) == XGR_OK);
  CHECK(xgr_tokenizer_token_count(t) == 2 && xgr_tokenizer_stop_tokens(t, NULL) == NULL);
  xgr_tokenizer_destroy(t);
  options.token_kind_count = 2;
  CHECK(xgr_tokenizer_create(bytes, 3, sizes, 3, &options, &t, NULL) == XGR_ERROR_INVALID_ARGUMENT);
}

#define SAVED_ROOM 262144

static void saved_tokenizers_are_opened(void) {
  static const char* const path = "xgr-saved-tokenizer.bin";
  static uint8_t room[SAVED_ROOM + 64];
  uint8_t* data = room + (64 - (size_t)room % 64) % 64;
  xgr_tokenizer_saved_options_t options = XGR_TOKENIZER_SAVED_OPTIONS_INIT;
  xgr_tokenizer_t *t = NULL, *again = NULL;
  xgr_error_t* error = NULL;
  size_t size = 0, same_size = 0;
  FILE* file = NULL;
  CHECK(make_tokenizer(&t, NULL) == XGR_OK);
  CHECK(xgr_tokenizer_save(t, NULL, 0, &size, NULL) == XGR_OK && size > 0 && size <= SAVED_ROOM);
  data[0] = 7;
  CHECK(xgr_tokenizer_save(t, data, size - 1, &same_size, NULL) == XGR_OK);
  CHECK(same_size == size && data[0] == 7);
  CHECK(xgr_tokenizer_save(t, data, SAVED_ROOM, &same_size, NULL) == XGR_OK && same_size == size);
  xgr_tokenizer_destroy(t);

  options.verify = 1;
  CHECK(xgr_tokenizer_create_from_saved(data, size, &options, &t, NULL) == XGR_OK);
  CHECK(xgr_tokenizer_vocab_size(t) == VOCAB_SIZE && has_bytes(t, TOKEN_TRUE, "true", 4));
  xgr_tokenizer_destroy(t);
  options.borrow = 1;
  CHECK(xgr_tokenizer_create_from_saved(data, size, &options, &t, NULL) == XGR_OK);
  CHECK(has_name(t, TOKEN_CONTROL, "<|im_start|>"));
  xgr_tokenizer_destroy(t);
  CHECK(xgr_tokenizer_create_from_saved(data + 8, size - 8, &options, &again, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);

  file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
  CHECK(xgr_tokenizer_open(path, strlen(path), NULL, &t, NULL) == XGR_OK);
  remove(path); /* what is open stays */
  CHECK(has_bytes(t, TOKEN_TRUE, "true", 4) && xgr_tokenizer_memory_size(t) < size);
  xgr_tokenizer_destroy(t);
  CHECK(xgr_tokenizer_open(path, strlen(path), NULL, &t, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(xgr_error_message(error, NULL), path) != NULL);
  xgr_error_destroy(error);
  CHECK(xgr_tokenizer_open("a\0b", 3, NULL, &t, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  data[size / 2] ^= 1;
  CHECK(xgr_tokenizer_create_from_saved(data, size, NULL, &t, &error) == XGR_ERROR_INVALID_DATA);
  CHECK(strstr(xgr_error_message(error, NULL), "checksum") != NULL);
  xgr_error_destroy(error);
}

int main(void) {
  getters_tell_what_was_given();
  ids_outside_are_no_tokens();
  stop_tokens_are_found_by_their_names();
  byte_fallback_is_decoded();
  byte_level_is_decoded();
  no_tokens_at_all();
  bad_arrays_are_refused();
  tokenizer_json_is_read();
  options_replace_what_was_detected();
  bad_json_is_refused_with_its_place();
  files_are_detected_and_tell_what_was_found();
  excess_tokens_are_cut_where_asked();
  saved_tokenizers_are_opened();
  return check_result();
}
