/* fuzz.h — what every fuzz target is: one function over bytes
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * LLVMFuzzerTestOneInput:
 * @bytes: any input
 * @length: bytes in it
 *
 * Hands the input to the code under test, which may refuse it but may not crash, leak,
 * hang or grow without bound. The name is libFuzzer's.
 *
 * Returns: 0
 */
int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length);
