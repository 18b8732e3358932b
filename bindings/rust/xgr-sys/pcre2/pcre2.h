/* The part of PCRE2's 8-bit API that libxgr calls, for the crate pcre2-sys, which brings the library
 * without a header. The values are part of PCRE2's binary interface; tests/raw.rs compares them with
 * those of the crate. */
#ifndef XGR_SYS_PCRE2_H
#define XGR_SYS_PCRE2_H

#include <stddef.h>
#include <stdint.h>

#define PCRE2_ALLOW_EMPTY_CLASS 0x00000001u
#define PCRE2_CASELESS 0x00000008u
#define PCRE2_DOLLAR_ENDONLY 0x00000010u
#define PCRE2_DOTALL 0x00000020u
#define PCRE2_EXTENDED 0x00000080u
#define PCRE2_NO_AUTO_POSSESS 0x00004000u
#define PCRE2_NO_START_OPTIMIZE 0x00010000u
#define PCRE2_UTF 0x00080000u
#define PCRE2_NEVER_BACKSLASH_C 0x00100000u
#define PCRE2_NO_UTF_CHECK 0x40000000u
#define PCRE2_ANCHORED 0x80000000u
#define PCRE2_NEWLINE_LF 2
#define PCRE2_ERROR_HEAP_FAILED 121
#define PCRE2_ERROR_NOMEMORY (-48)

#define PCRE2_UCHAR uint8_t
#define PCRE2_SPTR const uint8_t*
#define PCRE2_SIZE size_t

#define pcre2_code struct pcre2_real_code_8
#define pcre2_general_context struct pcre2_real_general_context_8
#define pcre2_compile_context struct pcre2_real_compile_context_8
#define pcre2_match_context struct pcre2_real_match_context_8
#define pcre2_match_data struct pcre2_real_match_data_8

#define pcre2_compile pcre2_compile_8
#define pcre2_code_free pcre2_code_free_8
#define pcre2_compile_context_create pcre2_compile_context_create_8
#define pcre2_compile_context_free pcre2_compile_context_free_8
#define pcre2_get_error_message pcre2_get_error_message_8
#define pcre2_get_ovector_pointer pcre2_get_ovector_pointer_8
#define pcre2_match pcre2_match_8
#define pcre2_match_data_create_from_pattern pcre2_match_data_create_from_pattern_8
#define pcre2_match_data_free pcre2_match_data_free_8
#define pcre2_set_newline pcre2_set_newline_8
#define pcre2_set_parens_nest_limit pcre2_set_parens_nest_limit_8

#ifdef __cplusplus
extern "C" {
#endif

pcre2_code;
pcre2_general_context;
pcre2_compile_context;
pcre2_match_context;
pcre2_match_data;

pcre2_compile_context* pcre2_compile_context_create(pcre2_general_context*);
void pcre2_compile_context_free(pcre2_compile_context*);
int pcre2_set_newline(pcre2_compile_context*, uint32_t);
int pcre2_set_parens_nest_limit(pcre2_compile_context*, uint32_t);
pcre2_code* pcre2_compile(PCRE2_SPTR, PCRE2_SIZE, uint32_t, int*, PCRE2_SIZE*,
                          pcre2_compile_context*);
void pcre2_code_free(pcre2_code*);
int pcre2_get_error_message(int, PCRE2_UCHAR*, PCRE2_SIZE);
pcre2_match_data* pcre2_match_data_create_from_pattern(const pcre2_code*, pcre2_general_context*);
void pcre2_match_data_free(pcre2_match_data*);
int pcre2_match(const pcre2_code*, PCRE2_SPTR, PCRE2_SIZE, PCRE2_SIZE, uint32_t, pcre2_match_data*,
                pcre2_match_context*);
PCRE2_SIZE* pcre2_get_ovector_pointer(pcre2_match_data*);

#ifdef __cplusplus
}
#endif

#endif /* XGR_SYS_PCRE2_H */
