/* core-nonsense.c — random events: mostly plausible for the state, sometimes absurd
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/core-nonsense.h"

enum
{
  DEVICES = 3,
  BUFFERS = 3,
  TRANSFERS = 5,
  LISTS = 6,
  REGISTERS = 24
};

typedef struct
{
  DmsTestRandom *random;
  const DmsState *state;
  DmsBytes *payload;
  DmsEvent event;
} Maker;

static uint64_t
below (Maker *maker, uint64_t limit)
{
  return dms_test_random_below (maker->random, limit);
}

static bool
chance (Maker *maker, unsigned percent)
{
  return dms_test_random_chance (maker->random, percent);
}

static uint32_t
direction (Maker *maker)
{
  return chance (maker, 90) ? 1 + (uint32_t)below (maker, 2)
                            : (uint32_t)below (maker, 4);
}

static const DmsMappingState *
list_of (Maker *maker)
{
  return dms_state_mapping (maker->state, maker->event.object);
}

/* ---- simulated ---- */

static void
make_machine (Maker *maker)
{
  maker->event.a = UINT64_C (1) << 33;
  maker->event.b = chance (maker, 95) ? REGISTERS : below (maker, 70000);
  maker->event.length = chance (maker, 95) ? 4096 : below (maker, 9000);
}

static void
make_device (Maker *maker)
{
  maker->event.a = below (maker, 70);
  maker->event.b = 65536;
  maker->event.c = 512;
  maker->event.length = dms_test_random_next (maker->random) >> below (maker, 64);
  maker->event.flags = chance (maker, 50) ? DMS_FLAG_SCATTER_GATHER : 0;
}

static void
make_mdl (Maker *maker)
{
  DmsEvent *event = &maker->event;
  uint64_t frames[8];
  const DmsBufferState *buffer;

  event->object = 1 + below (maker, BUFFERS);
  buffer = dms_state_buffer (maker->state, event->object);
  event->index = buffer == NULL ? 0 : buffer->n_mdls;
  if (event->index > 3 && chance (maker, 80))
    event->index = 0;
  event->a = (UINT64_C (0xffff) << 48) + below (maker, 1 << 20);
  event->length = 1 + below (maker, 12000);
  event->c = 1 + below (maker, 9);
  uint64_t pages = dms_span_pages (event->a, event->length);
  for (unsigned i = 0; i < G_N_ELEMENTS (frames); i++)
    frames[i] = 0x1000 + below (maker, 64);
  if (chance (maker, 3))
    pages = below (maker, 8);
  if (chance (maker, 2))
    event->length = dms_test_random_next (maker->random) >> below (maker, 64);
  dms_payload_append_frames (maker->payload, frames, pages);
}

static void
make_request (Maker *maker)
{
  DmsEvent *event = &maker->event;

  event->object = 1 + below (maker, BUFFERS + 1);
  const DmsBufferState *buffer = dms_state_buffer (maker->state, event->object);
  uint64_t bytes = buffer == NULL ? 10 : buffer->length;
  event->a = chance (maker, 95) ? below (maker, bytes) : below (maker, 2 * bytes);
  event->length = below (maker, 3) == 0 ? bytes - event->a : below (maker, 2 * bytes);
  event->flags = direction (maker);
}

static void
make_touch (Maker *maker)
{
  DmsEvent *event = &maker->event;

  make_request (maker);
  const DmsBufferState *buffer = dms_state_buffer (maker->state, event->object);
  if (buffer != NULL && event->a < buffer->length && chance (maker, 95))
    event->length = below (maker, buffer->length - event->a + 1);
  event->flags = chance (maker, 70) ? DMS_FLAG_CPU_WRITES : 0;
}

static void
make_call (Maker *maker)
{
  maker->event.index = (uint32_t)below (maker, 110);
  maker->event.a = 1 + below (maker, 9);
  maker->event.flags = chance (maker, 50) ? DMS_FLAG_CALLBACK : 0;
}

static void
make_grant (Maker *maker)
{
  maker->event.a = 1 + below (maker, 6);
  maker->event.index = (uint32_t)below (maker, REGISTERS);
}

/* The next page of the list: of the transfer's buffer, or from somewhere. */
static void
make_page (Maker *maker)
{
  DmsEvent *event = &maker->event;
  const DmsMappingState *list = list_of (maker);
  const DmsTransferState *transfer
      = list == NULL ? NULL : dms_state_transfer (maker->state, list->transfer);
  const DmsBufferState *buffer
      = transfer == NULL ? NULL : dms_state_buffer (maker->state, transfer->buffer);

  event->index = list == NULL ? 0 : list->n_pieces;
  uint64_t frame = 0x1000 + below (maker, 64);
  uint64_t offset = below (maker, 4096);
  uint64_t end = 4096;
  if (buffer != NULL)
    {
      uint64_t at
          = (uint64_t)dms_buffer_page_of (buffer, transfer->start) + event->index;
      if (at < buffer->n_pages)
        {
          frame = buffer->pages[at].frame;
          offset = buffer->pages[at].start;
          end = buffer->pages[at].end;
        }
      event->transfer = transfer->id;
    }
  event->length = chance (maker, 95) ? end - offset : below (maker, 5000);
  event->flags = chance (maker, 20) ? DMS_FLAG_JOINED : 0;
  if (event->kind == DMS_EVENT_PAGE)
    {
      event->flags |= chance (maker, 20) ? DMS_FLAG_REMAPPED : 0;
      event->a = frame;
      event->b = (frame << 12) + offset;
      return;
    }
  event->a = (frame << 12) + offset;
  event->b = ((0x40 + below (maker, 8)) << 12) + offset;
  event->flags |= chance (maker, 10) ? DMS_FLAG_FORCED : 0;
}

static void
make_copy (Maker *maker)
{
  DmsEvent *event = &maker->event;
  const DmsMappingState *list = list_of (maker);

  event->length = below (maker, 4200);
  event->flags = chance (maker, 50) ? DMS_FLAG_COPY_IN : 0;
  if (list == NULL || list->n_pieces == 0)
    return;
  event->index = (uint32_t)below (maker, list->n_pieces);
  const DmsPieceState *piece = &list->pieces[event->index];
  event->transfer = list->transfer;
  if (chance (maker, 80))
    event->length = piece->length;
  bool in = (event->flags & DMS_FLAG_COPY_IN) != 0;
  event->a = in ? piece->physical : piece->logical;
  event->b = in ? piece->logical : piece->physical;
}

static void
make_burst (Maker *maker)
{
  DmsEvent *event = &maker->event;
  const DmsMappingState *list = list_of (maker);

  event->length = below (maker, 1500);
  event->flags = direction (maker);
  if (list == NULL || list->n_elements == 0)
    return;
  event->index = (uint32_t)below (maker, list->n_elements);
  const DmsElementState *element = &list->elements[event->index];
  event->transfer = list->transfer;
  event->a
      = element->logical + (element->length == 0 ? 0 : below (maker, element->length));
  event->b = event->a;
  event->c = below (maker, element->length + 1);
  uint64_t left = 4096 - dms_page_offset (event->a);
  if (event->length > left && chance (maker, 97))
    event->length = left;
}

static void
make_release (Maker *maker)
{
  const DmsMappingState *list = list_of (maker);

  make_grant (maker);
  if (list == NULL || chance (maker, 10))
    return;
  maker->event.index = list->first_register;
  maker->event.a = list->n_registers;
}

/* Some pieces of a grant that are mapped. */
static void
make_flush (Maker *maker)
{
  DmsEvent *event = &maker->event;
  const DmsMappingState *grant = list_of (maker);
  uint32_t n = grant == NULL ? 3 : grant->n_pieces;

  event->flags = direction (maker);
  event->index = (uint32_t)below (maker, n + 1);
  event->a = below (maker, n - (event->index < n ? event->index : n) + 1);
  if (chance (maker, 40))
    {
      event->index = 0;
      event->a = n;
    }
}

static void
make_pool (Maker *maker)
{
  make_grant (maker);
  maker->event.a = 1 + below (maker, 3);
  maker->event.flags = chance (maker, 50) ? DMS_FLAG_TAKEN : 0;
}

static void
make_simulated (Maker *maker)
{
  static const DmsEventKind kinds[] = {
    DMS_EVENT_MACHINE,     DMS_EVENT_DEVICE,         DMS_EVENT_MDL,
    DMS_EVENT_REQUEST,     DMS_EVENT_REQUEST,        DMS_EVENT_CALL,
    DMS_EVENT_RETURN,      DMS_EVENT_COMPLETE,       DMS_EVENT_TOUCH,
    DMS_EVENT_ADAPTER,     DMS_EVENT_COUNT,          DMS_EVENT_COUNT,
    DMS_EVENT_REFUSE,      DMS_EVENT_WAIT,           DMS_EVENT_CHANNEL,
    DMS_EVENT_GRANT,       DMS_EVENT_GRANT,          DMS_EVENT_PAGE,
    DMS_EVENT_PAGE,        DMS_EVENT_PAGE,           DMS_EVENT_BOUNCE,
    DMS_EVENT_BOUNCE,      DMS_EVENT_BOUNCE,         DMS_EVENT_NO_COPY,
    DMS_EVENT_COPY,        DMS_EVENT_COPY,           DMS_EVENT_MAP,
    DMS_EVENT_RELEASE,     DMS_EVENT_UNMAP,          DMS_EVENT_START,
    DMS_EVENT_DESCRIPTOR,  DMS_EVENT_BURST,          DMS_EVENT_BURST,
    DMS_EVENT_BURST,       DMS_EVENT_INTERRUPT,      DMS_EVENT_STRAY,
    DMS_EVENT_LIST_MEMORY, DMS_EVENT_REGISTER_WRITE, DMS_EVENT_ASK,
    DMS_EVENT_ASK,         DMS_EVENT_FLUSH,          DMS_EVENT_FLUSH,
    DMS_EVENT_CANCEL,      DMS_EVENT_POOL,           DMS_EVENT_POOL,
    DMS_EVENT_LIMIT,       DMS_EVENT_LIMITS,         DMS_EVENT_STOP,
    DMS_EVENT_FAIL,        DMS_EVENT_FACT,           DMS_EVENT_REQUEST_CANCELLED,
    DMS_EVENT_CONTROLLER,  DMS_EVENT_TERMINAL_COUNT, DMS_EVENT_SHARED_TOUCH,
    DMS_EVENT_CRASH,       DMS_EVENT_ALLOC,          DMS_EVENT_FREE,
  };
  DmsEvent *event = &maker->event;

  event->kind = (uint16_t)kinds[below (maker, G_N_ELEMENTS (kinds))];
  if (maker->state->n_registers == 0)
    event->kind = DMS_EVENT_MACHINE;
  event->transfer = below (maker, TRANSFERS + 1);
  event->object = below (maker, LISTS + 1);
  event->index = (uint32_t)below (maker, 4);
  event->length = below (maker, 20000);
  event->context = (uint8_t)below (maker, 6);
  switch (event->kind)
    {
    case DMS_EVENT_MACHINE:
      make_machine (maker);
      break;
    case DMS_EVENT_DEVICE:
      make_device (maker);
      break;
    case DMS_EVENT_MDL:
      make_mdl (maker);
      break;
    case DMS_EVENT_REQUEST:
      make_request (maker);
      break;
    case DMS_EVENT_TOUCH:
      make_touch (maker);
      break;
    case DMS_EVENT_CALL:
      make_call (maker);
      break;
    case DMS_EVENT_GRANT:
      make_grant (maker);
      break;
    case DMS_EVENT_PAGE:
    case DMS_EVENT_BOUNCE:
      make_page (maker);
      break;
    case DMS_EVENT_COPY:
      make_copy (maker);
      break;
    case DMS_EVENT_BURST:
      make_burst (maker);
      break;
    case DMS_EVENT_RELEASE:
      make_release (maker);
      break;
    case DMS_EVENT_FLUSH:
      make_flush (maker);
      break;
    case DMS_EVENT_POOL:
      make_pool (maker);
      break;
    case DMS_EVENT_ALLOC:
    case DMS_EVENT_FREE:
      event->flags = direction (maker) | DMS_FLAG_FORM_COHERENT;
      event->a = below (maker, 8) << 12;
      break;
    case DMS_EVENT_LIMIT:
      event->index = (uint32_t)below (maker, 6);
      event->b = below (maker, 80);
      break;
    default:
      event->a = below (maker, 8);
      event->flags = direction (maker);
      break;
    }
}

/* ---- recorded ---- */

static uint64_t
address (Maker *maker)
{
  return (UINT64_C (0xfff00) + below (maker, 12)) << 12;
}

static void
append_segments (Maker *maker, DmsPayloadTag tag, unsigned n)
{
  DmsSegment segments[4];

  for (unsigned i = 0; i < n; i++)
    segments[i] = (DmsSegment){ address (maker), below (maker, 3) * 2048 };
  dms_payload_append_segments (maker->payload, tag, segments, n);
}

static void
make_recorded (Maker *maker)
{
  static const DmsEventKind kinds[] = {
    DMS_EVENT_BOUNCE,    DMS_EVENT_BOUNCE,      DMS_EVENT_MAP,   DMS_EVENT_MAP,
    DMS_EVENT_MAP,       DMS_EVENT_MAP,         DMS_EVENT_UNMAP, DMS_EVENT_UNMAP,
    DMS_EVENT_ALLOC,     DMS_EVENT_FREE,        DMS_EVENT_SYNC,  DMS_EVENT_IOMMU_MAP,
    DMS_EVENT_IOMMU_MAP, DMS_EVENT_IOMMU_UNMAP, DMS_EVENT_FAULT, DMS_EVENT_GAP,
    DMS_EVENT_LOG,       DMS_EVENT_OTHER,
  };
  static const uint32_t forms[]
      = { DMS_FLAG_FORM_SINGLE, DMS_FLAG_FORM_SG, DMS_FLAG_FORM_COHERENT };
  DmsEvent *event = &maker->event;

  event->kind = (uint16_t)kinds[below (maker, G_N_ELEMENTS (kinds))];
  event->flags = DMS_FLAG_RECORDED | direction (maker) | forms[below (maker, 3)];
  event->context = DMS_CONTEXT_LINUX;
  event->cpu = (uint16_t)below (maker, 2);
  event->task = 1 + (uint32_t)below (maker, 2);
  event->a = address (maker);
  event->b = address (maker);
  event->length = below (maker, 4) * 2048;
  switch (event->kind)
    {
    case DMS_EVENT_MAP:
    case DMS_EVENT_ALLOC:
      event->object = maker->state->next_mapping == 0 ? 1 : maker->state->next_mapping;
      if (chance (maker, 15))
        event->object = below (maker, event->object + 2);
      event->flags |= chance (maker, 10) ? DMS_FLAG_FAILED : 0;
      append_segments (maker, DMS_PAYLOAD_MEMORY, (unsigned)below (maker, 4));
      if (chance (maker, 90))
        append_segments (maker, DMS_PAYLOAD_DEVICE, (unsigned)below (maker, 4));
      break;
    case DMS_EVENT_UNMAP:
    case DMS_EVENT_FREE:
    case DMS_EVENT_SYNC:
      if (chance (maker, 40))
        event->object = below (maker, maker->state->next_mapping + 2);
      break;
    case DMS_EVENT_IOMMU_MAP:
    case DMS_EVENT_IOMMU_UNMAP:
      event->device = 0;
      event->a += chance (maker, 5) ? below (maker, 4096) : 0;
      if (chance (maker, 5))
        event->length = dms_test_random_next (maker->random) >> below (maker, 64);
      break;
    case DMS_EVENT_LOG:
      dms_payload_append_string (maker->payload, "a line");
      break;
    default:
      break;
    }
}

/* ---- absurd ---- */

static void
spoil (Maker *maker)
{
  DmsEvent *event = &maker->event;
  uint64_t any = dms_test_random_next (maker->random) >> below (maker, 64);

  switch (below (maker, 14))
    {
    case 0:
      event->kind = (uint16_t)any;
      break;
    case 1:
      event->a = any;
      break;
    case 2:
      event->b = any;
      break;
    case 3:
      event->c = any;
      break;
    case 4:
      event->length = any;
      break;
    case 5:
      event->index = (uint32_t)any;
      break;
    case 6:
      event->flags ^= (uint32_t)any;
      break;
    case 7:
      event->object = any;
      break;
    case 8:
      event->transfer = any;
      break;
    case 9:
      event->device = (uint32_t)any;
      break;
    case 10:
      event->cause = event->seq + below (maker, 2);
      break;
    case 11:
      dms_bytes_append_byte (maker->payload, (uint8_t)any);
      break;
    case 12:
      event->flags ^= DMS_FLAG_RECORDED;
      break;
    default:
      if (maker->payload->length > 0)
        maker->payload->data[below (maker, maker->payload->length)] ^= (uint8_t)any;
      break;
    }
}

DmsEvent
core_nonsense_next (DmsTestRandom *random,
                    const DmsState *state,
                    CoreNonsense what,
                    DmsBytes *payload)
{
  Maker maker = { .random = random, .state = state, .payload = payload };
  DmsEvent *event = &maker.event;

  dms_bytes_clear (payload);
  event->seq = state->seq + 1;
  event->step = state->step + 1;
  event->t_ns = state->t_ns + (int64_t)below (&maker, 100);
  event->device = 1 + (uint32_t)below (&maker, DEVICES);
  if ((what & CORE_RECORDED) != 0
      && (what == CORE_RECORDED || dms_test_random_chance (random, 40)))
    make_recorded (&maker);
  else
    make_simulated (&maker);
  if (dms_test_random_chance (random, 5))
    spoil (&maker);
  event->payload = payload->length == 0 ? NULL : payload->data;
  event->payload_length = (uint32_t)payload->length;
  return *event;
}
