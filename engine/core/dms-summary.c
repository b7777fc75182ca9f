/* dms-summary.c — what a run adds up to
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-summary.h"

#include "engine/core/dms-table.h"

#include <stdlib.h>
#include <string.h>

/* A row and what is needed to go on with it. */
typedef struct
{
  DmsSummaryRow row;
  uint64_t n_open;       /* requests on their way */
  int64_t busy_since_ns; /* while n_open is not 0 */
} Account;

/* A request on its way, or something that waits. */
typedef struct
{
  Account *account; /* of its device; NULL = of none */
  int64_t since_ns;
} Entry;

struct DmsSummary
{
  Account total;
  DmsTable devices; /* name id → Account */
  Account **order;
  size_t n_order, capacity;
  DmsTable requests; /* transfer → Entry */
  DmsTable waits;    /* list or grant → Entry */
};

/* ---- its parts ---- */

DmsSummary *
dms_summary_new (void)
{
  DmsSummary *summary = calloc (1, sizeof *summary);

  if (summary == NULL)
    return NULL;
  dms_table_init (&summary->devices);
  dms_table_init (&summary->requests);
  dms_table_init (&summary->waits);
  return summary;
}

static void
release_entries (DmsTable *table)
{
  size_t at = 0;
  Entry *entry = NULL;

  while ((entry = dms_table_next (table, &at, NULL)) != NULL)
    free (entry);
  dms_table_release (table);
}

void
dms_summary_free (DmsSummary *summary)
{
  if (summary == NULL)
    return;
  release_entries (&summary->requests);
  release_entries (&summary->waits);
  for (size_t i = 0; i < summary->n_order; i++)
    free (summary->order[i]);
  free (summary->order);
  dms_table_release (&summary->devices);
  free (summary);
}

const DmsSummaryRow *
dms_summary_total (const DmsSummary *summary)
{
  return &summary->total.row;
}

const DmsSummaryRow *
dms_summary_device (const DmsSummary *summary, size_t place)
{
  return place < summary->n_order ? &summary->order[place]->row : NULL;
}

static bool
grow_order (DmsSummary *summary)
{
  if (summary->n_order < summary->capacity)
    return true;

  size_t capacity = summary->capacity == 0 ? 8 : 2 * summary->capacity;
  Account **order = realloc (summary->order, capacity * sizeof *order);

  if (order == NULL)
    return false;
  summary->order = order;
  summary->capacity = capacity;
  return true;
}

/* The account of the device with that name, made when it is first needed; NULL without
 * memory. */
static Account *
need_account (DmsSummary *summary, uint32_t device)
{
  Account *account = dms_table_get (&summary->devices, device);

  if (account != NULL || !grow_order (summary)
      || !dms_table_reserve (&summary->devices))
    return account;
  account = calloc (1, sizeof *account);
  if (account == NULL)
    return NULL;
  account->row.device = device;
  (void)dms_table_put (&summary->devices, device, account);
  summary->order[summary->n_order++] = account;
  return account;
}

/* ---- adding up ---- */

static void
add (uint64_t *sum, uint64_t more)
{
  *sum = more > UINT64_MAX - *sum ? UINT64_MAX : *sum + more;
}

/* Adds to the member at @offset of the total and of the device. */
static void
add_both (DmsSummary *summary, Account *account, size_t offset, uint64_t more)
{
  add ((uint64_t *)(void *)((char *)&summary->total.row + offset), more);
  if (account != NULL)
    add ((uint64_t *)(void *)((char *)&account->row + offset), more);
}

#define ADD(member, more)                                                              \
  add_both (summary, account, offsetof (DmsSummaryRow, member), (more))

static uint64_t
time_between (int64_t from_ns, int64_t to_ns)
{
  return to_ns > from_ns ? (uint64_t)to_ns - (uint64_t)from_ns : 0;
}

static void
open_request (Account *account, int64_t t_ns)
{
  if (account->row.requests == 0)
    account->row.first_ns = account->row.last_ns = t_ns;
  account->row.requests++;
  if (account->n_open++ == 0)
    account->busy_since_ns = t_ns;
}

static void
close_request (Account *account, int64_t t_ns)
{
  if (account->n_open == 0)
    return;
  account->row.last_ns = t_ns;
  if (--account->n_open == 0)
    add (&account->row.busy_ns, time_between (account->busy_since_ns, t_ns));
}

/* A second entry under the same id counts no more. */
static DmsStatus
put_entry (DmsTable *table, uint64_t id, Account *account, int64_t t_ns, bool *ret_new)
{
  Entry *entry = NULL;

  *ret_new = false;
  if (dms_table_get (table, id) != NULL)
    return DMS_OK;
  if (!dms_table_reserve (table) || (entry = malloc (sizeof *entry)) == NULL)
    return DMS_ERROR_NO_MEMORY;
  *entry = (Entry){ account, t_ns };
  (void)dms_table_put (table, id, entry);
  *ret_new = true;
  return DMS_OK;
}

static DmsStatus
begin_request (DmsSummary *summary, Account *account, const DmsEvent *event)
{
  bool is_new = false;
  DmsStatus status
      = put_entry (&summary->requests, event->transfer, account, event->t_ns, &is_new);

  if (!is_new)
    return status;
  open_request (&summary->total, event->t_ns);
  if (account != NULL)
    open_request (account, event->t_ns);
  return DMS_OK;
}

static void
end_request (DmsSummary *summary, const DmsEvent *event)
{
  Entry *entry = dms_table_take (&summary->requests, event->transfer);
  Account *account = NULL;

  if (entry == NULL)
    return;
  account = entry->account;
  free (entry);
  close_request (&summary->total, event->t_ns);
  if (account != NULL)
    close_request (account, event->t_ns);
  if (event->status == DMS_NT_CANCELLED)
    ADD (cancelled, 1);
  else if (event->status >> 31 != 0)
    ADD (failed, 1);
  else
    ADD (done, 1);
}

static DmsStatus
begin_wait (DmsSummary *summary, Account *account, const DmsEvent *event)
{
  bool is_new = false;
  DmsStatus status
      = put_entry (&summary->waits, event->object, account, event->t_ns, &is_new);

  if (is_new)
    ADD (waits, 1);
  return status;
}

/* What waited goes on, or will never. */
static void
end_wait (DmsSummary *summary, const DmsEvent *event)
{
  Entry *entry = dms_table_take (&summary->waits, event->object);
  Account *account = NULL;

  if (entry == NULL)
    return;
  account = entry->account;
  ADD (waited_ns, time_between (entry->since_ns, event->t_ns));
  free (entry);
}

/* What of an event is added. */
typedef enum
{
  ONE,
  LENGTH,
  REGISTERS
} Amount;

typedef struct
{
  DmsEventKind kind;
  size_t member;
  Amount amount;
} Sum;

#define SUM(kind, member, amount)                                                      \
  {                                                                                    \
    DMS_EVENT_##kind, offsetof (DmsSummaryRow, member), amount                         \
  }

static const Sum sums[] = {
  SUM (REFUSE, refusals, ONE),
  SUM (GRANT, registers, REGISTERS),
  SUM (RELEASE, given_back, REGISTERS),
  SUM (MAP, mappings, ONE),
  SUM (PAGE, mapped_pages, ONE),
  SUM (BOUNCE, bounced_pages, ONE),
  SUM (COPY, copied_bytes, LENGTH),
  SUM (SHARED_TOUCH, shared_bytes, LENGTH),
  SUM (REGISTER_WRITE, register_writes, ONE),
  SUM (BURST, bursts, ONE),
  SUM (BURST, moved_bytes, LENGTH),
  SUM (INTERRUPT, interrupts, ONE),
  SUM (STRAY, strays, ONE),
  SUM (FAULT, faults, ONE),
  SUM (FACT, facts, ONE),
  SUM (LIMIT, commands, ONE),
  SUM (STOP, commands, ONE),
  SUM (FAIL, commands, ONE),
  SUM (REQUEST_CANCELLED, commands, ONE),
};

static uint64_t
amount_of (const DmsEvent *event, Amount amount)
{
  switch (amount)
    {
    case ONE:
      return 1;
    case LENGTH:
      return event->length;
    case REGISTERS:
      return event->a;
    }
  return 0;
}

static void
add_sums (DmsSummary *summary, Account *account, const DmsEvent *event)
{
  for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
    if (sums[i].kind == event->kind)
      add_both (summary, account, sums[i].member, amount_of (event, sums[i].amount));
}

static void
count_call (DmsSummary *summary, Account *account, const DmsEvent *event)
{
  bool is_dpc
      = event->index == DMS_ROUTINE_DPC || event->index == DMS_ROUTINE_CUSTOM_DPC;

  if ((event->flags & DMS_FLAG_CALLBACK) != 0)
    {
      ADD (callbacks, 1);
      ADD (dpcs, is_dpc ? 1 : 0);
    }
  else
    ADD (calls, 1);
}

DmsStatus
dms_summary_apply (DmsSummary *summary, const DmsEvent *event)
{
  Account *account = NULL;

  if (event->device != 0)
    {
      account = need_account (summary, event->device);
      if (account == NULL)
        return DMS_ERROR_NO_MEMORY;
    }
  add_sums (summary, account, event);
  if (event->kind == DMS_EVENT_REQUEST)
    return begin_request (summary, account, event);
  if (event->kind == DMS_EVENT_WAIT)
    return begin_wait (summary, account, event);
  if (event->kind == DMS_EVENT_COMPLETE)
    end_request (summary, event);
  if (event->kind == DMS_EVENT_GRANT || event->kind == DMS_EVENT_CANCEL)
    end_wait (summary, event);
  if (event->kind == DMS_EVENT_CALL)
    count_call (summary, account, event);
  /* A pool that grows by itself obeys no command. */
  if (event->kind == DMS_EVENT_POOL && (event->flags & DMS_FLAG_FORCED) == 0)
    ADD (commands, 1);
  return DMS_OK;
}
