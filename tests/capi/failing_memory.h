/* Memory that runs out: replaces malloc, which the library calls too. Needs glibc.
 *
 *   fail_from = 7; calls = 0;   the seventh allocation fails, and with fail_for_ever those after it
 *   fail_from = 0;              none does */
#ifndef XGR_TESTS_CAPI_FAILING_MEMORY_H
#define XGR_TESTS_CAPI_FAILING_MEMORY_H

#include <stddef.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* memory);

static long calls;        /* allocations so far */
static long fail_from;    /* number of the first that fails; 0: none */
static int fail_for_ever; /* or only that one */
static long live;         /* blocks in use; threads of the library count, too */

static int fails(void) {
  const long call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  return fail_from != 0 && (call == fail_from || (fail_for_ever && call > fail_from));
}

static void* counted(void* memory) {
  __atomic_add_fetch(&live, memory != NULL, __ATOMIC_RELAXED);
  return memory;
}

void* malloc(size_t size) { return fails() ? NULL : counted(__libc_malloc(size)); }

void* calloc(size_t count, size_t size) {
  return fails() ? NULL : counted(__libc_calloc(count, size));
}

void* realloc(void* memory, size_t size) {
  if (memory == NULL) return malloc(size);
  return fails() ? NULL : __libc_realloc(memory, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  return fails() ? NULL : counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  void* memory = aligned_alloc(alignment, size);
  if (memory == NULL) return 12; /* ENOMEM */
  *out = memory;
  return 0;
}

void free(void* memory) {
  __atomic_sub_fetch(&live, memory != NULL, __ATOMIC_RELAXED);
  __libc_free(memory);
}

#endif /* XGR_TESTS_CAPI_FAILING_MEMORY_H */
