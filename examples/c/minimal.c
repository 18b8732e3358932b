/* The whole of libxgr in one page: tokenizer, compiler, grammar, matcher, and the loop of masks and
 * tokens. The "model" is a stand-in that likes the highest token id; the mask makes it write JSON.
 *
 *   cc minimal.c $(pkg-config --cflags --libs xgr) -o minimal && ./minimal
 */
#include <stdio.h>
#include <string.h>
#include <xgr/xgr.h>

enum { kTokens = 257, kStop = 256, kWords = (kTokens + 31) / 32 };

static int32_t choose_token(const uint32_t* mask) {
  int32_t token = kTokens - 1;
  while (!(mask[token / 32] >> token % 32 & 1)) --token;
  return token;
}

int main(void) {
  /* A vocabulary of the 256 single bytes and one stop token. */
  uint8_t bytes[256];
  uint32_t sizes[kTokens];
  for (int i = 0; i < 256; ++i) bytes[i] = (uint8_t)i;
  for (int i = 0; i < kTokens; ++i) sizes[i] = i != kStop;
  const int32_t stop = kStop;
  xgr_tokenizer_options_t vocabulary = XGR_TOKENIZER_OPTIONS_INIT;
  vocabulary.stop_tokens = &stop;
  vocabulary.stop_token_count = 1;
  xgr_json_format_t format = XGR_JSON_FORMAT_INIT;
  format.layout = XGR_JSON_LAYOUT_LINE;
  const char* schema =
      "{\"type\": \"object\", \"properties\": {\"city\": {\"enum\": [\"Oslo\", \"Rome\"]},"
      " \"days\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 14}},"
      " \"required\": [\"city\", \"days\"], \"additionalProperties\": false}";

  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher = NULL;
  xgr_error_t* error = NULL;
  xgr_status_t status =
      xgr_tokenizer_create(bytes, sizeof(bytes), sizes, kTokens, &vocabulary, &tokenizer, &error);
  if (!status) status = xgr_compiler_create(tokenizer, NULL, &compiler, &error);
  if (!status) {
    status = xgr_compiler_compile_json_schema(compiler, schema, strlen(schema), &format, NULL, NULL,
                                              &grammar, &error);
  }
  if (!status) status = xgr_matcher_create(grammar, NULL, &matcher, &error);
  while (!status && !xgr_matcher_is_terminated(matcher)) {
    uint32_t mask[kWords];
    int32_t accepted = 0;
    status = xgr_matcher_fill_bitmask(matcher, mask, kWords, NULL);
    const int32_t token = status ? kStop : choose_token(mask);
    if (!status) status = xgr_matcher_accept_token(matcher, token, &accepted);
    if (accepted && token != kStop) putchar(token);
  }
  puts(status ? xgr_error_message(error, NULL) : "");
  xgr_error_destroy(error);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
  return status ? 1 : 0;
}
