/*
 * libxgr: which tokens may come next.
 *
 * A language model proposes tokens one after the other. Given a language (a JSON Schema, a grammar,
 * a regular expression) and the tokens chosen so far, libxgr tells exactly which tokens may come
 * next so that the whole output belongs to the language.
 *
 * PIPELINE
 *
 *   token texts --> xgr_tokenizer_t --> xgr_compiler_t --> xgr_grammar_t --> xgr_matcher_t
 *                   once a model        once a model       once a schema     once an output
 *
 *   xgr_tokenizer_t *tokenizer;  xgr_compiler_t *compiler;
 *   xgr_grammar_t *grammar;      xgr_matcher_t *matcher;
 *   xgr_tokenizer_create(bytes, bytes_size, sizes, count, NULL, &tokenizer, NULL);
 *   xgr_compiler_create(tokenizer, NULL, &compiler, NULL);
 *   xgr_compiler_compile_json_schema(compiler, text, size, NULL, NULL, NULL, &grammar, NULL);
 *   xgr_matcher_create(grammar, NULL, &matcher, NULL);
 *   for (;;) {
 *     xgr_matcher_fill_bitmask(matcher, mask, mask_words, &kind);
 *     if (kind == XGR_MASK_KIND_TERMINATED) break;
 *     int32_t token = sample(logits, mask);
 *     xgr_matcher_accept_token(matcher, token, &accepted);
 *   }
 *
 * A language may also be composed before there is a tokenizer: xgr_grammar_source_t is made from
 * texts and from other sources, and xgr_compiler_compile_source compiles it.
 *
 * Two promises hold in every state. A bit of the mask is 1 exactly when the token is accepted. And
 * from every state that allowed tokens lead to, some complete output can be reached; a source
 * without any complete output is refused when it is compiled.
 *
 * An output ends with a stop token, which the mask allows exactly where the output is complete. The
 * tokenizer knows its stop tokens, by their names if need be; a matcher without any has to be told to
 * end as soon as the output is complete. The row of an ended output allows everything, so that a
 * batch may apply it.
 *
 * OWNERSHIP
 *
 * Handles come from functions that create, compile or clone; they are "owned": destroy each once,
 * in any order. What an object needs (a matcher its grammar, a grammar its tokenizer) it keeps
 * alive itself. Destroying NULL does nothing. Inputs are "copied" before the call returns: the
 * library never keeps a pointer to the caller's memory. Pointers that getters return are "borrowed
 * until" a named event. Large outputs go into the caller's memory, and nothing needs a free
 * function of the library besides the handles.
 *
 * Texts are UTF-8 with a length and need no final NUL; texts that getters return have one as well.
 * Options are structs whose first member is their size: initialise them with their _INIT macro, or
 * zero them and set struct_size. Zero in any member means its default, and NULL instead of options
 * means all defaults. A library that is older than the caller's header refuses members that it does
 * not know unless they are zero. Structs that the library writes work the same way: set struct_size
 * (their _INIT macro does); members that it does not know become zero.
 *
 * ERRORS
 *
 * A function that can fail returns xgr_status_t, 0 for success. The functions that read a text or
 * build an object also take out_error, which may be NULL; on failure it receives the message, the
 * position in the source and the JSON Pointer. On failure nothing has changed: the other outputs
 * are untouched and the object is in its former state and still usable. NULL where it is not
 * allowed is XGR_ERROR_INVALID_ARGUMENT. A token that is rejected is an answer, not an error. What a
 * source says without effect is none either: xgr_grammar_diagnostics lists it.
 *
 * THREADS
 *
 * Every type names its class, and functions follow it:
 *   shared        immutable: any threads at once (tokenizer, source, grammar, report, diagnostics,
 *                 explanation, error)
 *   synchronised  any threads at once, locks inside (compiler, compile job, cancel)
 *   readers       one thread that changes it, or any number at once that only ask, in functions that
 *                 take it as const (matcher)
 *   confined      one thread at a time, may move to another (batch, captures)
 * Nothing may use an object while another thread destroys it. There is no global state, no state by
 * thread, no callback and no signal handler. Threads of its own the library has only for
 * compile jobs, for compiles that their callers may leave early (xgr_cancel_t, a timeout), for batches,
 * and, if the options of a compiler allow more than one, for warm-up and prefetching. They never call
 * back, and end with the batch, or the compiler and the last of its jobs, grammars and matchers. A
 * child after fork has none of them, so it makes a compiler and a batch of its own.
 *
 * STABILITY
 *
 * From 1.0 on, within one major version functions, constants and members at the end of structs
 * are only added. @since names the version that has a function first.
 */
#ifndef XGR_XGR_H
#define XGR_XGR_H

#include <xgr/base.h>
#include <xgr/batch.h>
#include <xgr/bitmask.h>
#include <xgr/cancel.h>
#include <xgr/compile_job.h>
#include <xgr/compiler.h>
#include <xgr/diagnostics.h>
#include <xgr/draft.h>
#include <xgr/error.h>
#include <xgr/explanation.h>
#include <xgr/family.h>
#include <xgr/forced.h>
#include <xgr/grammar_source.h>
#include <xgr/json_schema.h>
#include <xgr/matcher.h>
#include <xgr/reply_reader.h>
#include <xgr/tokenizer.h>

#endif /* XGR_XGR_H */
