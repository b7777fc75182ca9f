/* chain.h — the bytes of a request whose buffer is a chain of MDLs
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/drivers/sample-parts.h"

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

/* Pages that @length bytes of the chain are in; what two MDLs share counts twice, as it
 * is mapped twice. */
static inline ULONG
ChainPages (PMDL mdl, ULONG length)
{
  ULONG pages = 0;

  for (ULONG part; mdl != NULL && length > 0; mdl = mdl->Next, length -= part)
    {
      part = LESSER (length, MmGetMdlByteCount (mdl));
      pages += ADDRESS_AND_SIZE_TO_SPAN_PAGES (MmGetMdlVirtualAddress (mdl), part);
    }
  return pages;
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

/* Copies @length bytes to or from byte @offset of the chain on; it has so many. */
static inline VOID
CopyChain (PMDL mdl, ULONG offset, PUCHAR other, ULONG length, BOOLEAN fromChain)
{
  for (ULONG part; length > 0; length -= part)
    {
      PUCHAR bytes = ChainBytes (mdl, offset, &part);

      part = LESSER (part, length);
      if (fromChain)
        RtlCopyMemory (other, bytes, part);
      else
        RtlCopyMemory (bytes, other, part);
      other += part;
      offset += part;
    }
}
