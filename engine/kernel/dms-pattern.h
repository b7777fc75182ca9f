/* dms-pattern.h — bytes that follow from a seed: what devices send and requesters write
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Memory that was given back is filled with this, so that a late reader sees it. */
#define DMS_PATTERN_FREED 0xDD
/* Memory that nobody has written yet. */
#define DMS_PATTERN_FRESH 0xA5

/* A well mixed 64-bit number of @value; the same on every machine. */
uint64_t dms_pattern_mix (uint64_t value);

/**
 * dms_pattern_fill:
 * @key: which stream of bytes, from dms_pattern_key()
 * @offset: place in the stream of the first byte
 * @bytes: @length bytes that are written
 *
 * Any part of a stream can be made by itself.
 */
void dms_pattern_fill (uint64_t key, uint64_t offset, uint8_t *bytes, size_t length);

/* The stream of one transfer's bytes. */
uint64_t dms_pattern_key (uint64_t seed, uint64_t transfer);
