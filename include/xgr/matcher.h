/* xgr_matcher_t: one output being generated. */
#ifndef XGR_MATCHER_H
#define XGR_MATCHER_H

#include <xgr/base.h>
#include <xgr/bitmask.h>
#include <xgr/cancel.h>
#include <xgr/compiler.h>
#include <xgr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a filled mask says.
 *
 * @since 0.1
 */
typedef int32_t xgr_mask_kind_t;
enum xgr_mask_kind {
  XGR_MASK_KIND_SOME = 0,       /**< Some tokens are allowed: apply the mask. */
  XGR_MASK_KIND_ALL = 1,        /**< Every token is allowed: applying the mask changes nothing. */
  XGR_MASK_KIND_TERMINATED = 2, /**< The output has ended: every bit is 1. */
  XGR_MASK_KIND_NONE = 3 /**< A filter forbids every token that the grammar allows: no bit is 1. */
};

/**
 * One output being generated: says which tokens may come next and takes the chosen one.
 *
 * Created by xgr_matcher_create and xgr_matcher_clone, destroyed by xgr_matcher_destroy. May move
 * between threads. Functions that take it as const change nothing, so that several threads may call
 * them at once; a matcher is thus also a value, a state to clone and to ask.
 *
 * @threads readers
 * @since 0.1
 */
typedef struct xgr_matcher xgr_matcher_t;

/**
 * What the text of a grammar begins behind, or with: bytes, or tokens in a row.
 *
 * @since 0.1
 */
typedef struct xgr_start_sequence {
  /** Size of this struct as the caller knows it; the same for all elements of an array. */
  size_t struct_size;
  /** (nullable) (length=byte_count) Bytes that are found in the text of tokens, also across them; a
      token without text (a control token) comes between. NULL: tokens. */
  const uint8_t* bytes;
  /** How many bytes that are. */
  size_t byte_count;
  /** (nullable) (length=token_count) Token ids; control tokens, too. NULL: bytes. */
  const int32_t* tokens;
  /** How many tokens that are. */
  size_t token_count;
  /** Not 0: the text of the grammar begins with the sequence; several tokens are then handed over as
      their text. 0: it begins behind it. */
  int32_t is_implicit;
  /** Must be 0. */
  int32_t reserved;
} xgr_start_sequence_t;
#define XGR_START_SEQUENCE_INIT {sizeof(xgr_start_sequence_t), 0, 0, 0, 0, 0, 0}

/**
 * Options of xgr_matcher_create. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_matcher_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=stop_token_count) Stop tokens of this output; NULL: the tokenizer's. A stop
      token is no text of it, also where the vocabulary has it as text. */
  const int32_t* stop_tokens;
  /** How many stop tokens there are. */
  size_t stop_token_count;
  /** (nullable) (length=prefix_size) Bytes that the tokens of the output spell before its text begins;
      default: none. They are the end of a prompt whose last tokens were taken back, so that a token may
      reach from the prompt into the text (token healing), and no part of the text, of captures
      and of budgets. Each has to be a token by itself, too. */
  const uint8_t* prefix;
  /** How many bytes that are. */
  size_t prefix_size;
  /** (nullable) (length=start_count) Sequences that the text of the grammar begins behind, or with;
      default: none, the output begins with its text. Until one of them is complete the output is waiting:
      every token is allowed but stop tokens, unused and forbidden ones, and the mask is
      XGR_MASK_KIND_ALL where all are. The sequence that is complete first counts: a token that completes a
      sequence of tokens does so as a whole; of several that are complete at one byte the longest
      counts, of equal ones the first. What follows a sequence of bytes in its token is text of the
      grammar, so a token is refused when the grammar refuses that. Captures, budgets of rules and
      temperatures are about the text alone. From wherever the output may be, tokens have to spell one of the
      sequences; they have 1,048,576 bytes and tokens in all at most. Not together with a prefix. */
  const xgr_start_sequence_t* starts;
  /** How many sequences there are. */
  size_t start_count;
  /** (nullable) (length=forbidden_token_count) Token ids that are refused while the output is waiting;
      default: none. */
  const int32_t* forbidden_tokens;
  /** How many tokens are forbidden. */
  size_t forbidden_token_count;
  /** Not 0: max_waiting_tokens counts. Default: the output may wait for ever. */
  int32_t has_max_waiting_tokens;
  /** With has_max_waiting_tokens: after so many tokens, bytes not counted, a waiting output allows only those
      that go on with what is left of the sequence forced_start; its tokens come on top. Default: 0, it is
      forced at once. */
  uint32_t max_waiting_tokens;
  /** With has_max_waiting_tokens: the index of the sequence that is then forced; default: the first. */
  uint32_t forced_start;
  /** Not 0: a waiting output may end by a stop token, and counts as complete, unless a sequence is forced. */
  int32_t may_end_waiting;
  /** Not 0: no stop token is ever allowed, and the output counts as ended whenever it is complete;
      it may go on where the language does. Has to be set where there is no stop token. */
  int32_t terminate_without_stop_token;
  /** Not 0: after each accepted step a thread of the compiler computes what the next mask needs and
      is not there yet, while the model computes its logits. Needs a compiler with threads; changes
      no mask. */
  int32_t prefetch;
  /** Not 0: default_temperature counts. Default: without a rule that asks for one there is none. */
  int32_t has_default_temperature;
  /** Sampling temperature where no rule of the grammar asks for one, 0 or more; default 0. */
  float default_temperature;
  /** Not 0: a token id outside the vocabulary is XGR_ERROR_INVALID_ARGUMENT to
      xgr_matcher_accept_token and xgr_matcher_is_token_allowed. Default: it is refused like a token
      that may not come next. */
  int32_t check_token_ids;
  /** Must be 0. */
  int32_t reserved;
} xgr_matcher_options_t;
#define XGR_MATCHER_OPTIONS_INIT \
  {sizeof(xgr_matcher_options_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * What the masks of one matcher have cost, since it was created or cloned.
 *
 * @since 0.1
 */
typedef struct xgr_matcher_stats {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Masks that were filled or lent. */
  uint64_t fills;
  /** Masks for which nothing had to be computed but their union. */
  uint64_t hits;
  /** Mask parts that were computed for the others. */
  uint64_t parts_built;
  /** Nodes of the token trie that were visited for that. */
  uint64_t nodes_visited;
  /** Nanoseconds that took. */
  uint64_t walk_nanoseconds;
  /** Steps after which a thread was asked to prefetch. */
  uint64_t prefetches;
} xgr_matcher_stats_t;
#define XGR_MATCHER_STATS_INIT {sizeof(xgr_matcher_stats_t), 0, 0, 0, 0, 0, 0}

/**
 * Create a matcher at the start of an output.
 *
 * The output ends with one of the stop tokens of the options, else of the tokenizer. Where there is
 * none, terminate_without_stop_token has to say that it ends as soon as it is complete, which is too
 * early for languages where a complete output may go on: an integer from 100 on would end as 178.
 *
 * @param grammar           language to match; the matcher keeps it alive
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_matcher  (owned, destroy with xgr_matcher_destroy) new matcher
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; a stop token out of range; no stop token,
 *                          and terminate_without_stop_token is 0; stop tokens without which, as
 *                          text, no other tokens spell any string of the language; a default
 *                          temperature that is negative or not finite
 * @error LIMIT_EXCEEDED    it takes more than max_work_per_call of the compiler to tell whether
 *                          tokens that are no stop tokens spell a string
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_create(const xgr_grammar_t* grammar,
                                        const xgr_matcher_options_t* options,
                                        xgr_matcher_t** out_matcher, xgr_error_t** out_error);

/**
 * Destroy a matcher. Its clones stay valid.
 *
 * @param matcher        (nullable) matcher to destroy
 * @threads confined
 * @since 0.1
 */
XGR_API void xgr_matcher_destroy(xgr_matcher_t* matcher);

/**
 * Make an independent matcher in the same state, history included. Costs O(1).
 *
 * @param matcher           matcher to clone
 * @param[out] out_matcher  (owned, destroy with xgr_matcher_destroy) new matcher
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_clone(const xgr_matcher_t* matcher, xgr_matcher_t** out_matcher);

/**
 * Take the token that was chosen.
 *
 * A rejected token is an answer, not a failure: *out_accepted is 0 and nothing has changed. Rejected
 * are tokens that the mask does not allow, all tokens once the output has ended, and ids outside
 * the vocabulary, unless check_token_ids of the options tells those apart.
 *
 * @param matcher           matcher to advance
 * @param token             token id, any value
 * @param[out] out_accepted 1 or 0
 * @error INVALID_ARGUMENT  a NULL where none is allowed; with check_token_ids an id that is negative
 *                          or not below xgr_matcher_vocab_size(matcher)
 * @error LIMIT_EXCEEDED    the call needs more steps than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_accept_token(xgr_matcher_t* matcher, int32_t token,
                                              int32_t* out_accepted);

/**
 * Take several tokens, up to the first that is rejected. Each is one step of the history.
 *
 * @param matcher                  matcher to advance
 * @param tokens                   (nullable) (length=token_count) (copied) token ids, any values; NULL
 *                                 only if none
 * @param token_count              number of tokens
 * @param[out] out_accepted_count  how many were accepted
 * @error INVALID_ARGUMENT  a NULL where none is allowed; with check_token_ids an id outside the
 *                          vocabulary behind accepted ones: none is accepted then
 * @error LIMIT_EXCEEDED    a token needs more steps than max_work_per_call; none is accepted
 * @error CANCELLED         the matcher's request to stop was made; none is accepted
 * @error OUT_OF_MEMORY     memory ran out; none is accepted
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_accept_tokens(xgr_matcher_t* matcher, const int32_t* tokens,
                                               size_t token_count, size_t* out_accepted_count);

/**
 * Tell how many of several tokens may follow each other from here, up to the first that may not.
 *
 * Says how many xgr_matcher_accept_tokens would accept. Does not change the state.
 *
 * @param matcher               matcher to ask
 * @param tokens                (nullable) (length=token_count) (copied) token ids, any values; NULL
 *                              only if none
 * @param token_count           number of tokens
 * @param[out] out_valid_count  how many would be accepted
 * @error INVALID_ARGUMENT      as for xgr_matcher_accept_tokens
 * @error LIMIT_EXCEEDED        a token needs more steps than max_work_per_call
 * @error CANCELLED             the matcher's request to stop was made
 * @error OUT_OF_MEMORY         memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_validate_tokens(const xgr_matcher_t* matcher,
                                                 const int32_t* tokens, size_t token_count,
                                                 size_t* out_valid_count);

/**
 * Take bytes of the output, all or none of them, as one step of the history.
 *
 * The bytes may end inside a UTF-8 character. No bytes at all are accepted and are a step too.
 *
 * @param matcher           matcher to advance
 * @param bytes             (nullable) (length=byte_count) (copied) bytes; NULL only if none
 * @param byte_count        number of bytes
 * @param[out] out_accepted 1 or 0; 0 also when the output has ended
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error LIMIT_EXCEEDED    the call needs more steps than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_accept_bytes(xgr_matcher_t* matcher, const uint8_t* bytes,
                                              size_t byte_count, int32_t* out_accepted);

/**
 * Tell whether one token may come next, without a whole mask.
 *
 * Says 1 exactly when xgr_matcher_accept_token would accept the token. Does not change the state.
 *
 * @param matcher           matcher to ask
 * @param token             token id, any value
 * @param[out] out_allowed  1 or 0
 * @error INVALID_ARGUMENT  a NULL where none is allowed; with check_token_ids an id that is negative
 *                          or not below xgr_matcher_vocab_size(matcher)
 * @error LIMIT_EXCEEDED    the call needs more steps than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_is_token_allowed(const xgr_matcher_t* matcher, int32_t token,
                                                  int32_t* out_allowed);

/**
 * Write which tokens may come next as a bitmask.
 *
 * Bit t % 32 of word t / 32 is 1 exactly when token t may come next; bits at and above the
 * vocabulary size are 0. Writes xgr_tokenizer_mask_words(tokenizer) words. A mask without any 1
 * happens only where a filter forbids all that could follow: when nothing can follow, *out_kind is XGR_MASK_KIND_TERMINATED and the bits of all
 * tokens are 1, so that applying the row of an ended output in a batch does no harm, although
 * xgr_matcher_accept_token accepts none of them. Costs microseconds; the first visit of a state may
 * take longer. Does not change the state.
 *
 * @param matcher           matcher to ask
 * @param[out] mask         (length=mask_words) caller's memory
 * @param mask_words        at least xgr_tokenizer_mask_words(tokenizer)
 * @param[out] out_kind     (nullable) XGR_MASK_KIND_*
 * @error INVALID_ARGUMENT  a NULL where none is allowed, or mask_words is less than
 *                          xgr_matcher_mask_words(matcher); compare the two to tell a user both
 * @error LIMIT_EXCEEDED    the call needs more steps than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_fill_bitmask(const xgr_matcher_t* matcher, uint32_t* mask,
                                              size_t mask_words, xgr_mask_kind_t* out_kind);

/**
 * Lend which tokens may come next as a bitmask, without a copy where that is possible.
 *
 * The bits are those that xgr_matcher_fill_bitmask would write; once the output has ended, there is
 * nothing to lend. Where the mask is there as a whole,
 * the pointer leads to memory that all matchers share; otherwise it is the matcher's own, which then
 * takes as many bytes more as a mask has. The mask is valid until the next call with this matcher
 * that accepts, rolls back, resets or destroys; nobody may write to it. Does not change the state.
 *
 * @param matcher             matcher to ask
 * @param[out] out_mask       (borrowed until the matcher changes) (length=out_mask_words) the mask;
 *                            NULL when the output has ended
 * @param[out] out_mask_words number of words; 0 when the output has ended
 * @param[out] out_kind       (nullable) XGR_MASK_KIND_*
 * @error INVALID_ARGUMENT    a NULL where none is allowed
 * @error LIMIT_EXCEEDED      the call needs more steps than max_work_per_call
 * @error CANCELLED           the matcher's request to stop was made
 * @error OUT_OF_MEMORY       memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_lend_bitmask(xgr_matcher_t* matcher, const uint32_t** out_mask,
                                              size_t* out_mask_words, xgr_mask_kind_t* out_kind);

/**
 * Undo the last steps. A token is one step, and so is one xgr_matcher_accept_bytes.
 *
 * @param matcher           matcher to change
 * @param step_count        number of steps, at most xgr_matcher_history_size(matcher)
 * @error INVALID_ARGUMENT  matcher is NULL, or there are fewer steps: nothing has changed
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_rollback(xgr_matcher_t* matcher, size_t step_count);

/**
 * Go back to the start of the output and forget the history.
 *
 * @param matcher           matcher to change
 * @error INVALID_ARGUMENT  matcher is NULL
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_reset(xgr_matcher_t* matcher);

/**
 * Lay a filter over the output from here on: of the tokens that the grammar allows, only those in it.
 *
 * It holds for every call that is about tokens, stop tokens too, until another one is laid, or none;
 * bytes pass it. It belongs to the place in the output: undoing steps brings back the filter of
 * before, and a clone has it as well. A filter looks at one token only, so it may leave none: the
 * kind of the mask is then XGR_MASK_KIND_NONE.
 *
 * @param matcher           matcher to change
 * @param mask              (nullable) (length=mask_words) (copied) bit t % 32 of word t / 32 is 1 for the
 *                          tokens that stay allowed; NULL: no filter
 * @param mask_words        its size, xgr_matcher_mask_words(matcher); 0 without a mask
 * @error INVALID_ARGUMENT  matcher is NULL, or mask_words is another number
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_set_filter(xgr_matcher_t* matcher, const uint32_t* mask,
                                            size_t mask_words);

/**
 * Limit how many tokens the output may still have.
 *
 * From here on a token is allowed only if the output can be complete within what is then left. So an output
 * that is cut off by a limit of tokens is complete all the same. Stop tokens are not counted: where an
 * engine counts them, pass one fewer. A step of bytes counts as a token and is not held to the limit. A limit
 * that cannot be kept, see xgr_matcher_min_tokens_to_finish, makes the output end as soon as it can; a
 * mask is never empty because of it. Where it would take too long to find out, a token is held back that
 * could have stayed within the limit; none is allowed that could not. Undone steps may be taken again; the
 * limit stays as it is, for the whole output, until another one is set or the matcher is reset. A clone has
 * it as well.
 *
 * Where items of an array must differ (uniqueItems), or a rule has a budget of its own, the limit
 * holds some tokens back for that; where these are not enough, the output may end later.
 *
 * @param matcher           matcher to change
 * @param tokens            how many at most from here on; negative: no limit
 * @error INVALID_ARGUMENT  matcher is NULL
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_set_token_limit(xgr_matcher_t* matcher, int64_t tokens);

/**
 * Make the output end as soon as it can: only tokens on a shortest way to a complete output are allowed.
 *
 * Once it is complete, only stop tokens are. It stays switched on when steps are undone, until it is
 * switched off or the matcher is reset. A clone has it as well.
 *
 * @param matcher           matcher to change
 * @param closing           1 or 0
 * @error INVALID_ARGUMENT  matcher is NULL, or closing is neither
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_set_closing(xgr_matcher_t* matcher, int32_t closing);

/**
 * Get the fewest tokens that complete the output. The stop token is not counted.
 *
 * Finding the exact number may take too long; so many tokens are then enough, and a limit of so many is kept.
 *
 * @param matcher           matcher to ask
 * @param[out] out_tokens   the number; 0 when the output is complete or has ended
 * @param[out] out_exact    1; 0 when fewer may be enough, when items of an array must differ or a
 *                          rule has a budget of its own, so that more may be needed, or while the output
 *                          is before its text
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error LIMIT_EXCEEDED    no way to complete the output was found within max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_min_tokens_to_finish(const xgr_matcher_t* matcher,
                                                      uint64_t* out_tokens, int32_t* out_exact);

/**
 * Give a matcher a request that stops its calls.
 *
 * Once it is made, accept_token, accept_bytes, is_token_allowed, fill_bitmask, lend_bitmask and
 * captures return XGR_ERROR_CANCELLED, also from within, and leave the matcher as it was. Clones made
 * afterwards have the same request. NULL takes it back.
 *
 * @param matcher            matcher to give it to
 * @param cancel             (nullable) request; the matcher keeps it alive
 * @error INVALID_ARGUMENT   matcher is NULL
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_set_cancel(xgr_matcher_t* matcher, const xgr_cancel_t* cancel);

/**
 * Get whether the output has ended: by a stop token, or by terminate_without_stop_token.
 *
 * @param matcher        (nullable) matcher to ask
 * @return 1 or 0; 0 for NULL, and when memory runs out
 * @threads readers
 * @since 0.1
 */
XGR_API int32_t xgr_matcher_is_terminated(const xgr_matcher_t* matcher);

/**
 * Get whether the output so far is a complete string of the language.
 *
 * @param matcher        (nullable) matcher to ask
 * @return 1 or 0; 0 for NULL, and when memory runs out
 * @threads readers
 * @since 0.1
 */
XGR_API int32_t xgr_matcher_is_accepting(const xgr_matcher_t* matcher);

/**
 * Get whether the output waits for one of the sequences that its text begins behind, or with.
 *
 * It does at first when the options have starts, until one is complete; and where it has ended before
 * that.
 *
 * @param matcher        (nullable) matcher to ask
 * @return 1 or 0; 0 for NULL
 * @threads readers
 * @since 0.1
 */
XGR_API int32_t xgr_matcher_is_waiting(const xgr_matcher_t* matcher);

/**
 * Get the number of steps that can be undone.
 *
 * @param matcher        (nullable) matcher to ask
 * @return number of steps; 0 for NULL
 * @threads readers
 * @since 0.1
 */
XGR_API size_t xgr_matcher_history_size(const xgr_matcher_t* matcher);

/**
 * Get the stop tokens in force.
 *
 * @param matcher        (nullable) matcher to ask
 * @param[out] out_count (nullable) number of stop tokens
 * @return (nullable) (borrowed until matcher is destroyed) token ids; NULL when there are none
 * @threads readers
 * @since 0.1
 */
XGR_API const int32_t* xgr_matcher_stop_tokens(const xgr_matcher_t* matcher, size_t* out_count);

/**
 * Get the number of 32-bit words that xgr_matcher_fill_bitmask writes.
 *
 * @param matcher        (nullable) matcher to ask
 * @return number of words; 0 for NULL
 * @threads readers
 * @since 0.1
 */
XGR_API size_t xgr_matcher_mask_words(const xgr_matcher_t* matcher);

/**
 * Get the number of token ids, which is the number of bits of a mask that count.
 *
 * @param matcher        (nullable) matcher to ask
 * @return size of the logits; 0 for NULL
 * @threads readers
 * @since 0.1
 */
XGR_API int32_t xgr_matcher_vocab_size(const xgr_matcher_t* matcher);

/**
 * Get about how much memory a matcher occupies, its grammar not included.
 *
 * @param matcher        (nullable) matcher to ask
 * @return size in bytes; 0 for NULL
 * @threads readers
 * @since 0.1
 */
XGR_API size_t xgr_matcher_memory_size(const xgr_matcher_t* matcher);

/**
 * Get the sampling temperature that the grammar asks for at the present place of the output.
 *
 * It is that of the innermost rule with a temperature that the next token can be in; the highest
 * where the output so far can be read in several ways; and default_temperature of the options where
 * there is no such rule.
 *
 * @param matcher                  matcher to ask
 * @param[out] out_known           1, or 0 when neither a rule nor the options say one
 * @param[out] out_temperature     the temperature; 0 when there is none
 * @error INVALID_ARGUMENT         a NULL where none is allowed
 * @error OUT_OF_MEMORY            memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_temperature(const xgr_matcher_t* matcher, int32_t* out_known,
                                             float* out_temperature);

/**
 * The texts of those rules that the grammar gives a name, at one place of an output.
 *
 * Created by xgr_matcher_captures, destroyed by xgr_captures_destroy. Never changes, and needs
 * neither the matcher nor the grammar.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_captures xgr_captures_t;

/**
 * One of the captures. Its texts are borrowed until the captures are destroyed.
 *
 * @since 0.1
 */
typedef struct xgr_capture {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=name_size) UTF-8 name that the grammar gives, NUL-terminated. */
  const char* name;
  /** Size of name in bytes. */
  size_t name_size;
  /** (nullable) (length=text_size) Bytes of the output; may begin or end inside a character. */
  const uint8_t* text;
  /** Size of text in bytes. */
  size_t text_size;
} xgr_capture_t;
#define XGR_CAPTURE_INIT {sizeof(xgr_capture_t), 0, 0, 0, 0}

/**
 * Get the texts of rules with a name in the output so far, in the order in which they were
 * completed.
 *
 * A rule may be complete several times while its text grows; only the longest text is given, unless
 * all are asked for. Markers that end a rule are left out as the grammar says. The first call reads
 * the whole output again, later ones what was added; accepting costs no more for it.
 *
 * @param matcher           matcher to ask
 * @param all_events        0: the longest text each; else every time that a rule was complete
 * @param[out] out_captures (owned, destroy with xgr_captures_destroy) captures
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error LIMIT_EXCEEDED    the grammar needs more automaton states than allowed
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_captures(xgr_matcher_t* matcher, int32_t all_events,
                                          xgr_captures_t** out_captures);

/**
 * Get the number of captures.
 *
 * @param captures       (nullable) captures to ask
 * @return number of captures; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API size_t xgr_captures_size(const xgr_captures_t* captures);

/**
 * Get one of the captures. Its texts are borrowed until the captures are destroyed.
 *
 * @param captures              captures to ask
 * @param index                 number of the capture, the first is 0
 * @param[in,out] out_capture   struct with its struct_size set; members that the library does not
 *                              know become 0
 * @error INVALID_ARGUMENT      a NULL where none is allowed; no such capture; a struct_size out of
 *                              range
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_captures_get(const xgr_captures_t* captures, size_t index,
                                      xgr_capture_t* out_capture);

/**
 * Destroy captures.
 *
 * @param captures       (nullable) captures to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_captures_destroy(xgr_captures_t* captures);

/**
 * Get what the masks of a matcher have cost.
 *
 * @param matcher               matcher to ask
 * @param[in,out] out_stats     struct with its struct_size set; members that the library does not
 *                              know become 0
 * @error INVALID_ARGUMENT      a NULL where none is allowed; a struct_size out of range
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_stats(const xgr_matcher_t* matcher,
                                       xgr_matcher_stats_t* out_stats);

#ifdef __cplusplus
}
#endif

#endif /* XGR_MATCHER_H */
