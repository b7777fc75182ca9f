/* dms-status.h — what our own functions return, and the NTSTATUS values that drivers
 * see
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stdint.h>

/* 0 or negative: expected refusals of Dmascope's own functions. What a simulated
 * routine returns to a driver is an NTSTATUS, never one of these. */
typedef enum
{
  DMS_OK = 0,
  DMS_ERROR_NO_MEMORY = -1, /* the host has no memory left */
  DMS_ERROR_CORRUPT = -2,   /* bytes or an event that cannot be what they claim to be */
  DMS_ERROR_RANGE = -3,     /* a number outside of its documented bounds */
  DMS_ERROR_SINK = -4,      /* whoever takes the events could not take one */
  DMS_ERROR_END = -5,       /* nothing is left to read or to do */
  DMS_ERROR_LIMIT = -6      /* a bound against hostile input was reached */
} DmsStatus;

/* One sentence per DmsStatus, for programmers and tests. */
const char *dms_status_text (DmsStatus status);

/* NTSTATUS values of the documented routines (windows-dma §8; ntstatus.h). */
#define DMS_NT_SUCCESS UINT32_C (0x00000000)
#define DMS_NT_PENDING UINT32_C (0x00000103)
#define DMS_NT_UNSUCCESSFUL UINT32_C (0xC0000001)
#define DMS_NT_NOT_IMPLEMENTED UINT32_C (0xC0000002)
#define DMS_NT_INVALID_PARAMETER UINT32_C (0xC000000D)
#define DMS_NT_DELETE_PENDING UINT32_C (0xC0000056)
#define DMS_NT_BUFFER_TOO_SMALL UINT32_C (0xC0000023)
#define DMS_NT_NONE_MAPPED UINT32_C (0xC0000073)
#define DMS_NT_INSUFFICIENT_RESOURCES UINT32_C (0xC000009A)
#define DMS_NT_NOT_SUPPORTED UINT32_C (0xC00000BB)
#define DMS_NT_CANCELLED UINT32_C (0xC0000120)

/* The documented name, such as "STATUS_SUCCESS", or NULL for a value without one here.
 */
const char *dms_nt_status_name (uint32_t status);
