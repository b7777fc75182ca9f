/* dms-status.c — names of statuses
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-status.h"

#include <stddef.h>

const char *
dms_status_text (DmsStatus status)
{
  switch (status)
    {
    case DMS_OK:
      return "all is well";
    case DMS_ERROR_NO_MEMORY:
      return "the host has no memory left";
    case DMS_ERROR_CORRUPT:
      return "the data is damaged";
    case DMS_ERROR_RANGE:
      return "a number is out of its range";
    case DMS_ERROR_SINK:
      return "the events could not be stored";
    case DMS_ERROR_END:
      return "nothing is left";
    case DMS_ERROR_LIMIT:
      return "a limit against oversized data was reached";
    }
  return "unknown status";
}

const char *
dms_nt_status_name (uint32_t status)
{
  switch (status)
    {
    case DMS_NT_SUCCESS:
      return "STATUS_SUCCESS";
    case DMS_NT_PENDING:
      return "STATUS_PENDING";
    case DMS_NT_UNSUCCESSFUL:
      return "STATUS_UNSUCCESSFUL";
    case DMS_NT_NOT_IMPLEMENTED:
      return "STATUS_NOT_IMPLEMENTED";
    case DMS_NT_INVALID_PARAMETER:
      return "STATUS_INVALID_PARAMETER";
    case DMS_NT_BUFFER_TOO_SMALL:
      return "STATUS_BUFFER_TOO_SMALL";
    case DMS_NT_DELETE_PENDING:
      return "STATUS_DELETE_PENDING";
    case DMS_NT_NONE_MAPPED:
      return "STATUS_NONE_MAPPED";
    case DMS_NT_INSUFFICIENT_RESOURCES:
      return "STATUS_INSUFFICIENT_RESOURCES";
    case DMS_NT_NOT_SUPPORTED:
      return "STATUS_NOT_SUPPORTED";
    case DMS_NT_CANCELLED:
      return "STATUS_CANCELLED";
    default: /* any 32-bit number may come from a driver */
      return NULL;
    }
}
