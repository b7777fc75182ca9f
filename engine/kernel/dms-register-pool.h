/* dms-register-pool.h — the system's map registers and their bounce pages
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-memory.h"

typedef struct
{
  uint64_t frame; /* its bounce page */
  uint64_t list;  /* who holds it, 0 = nobody */
  uint32_t page;  /* of the transfer, that it stands for; UINT32_MAX = none yet */
  bool is_bouncing;
} DmsRegister;

/* Invariants: bit r of used is set exactly when registers[r].list is not 0; n_free
 * counts the others; bits behind n are set, so that no run goes beyond the end. */
typedef struct
{
  DmsRegister *registers;
  uint32_t n;
  uint32_t n_free;
  uint64_t *used;
  uint32_t first_hint; /* all registers below are used */
} DmsRegisterPool;

/* Takes @n registers without bounce pages. */
DmsStatus dms_register_pool_init (DmsRegisterPool *pool, uint32_t n);
void dms_register_pool_release (DmsRegisterPool *pool);

/**
 * dms_register_pool_place:
 * @highest: highest address that a bounce page may have
 * @is_block: one block of frames in a row (x86 HAL), else scattered ones
 *
 * Chooses the bounce pages: low frames that nobody in @memory uses, rising with the
 * register's number, the same for the same @seed. The pages themselves come into being
 * when they are first used.
 *
 * Returns: DMS_ERROR_RANGE when there are not enough such frames, DMS_ERROR_NO_MEMORY.
 */
DmsStatus dms_register_pool_place (DmsRegisterPool *pool,
                                   const DmsMemory *memory,
                                   uint64_t highest,
                                   uint64_t seed,
                                   bool is_block);

/* The first run of @count free registers for @list, an id. False when there is none. */
bool dms_register_pool_take (DmsRegisterPool *pool,
                             uint32_t count,
                             uint64_t list,
                             uint32_t *ret_first);
void dms_register_pool_give (DmsRegisterPool *pool, uint32_t first, uint32_t count);
/* Length of the longest run of free registers. */
uint32_t dms_register_pool_longest (const DmsRegisterPool *pool);
