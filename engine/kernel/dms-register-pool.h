/* dms-register-pool.h — the system's map registers and their bounce pages
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-memory.h"

typedef struct
{
  uint64_t frame; /* its bounce page */
  uint64_t home;  /* that frame, when nobody holds it */
  uint64_t list;  /* who holds it, 0 = nobody, DMS_REGISTER_OUT = nobody can have it */
  uint32_t page;  /* of the transfer, that it stands for; UINT32_MAX = none yet */
  bool is_bouncing;
  /* dms-guard.c: the pages between guards that its page is one of. */
  bool is_guarded;
  uint32_t row_first, row_count; /* map registers; count 0 = never laid out */
} DmsRegister;

/* Holder of a register that has left the pool. */
#define DMS_REGISTER_OUT UINT64_MAX

/* Invariants: bit r of used is set exactly when registers[r].list is not 0; n_free
 * counts the others; bits behind n are set, so that no run goes beyond the end. Homes
 * rise with the register's number; 0 = it has no page yet. */
typedef struct
{
  DmsRegister *registers;
  uint32_t n;
  uint32_t n_free;
  uint64_t *used;
  uint32_t first_hint; /* all registers below are used */
  bool is_block;       /* the bounce pages lie in a row */
  uint32_t pages_each; /* frames that each has around its bounce page: 1, or 3 */
} DmsRegisterPool;

/* How the bounce pages lie. */
typedef struct
{
  uint64_t highest; /* address that no bounce page lies above */
  uint64_t seed;
  bool is_block;       /* in a row (x86 HAL), else scattered */
  uint32_t pages_each; /* 1; 3: with a guard page before and behind each */
} DmsRegisterLayout;

/* Takes @n registers without bounce pages. */
DmsStatus dms_register_pool_init (DmsRegisterPool *pool, uint32_t n);
void dms_register_pool_release (DmsRegisterPool *pool);

/**
 * dms_register_pool_place:
 *
 * Chooses the bounce pages: low frames that nobody in @memory uses, rising with the
 * register's number, the same for the same seed. The pages themselves come into being
 * when they are first used.
 *
 * Returns: DMS_ERROR_RANGE when there are not enough such frames, DMS_ERROR_NO_MEMORY.
 */
DmsStatus dms_register_pool_place (DmsRegisterPool *pool,
                                   const DmsMemory *memory,
                                   const DmsRegisterLayout *layout);
/* The lowest run of @count frames from @from on, behind all bounce pages and below
 * @end, that nobody in @memory uses. DMS_ERROR_RANGE when there is none,
 * DMS_ERROR_NO_MEMORY. */
DmsStatus dms_register_pool_find_block (const DmsRegisterPool *pool,
                                        const DmsMemory *memory,
                                        uint64_t from,
                                        uint64_t end,
                                        uint32_t count,
                                        uint64_t *ret_first);
/* Register @r gets its bounce page. */
void dms_register_pool_add_page (DmsRegisterPool *pool, uint32_t r, uint64_t frame);
/* True when @frame is a bounce page, or a guard page beside one. */
bool dms_register_pool_has_frame (const DmsRegisterPool *pool, uint64_t frame);

/* The first run of @count free registers for @list, an id. False when there is none. */
bool dms_register_pool_take (DmsRegisterPool *pool,
                             uint32_t count,
                             uint64_t list,
                             uint32_t *ret_first);
/* The same, and no register whose number is a multiple of @window is inside of the run;
 * 0 = any may. */
bool dms_register_pool_take_within (DmsRegisterPool *pool,
                                    uint32_t count,
                                    uint64_t list,
                                    uint32_t window,
                                    uint32_t *ret_first);
/* The same for an adapter that needs bounce pages in a row: no multiple of @window
 * bytes lies inside of them; 0 = any may. */
bool dms_register_pool_take_row (DmsRegisterPool *pool,
                                 uint32_t count,
                                 uint64_t list,
                                 uint64_t window,
                                 uint32_t *ret_first);
/* Registers of the longest such run when all are free. */
uint32_t dms_register_pool_longest_row (const DmsRegisterPool *pool, uint64_t window);
/* Takes the free registers from @first on out of the pool; dms_register_pool_give()
 * brings them back. @holder: DMS_REGISTER_OUT, or another number that is no list's. */
void dms_register_pool_withdraw (DmsRegisterPool *pool,
                                 uint32_t first,
                                 uint32_t count,
                                 uint64_t holder);
void dms_register_pool_give (DmsRegisterPool *pool, uint32_t first, uint32_t count);
/* Length of the longest run of free registers. */
uint32_t dms_register_pool_longest (const DmsRegisterPool *pool);
