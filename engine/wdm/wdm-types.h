/* wdm-types.h — plain types, status values, lists, pages and MDLs
 *
 * Included by wdm.h.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* ---- plain types
 * ----------------------------------------------------------------------- */

#define VOID void
typedef void *PVOID;
typedef const void *PCVOID;
typedef char CHAR, CCHAR, *PCHAR, *PSTR;
typedef const char *PCSTR, *PCCHAR;
typedef uint8_t UCHAR, *PUCHAR, BOOLEAN, *PBOOLEAN, KIRQL, *PKIRQL, UINT8;
typedef int16_t CSHORT, SHORT, *PSHORT;
typedef uint16_t USHORT, *PUSHORT, UINT16;
typedef int32_t LONG, *PLONG, NTSTATUS, *PNTSTATUS, INT, INT32;
typedef uint32_t ULONG, *PULONG, UINT, UINT32;
typedef int64_t LONGLONG, *PLONGLONG, LONG64, INT64;
typedef uint64_t ULONGLONG, *PULONGLONG, ULONG64, *PULONG64, UINT64;
typedef intptr_t LONG_PTR, *PLONG_PTR;
typedef uintptr_t ULONG_PTR, *PULONG_PTR, KAFFINITY;
typedef size_t SIZE_T, *PSIZE_T;
/* Two bytes only in programs compiled with -fshort-wchar, as the package asks for. */
typedef wchar_t WCHAR, *PWCHAR, *PWSTR;
typedef const wchar_t *PCWSTR;
typedef ULONG_PTR PFN_NUMBER, *PPFN_NUMBER;
typedef PVOID HANDLE;

#ifndef TRUE
#  define TRUE 1
#endif
#ifndef FALSE
#  define FALSE 0
#endif

typedef union _LARGE_INTEGER
{
  struct
  {
    ULONG LowPart;
    LONG HighPart;
  };
  struct
  {
    ULONG LowPart;
    LONG HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER, PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define FIELD_OFFSET(type, field) ((LONG)offsetof (type, field))
#define CONTAINING_RECORD(address, type, field)                                        \
  ((type *)(void *)((PCHAR)(address)-offsetof (type, field)))
#define ARRAYSIZE(array) (sizeof (array) / sizeof ((array)[0]))

/* Length and MaximumLength count bytes. */
typedef struct _UNICODE_STRING
{
  USHORT Length;
  USHORT MaximumLength;
  PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

#define RTL_CONSTANT_STRING(text)                                                      \
  {                                                                                    \
    (USHORT) (sizeof (text) - sizeof ((text)[0])), (USHORT)sizeof (text),              \
        (PWSTR)(text)                                                                  \
  }
#define DECLARE_CONST_UNICODE_STRING(name, text)                                       \
  const UNICODE_STRING name = RTL_CONSTANT_STRING (text)

/* ---- lists ---- */

/* A ring through its head; an empty head points at itself. */
typedef struct _LIST_ENTRY
{
  struct _LIST_ENTRY *Flink;
  struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

static inline VOID
InitializeListHead (PLIST_ENTRY ListHead)
{
  ListHead->Flink = ListHead->Blink = ListHead;
}

static inline BOOLEAN
IsListEmpty (const LIST_ENTRY *ListHead)
{
  return ListHead->Flink == ListHead;
}

static inline BOOLEAN
RemoveEntryList (PLIST_ENTRY Entry)
{
  Entry->Blink->Flink = Entry->Flink;
  Entry->Flink->Blink = Entry->Blink;
  return Entry->Flink == Entry->Blink;
}

static inline PLIST_ENTRY
RemoveHeadList (PLIST_ENTRY ListHead)
{
  PLIST_ENTRY entry = ListHead->Flink;

  RemoveEntryList (entry);
  return entry;
}

static inline PLIST_ENTRY
RemoveTailList (PLIST_ENTRY ListHead)
{
  PLIST_ENTRY entry = ListHead->Blink;

  RemoveEntryList (entry);
  return entry;
}

static inline VOID
InsertHeadList (PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
  Entry->Flink = ListHead->Flink;
  Entry->Blink = ListHead;
  ListHead->Flink->Blink = Entry;
  ListHead->Flink = Entry;
}

static inline VOID
InsertTailList (PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
  Entry->Flink = ListHead;
  Entry->Blink = ListHead->Blink;
  ListHead->Blink->Flink = Entry;
  ListHead->Blink = Entry;
}

/* ---- status
 * ---------------------------------------------------------------------------- */

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define STATUS_SUCCESS ((NTSTATUS)0x00000000)
#define STATUS_TIMEOUT ((NTSTATUS)0x00000102)
#define STATUS_PENDING ((NTSTATUS)0x00000103)
#define STATUS_DEVICE_BUSY ((NTSTATUS)0x80000011)
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xC0000001)
#define STATUS_NOT_IMPLEMENTED ((NTSTATUS)0xC0000002)
#define STATUS_INFO_LENGTH_MISMATCH ((NTSTATUS)0xC0000004)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000D)
#define STATUS_NO_SUCH_DEVICE ((NTSTATUS)0xC000000E)
#define STATUS_INVALID_DEVICE_REQUEST ((NTSTATUS)0xC0000010)
#define STATUS_END_OF_FILE ((NTSTATUS)0xC0000011)
#define STATUS_MORE_PROCESSING_REQUIRED ((NTSTATUS)0xC0000016)
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xC0000022)
#define STATUS_BUFFER_TOO_SMALL ((NTSTATUS)0xC0000023)
#define STATUS_OBJECT_NAME_COLLISION ((NTSTATUS)0xC0000035)
#define STATUS_DELETE_PENDING ((NTSTATUS)0xC0000056)
#define STATUS_NONE_MAPPED ((NTSTATUS)0xC0000073)
#define STATUS_INSUFFICIENT_RESOURCES ((NTSTATUS)0xC000009A)
#define STATUS_DEVICE_DATA_ERROR ((NTSTATUS)0xC000009C)
#define STATUS_DEVICE_NOT_READY ((NTSTATUS)0xC00000A3)
#define STATUS_IO_TIMEOUT ((NTSTATUS)0xC00000B5)
#define STATUS_NOT_SUPPORTED ((NTSTATUS)0xC00000BB)
#define STATUS_INVALID_PARAMETER_1 ((NTSTATUS)0xC00000EF)
#define STATUS_CANCELLED ((NTSTATUS)0xC0000120)
#define STATUS_DEVICE_CONFIGURATION_ERROR ((NTSTATUS)0xC0000182)
#define STATUS_INVALID_DEVICE_STATE ((NTSTATUS)0xC0000184)
#define STATUS_IO_DEVICE_ERROR ((NTSTATUS)0xC0000185)
#define STATUS_DEVICE_REMOVED ((NTSTATUS)0xC00002B6)

/* ---- pages and MDLs
 * -------------------------------------------------------------------- */

#define PAGE_SHIFT 12
#define PAGE_SIZE 0x1000
#define BYTE_OFFSET(va) ((ULONG)((ULONG_PTR)(va) & (PAGE_SIZE - 1)))
#define BYTES_TO_PAGES(size)                                                           \
  (((size) >> PAGE_SHIFT) + (((size) & (PAGE_SIZE - 1)) != 0))
#define PAGE_ALIGN(va) ((PVOID)((ULONG_PTR)(va) & ~(ULONG_PTR)(PAGE_SIZE - 1)))
#define ROUND_TO_PAGES(size)                                                           \
  (((ULONG_PTR)(size) + PAGE_SIZE - 1) & ~(ULONG_PTR)(PAGE_SIZE - 1))
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, size)                                       \
  ((ULONG)((BYTE_OFFSET (va) + (SIZE_T)(size) + PAGE_SIZE - 1) >> PAGE_SHIFT))

#define MDL_MAPPED_TO_SYSTEM_VA 0x0001
#define MDL_PAGES_LOCKED 0x0002
#define MDL_SOURCE_IS_NONPAGED_POOL 0x0004

/* Behind it lie the numbers of its frames. */
typedef struct _MDL
{
  struct _MDL *Next;
  CSHORT Size;
  CSHORT MdlFlags;
  struct _EPROCESS *Process;
  PVOID MappedSystemVa;
  PVOID StartVa;
  ULONG ByteCount;
  ULONG ByteOffset;
} MDL, *PMDL;

typedef enum _MM_PAGE_PRIORITY
{
  LowPagePriority = 0,
  NormalPagePriority = 16,
  HighPagePriority = 32
} MM_PAGE_PRIORITY;

#define MmGetMdlByteCount(mdl) ((mdl)->ByteCount)
#define MmGetMdlByteOffset(mdl) ((mdl)->ByteOffset)
#define MmGetMdlVirtualAddress(mdl)                                                    \
  ((PVOID)((ULONG_PTR)(mdl)->StartVa + (mdl)->ByteOffset))
#define MmGetMdlPfnArray(mdl) ((PPFN_NUMBER)((mdl) + 1))

/* Notes the statement that is about to call @routine; @argument is the name of a
 * routine that the call hands over, or NULL. See wdm.h. */
#pragma GCC visibility push(default)
void
dms_mark (const char *routine, const char *file, unsigned line, const char *argument);
#pragma GCC visibility pop

#ifndef DMS_NO_MARKS
#  define DMS_MARKED(routine, value)                                                   \
    (dms_mark (routine, __FILE__, __LINE__, NULL), (value))
#endif
