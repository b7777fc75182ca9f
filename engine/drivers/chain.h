/* chain.h — the bytes of a request whose buffer is a chain of MDLs
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define LESSER(a, b) ((a) < (b) ? (a) : (b))

/* Bytes that the chain describes. */
static inline ULONG64
ChainLength (PMDL mdl)
{
  ULONG64 length = 0;

  for (; mdl != NULL; mdl = mdl->Next)
    length += MmGetMdlByteCount (mdl);
  return length;
}

/* Whether a request for @length bytes can be done: the chain has so many, and no MDL
 * begins or ends inside of what is moved at a time. @mask: bytes of that less one. */
static inline NTSTATUS
CheckChain (PMDL mdl, ULONG length, ULONG mask)
{
  if (ChainLength (mdl) < length)
    return STATUS_BUFFER_TOO_SMALL;
  if ((length & mask) != 0)
    return STATUS_INVALID_PARAMETER;
  for (; mdl != NULL; mdl = mdl->Next)
    if ((MmGetMdlByteOffset (mdl) & mask) != 0
        || (mdl->Next != NULL && (MmGetMdlByteCount (mdl) & mask) != 0))
      return STATUS_INVALID_PARAMETER;
  return STATUS_SUCCESS;
}

/* Bytes of the MDL from address @va on. At its end both go on to the next MDL, which
 * there has to be. */
static inline ULONG
BytesBehind (PMDL *mdl, PUCHAR *va)
{
  PUCHAR first = MmGetMdlVirtualAddress (*mdl);

  if (*va == first + MmGetMdlByteCount (*mdl))
    {
      *mdl = (*mdl)->Next;
      *va = first = MmGetMdlVirtualAddress (*mdl);
    }
  return MmGetMdlByteCount (*mdl) - (ULONG)(*va - first);
}

/* Where byte @offset of the chain lies for the CPU, and how many follow it in a row;
 * NULL behind its end. */
static inline PUCHAR
ChainBytes (PMDL mdl, ULONG offset, PULONG room)
{
  PUCHAR bytes = NULL;

  *room = 0;
  while (mdl != NULL && offset >= MmGetMdlByteCount (mdl))
    {
      offset -= MmGetMdlByteCount (mdl);
      mdl = mdl->Next;
    }
  if (mdl != NULL)
    bytes = MmGetSystemAddressForMdlSafe (mdl, NormalPagePriority);
  if (bytes == NULL)
    return NULL;
  *room = MmGetMdlByteCount (mdl) - offset;
  return bytes + offset;
}
