/* The C interface of the native kernels: what kernels/cpu/library.py declares again.
 *
 * A pool of threads runs plans. A plan is filled op by op with the structs of core/args.h and
 * core/attention_args.h, in sections (a layer is one), and run for each step. Nothing here
 * throws; functions that can fail return 0 or null and say why by pk_error. One thread at a
 * time may use a pool or a plan. */
#ifndef PK_H
#define PK_H
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define PK_API __declspec(dllexport)
#else
#define PK_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define PK_INTERFACE_VERSION 1

PK_API int pk_interface_version(void);
/* Why the last call of this thread failed. */
PK_API const char* pk_error(void);

/* Builds for instruction sets, best first: name, and why it can't run here (null: it can). */
PK_API int pk_level_count(void);
PK_API const char* pk_level_name(int index);
PK_API const char* pk_level_missing(int index);

PK_API void* pk_pool_new(int threads);
PK_API void pk_pool_free(void* pool);
PK_API int pk_pool_threads(const void* pool);
PK_API int64_t pk_pool_redone(const void* pool);
PK_API void pk_pool_disturb(void* pool, int thread, int every, int microseconds);
PK_API void pk_pool_quiesce(void* pool);

/* `level` null: the best one. `max_rows`: the most rows of a step. */
PK_API void* pk_plan_new(const char* level, int max_rows);
PK_API void pk_plan_free(void* plan);
PK_API const char* pk_plan_level(const void* plan);
PK_API size_t pk_plan_held_bytes(const void* plan);
PK_API void* pk_plan_memory(void* plan, size_t bytes);
/* Rows of int8, or of 14 bits as two int8 (parts 2). */
PK_API void* pk_plan_activations(void* plan, int k, int parts);
PK_API int pk_plan_add(void* plan, int op, const void* args, size_t bytes);
PK_API int pk_plan_end_section(void* plan);
/* Runs sections first … last - 1 over `rows` tokens behind `past`; logits are wanted for
 * `wanted` rows from `first_wanted` on. */
PK_API int pk_plan_run(void* plan, void* pool, const int64_t* tokens, int rows, int past,
                       int first_wanted, int wanted, int first, int last);

/* Bytes of a panel of 16 rows over k columns, as layout version 1 has it. */
PK_API int64_t pk_panel_bytes(int format, int64_t k);

/* The min(k, count) greatest logits, k at most 1024, best first, equals by lower id: how many,
 * their ids and values. -1 where the logits are not numbers, -2 for a bad count. */
PK_API int64_t pk_top_k(const float* logits, int64_t count, int64_t k, int64_t* ids, float* values);

/* What this machine does at most, now: bytes a second of a plain read of `bytes` with all
 * threads of the pool, operations a second of int8 and of BF16 products of a level. */
PK_API double pk_measure_read(void* pool, const void* data, int64_t bytes);
PK_API double pk_measure_int8(void* pool, const char* level, int64_t rounds);
PK_API double pk_measure_bf16(void* pool, const char* level, int64_t rounds);

#ifdef __cplusplus
}
#endif
#endif
