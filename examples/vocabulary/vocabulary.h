/* The vocabulary that the examples embed: a byte-level BPE of a few thousand tokens. train.py made
 * it, vocabulary.tokens holds it, and embed.py turns that into vocabulary.c when the examples are
 * built. */
#ifndef EXAMPLES_VOCABULARY_H
#define EXAMPLES_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

extern const size_t example_token_count;
extern const uint8_t example_token_bytes[]; /* all token texts, end to end */
extern const size_t example_token_bytes_size;
extern const uint32_t example_token_sizes[]; /* length of each text in bytes */
extern const uint8_t example_token_kinds[];  /* XGR_TOKEN_KIND_* of each token */

#endif
