/* ui-ways.c — small runs, one for each way of doing DMA, for tests of the picture
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/ui/ui-ways.h"

enum
{
  PAGES = 6,
  OFFSET = 512,
  LENGTH = 20992,
  BURST = 1024,
  REGISTERS = 64,
  BUFFER = 1,
  TRANSFER = 1,
  GRANT = 1
};

static const uint64_t frames[PAGES]
    = { 0xa311, 0xa312, 0x140003, 0x140004, 0xb020, 0xb021 };

typedef struct
{
  CoreLog *log;
  uint32_t device;
  uint32_t direction;
} Run;

static const DmsState *
state_of (const Run *run)
{
  return run->log->state;
}

static void
emit (Run *run, DmsEvent event)
{
  if (event.device == 0)
    event.device = run->device;
  event.t_ns = (int64_t)run->log->events->len * 100;
  event.context = DMS_CONTEXT_DISPATCH;
  core_log_emit (run->log, event);
}

/* ---- what there is ---- */

static void
add_machine (Run *run)
{
  core_log_emit (run->log,
                 (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                             .a = UINT64_C (8) << 30,
                             .b = REGISTERS,
                             .length = DMS_PAGE_SIZE });
}

static void
add_device (Run *run, const char *name, const char *model, bool is_scattering)
{
  run->device = core_log_name (run->log, DMS_NAME_DEVICE, 0, name);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_DEVICE,
                    .object = core_log_name (run->log, DMS_NAME_TEXT, 0, model),
                    .a = 32,
                    .b = 65536,
                    .c = BURST,
                    .length = 16,
                    .flags = is_scattering ? DMS_FLAG_SCATTER_GATHER : 0 });
}

static void
add_buffer (Run *run, uint64_t id, const uint64_t *of, unsigned n, uint64_t length)
{
  DmsBytes payload;

  dms_bytes_init (&payload);
  dms_payload_append_frames (&payload, of, n);
  core_log_emit (run->log,
                 (DmsEvent){ .kind = DMS_EVENT_MDL,
                             .object = id,
                             .a = UINT64_C (0xffff800000100000) + OFFSET,
                             .c = core_log_name (run->log, DMS_NAME_BUFFER, 0, "data"),
                             .length = length,
                             .flags = DMS_FLAG_LOCKED,
                             .payload = payload.data,
                             .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
}

static void
add_request (Run *run, uint64_t transfer, uint64_t buffer, uint64_t length)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_REQUEST,
                    .transfer = transfer,
                    .object = buffer,
                    .length = length,
                    .flags = run->direction });
}

static void
call (Run *run, DmsRoutine routine, const char *name, uint64_t transfer)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_CALL,
                    .transfer = transfer,
                    .index = routine,
                    .a = core_log_name (run->log, DMS_NAME_TEXT, 0, name) });
}

static void
leave (Run *run, DmsRoutine routine)
{
  emit (run, (DmsEvent){ .kind = DMS_EVENT_RETURN, .index = routine });
}

/* ---- grants ---- */

static void
ask (Run *run, uint64_t transfer, uint64_t grant, uint64_t n)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_ASK,
                    .transfer = transfer,
                    .object = grant,
                    .a = n,
                    .c = n });
}

static void
take_channel (Run *run, uint64_t transfer, bool is_taken)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_CHANNEL,
                    .transfer = transfer,
                    .object = 1,
                    .flags = is_taken ? DMS_FLAG_TAKEN : 0 });
}

static void
grant (Run *run, uint64_t transfer, uint64_t id, uint32_t first, uint64_t n)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_GRANT,
                    .transfer = transfer,
                    .object = id,
                    .index = first,
                    .a = n,
                    .b = REGISTERS - first - n });
}

static uint64_t
bytes_of_page (const Run *run, uint32_t page)
{
  const DmsPageState *is = &dms_state_buffer (state_of (run), BUFFER)->pages[page];

  return (uint64_t)(is->end - is->start);
}

/* Page @page as the next piece; its bounce page, when it is out of reach, at @bounce.
 */
static void
map_page (Run *run, uint32_t page, uint64_t bounce)
{
  const DmsMappingState *mapping = dms_state_mapping (state_of (run), GRANT);
  uint64_t offset = page == 0 ? OFFSET : 0;
  DmsEvent event = { .transfer = TRANSFER,
                     .object = GRANT,
                     .index = mapping->n_pieces,
                     .length = bytes_of_page (run, page) };

  if (bounce == 0)
    {
      event.kind = DMS_EVENT_PAGE;
      event.a = frames[page];
      event.b = (frames[page] << DMS_PAGE_SHIFT) + offset;
      event.flags
          = page > 0 && frames[page] == frames[page - 1] + 1 && mapping->n_pieces > 0
                ? DMS_FLAG_JOINED
                : 0;
      emit (run, event);
      return;
    }
  event.kind = DMS_EVENT_BOUNCE;
  event.a = (frames[page] << DMS_PAGE_SHIFT) + offset;
  event.b = (bounce << DMS_PAGE_SHIFT) + offset;
  event.c = UINT32_MAX;
  if (mapping->n_pieces > 0
      && mapping->pieces[mapping->n_pieces - 1].logical >> DMS_PAGE_SHIFT == bounce - 1)
    event.flags = DMS_FLAG_JOINED;
  emit (run, event);
  if (run->direction != DMS_FLAG_TO_DEVICE)
    return;
  event.kind = DMS_EVENT_COPY;
  event.c = 0;
  event.flags = DMS_FLAG_COPY_IN;
  emit (run, event);
}

static void
end_map (Run *run, uint64_t length, uint64_t n_pages)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_MAP,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = 1,
                    .a = n_pages,
                    .length = length,
                    .flags = run->direction | DMS_FLAG_FORM_SINGLE });
  leave (run, DMS_ROUTINE_MAP_TRANSFER);
}

/* ---- the device ---- */

static void
start (Run *run, uint64_t n, uint64_t length)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_START,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .a = n,
                    .length = length,
                    .flags = run->direction });
}

static void
move_element (Run *run, uint32_t index)
{
  const DmsMappingState *mapping = dms_state_mapping (state_of (run), GRANT);
  const DmsElementState element = mapping->elements[index];

  for (uint64_t done = 0; done < element.length;)
    {
      uint64_t at = element.logical + done;
      const DmsPieceState *piece = dms_mapping_piece (mapping, index, at);
      uint64_t length = MIN (MIN (BURST, element.length - done),
                             DMS_PAGE_SIZE - dms_page_offset (at));
      bool is_remapped = piece->logical != piece->physical && !piece->bounced;

      done += length;
      emit (run,
            (DmsEvent){ .kind = DMS_EVENT_BURST,
                        .transfer = TRANSFER,
                        .object = GRANT,
                        .index = index,
                        .a = at,
                        .b = is_remapped ? piece->physical + (at - piece->logical) : at,
                        .c = done,
                        .length = length,
                        .flags
                        = run->direction | (piece->bounced ? DMS_FLAG_BOUNCED : 0) });
    }
}

static void
describe_element (Run *run, uint32_t index)
{
  const DmsElementState *element
      = &dms_state_mapping (state_of (run), GRANT)->elements[index];

  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_DESCRIPTOR,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = index,
                    .a = element->logical,
                    .length = element->length });
}

static void
interrupt (Run *run, uint64_t length)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_INTERRUPT,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .length = length,
                    .flags = run->direction });
}

/* ---- a flush ---- */

static void
copy_out (Run *run, uint32_t index)
{
  const DmsPieceState *piece
      = &dms_state_mapping (state_of (run), GRANT)->pieces[index];

  if (piece->bounced && run->direction == DMS_FLAG_FROM_DEVICE)
    emit (run,
          (DmsEvent){ .kind = DMS_EVENT_COPY,
                      .transfer = TRANSFER,
                      .object = GRANT,
                      .index = index,
                      .a = piece->logical,
                      .b = piece->physical,
                      .length = piece->length });
}

static void
flush (Run *run, uint32_t first, uint32_t n, uint64_t length)
{
  call (run, DMS_ROUTINE_FLUSH_ADAPTER_BUFFERS, "FlushAdapterBuffers", TRANSFER);
  for (uint32_t i = first; i < first + n; i++)
    copy_out (run, i);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_FLUSH,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = first,
                    .a = n,
                    .length = length,
                    .flags = run->direction });
  leave (run, DMS_ROUTINE_FLUSH_ADAPTER_BUFFERS);
}

static void
give_back (Run *run, uint64_t n)
{
  call (run, DMS_ROUTINE_FREE_MAP_REGISTERS, "FreeMapRegisters", TRANSFER);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_RELEASE,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .a = n,
                    .b = REGISTERS });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_UNMAP,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .flags = DMS_FLAG_FORM_SINGLE });
  leave (run, DMS_ROUTINE_FREE_MAP_REGISTERS);
}

static void
complete (Run *run, uint64_t length)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_COMPLETE,
                    .transfer = TRANSFER,
                    .object = BUFFER,
                    .length = length });
}

/* ---- the ways ---- */

static void
begin_grant (Run *run, const char *model, bool is_scattering, uint64_t n)
{
  add_machine (run);
  add_device (run, "card0", model, is_scattering);
  add_buffer (run, BUFFER, frames, PAGES, LENGTH);
  add_request (run, TRANSFER, BUFFER, LENGTH);
  call (run, DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL, "AllocateAdapterChannel", TRANSFER);
  ask (run, TRANSFER, GRANT, n);
  take_channel (run, TRANSFER, true);
  grant (run, TRANSFER, GRANT, 0, n);
}

static void
map_transfer (Run *run)
{
  call (run, DMS_ROUTINE_MAP_TRANSFER, "MapTransfer", TRANSFER);
}

static void
grant_way (Run *run)
{
  enum
  {
    FIRST = 7680,
    PAGE = 4096,
    LAST = 5120
  };

  begin_grant (run, "bus-master", true, 3);
  map_transfer (run);
  map_page (run, 0, 0);
  map_page (run, 1, 0);
  end_map (run, FIRST, 2);
  map_transfer (run);
  map_page (run, 2, 0x42);
  end_map (run, PAGE, 1);
  leave (run, DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL);
  take_channel (run, TRANSFER, false);
  describe_element (run, 0);
  describe_element (run, 1);
  start (run, 2, FIRST + PAGE);
  move_element (run, 0);
  move_element (run, 1);
  interrupt (run, FIRST + PAGE);
  flush (run, 0, 3, FIRST + PAGE);
  map_transfer (run);
  map_page (run, 3, 0x57);
  end_map (run, PAGE, 1);
  map_transfer (run);
  map_page (run, 4, 0);
  map_page (run, 5, 0);
  end_map (run, LAST, 2);
  describe_element (run, 2);
  describe_element (run, 3);
  start (run, 2, PAGE + LAST);
  move_element (run, 2);
  move_element (run, 3);
  interrupt (run, PAGE + LAST);
  flush (run, 3, 3, PAGE + LAST);
  give_back (run, 3);
  complete (run, LENGTH);
}

static void
iommu_way (Run *run)
{
  const uint64_t base = 0x80;

  add_machine (run);
  add_device (run, "card0", "bus-master", true);
  emit (run, (DmsEvent){ .kind = DMS_EVENT_LIMITS, .flags = DMS_FLAG_REMAPPED });
  add_buffer (run, BUFFER, frames, PAGES, LENGTH);
  add_request (run, TRANSFER, BUFFER, LENGTH);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_COUNT,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = 1,
                    .a = PAGES,
                    .b = OFFSET,
                    .c = PAGES,
                    .length = LENGTH,
                    .flags = run->direction });
  grant (run, TRANSFER, GRANT, 0, PAGES);
  for (uint32_t i = 0; i < PAGES; i++)
    emit (run,
          (DmsEvent){ .kind = DMS_EVENT_PAGE,
                      .transfer = TRANSFER,
                      .object = GRANT,
                      .index = i,
                      .a = frames[i],
                      .b = ((base + i) << DMS_PAGE_SHIFT) + (i == 0 ? OFFSET : 0),
                      .length = bytes_of_page (run, i),
                      .flags = DMS_FLAG_REMAPPED | (i > 0 ? DMS_FLAG_JOINED : 0) });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_MAP,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = 1,
                    .a = PAGES,
                    .length = LENGTH,
                    .flags = run->direction });
  describe_element (run, 0);
  start (run, 1, LENGTH);
  move_element (run, 0);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_FAULT,
                    .transfer = TRANSFER,
                    .index = 0,
                    .a = (base + PAGES) << DMS_PAGE_SHIFT,
                    .length = BURST,
                    .flags = run->direction });
  interrupt (run, LENGTH);
}

static void
stray_way (Run *run)
{
  begin_grant (run, "bus-master", false, 3);
  map_transfer (run);
  map_page (run, 0, 0);
  map_page (run, 1, 0);
  end_map (run, 7680, 2);
  start (run, 1, 7680);
  move_element (run, 0);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_STRAY,
                    .transfer = TRANSFER,
                    .a = UINT64_C (0xc00000),
                    .b = UINT64_C (0xc00000),
                    .length = BURST,
                    .flags = run->direction });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_STRAY,
                    .transfer = TRANSFER,
                    .a = frames[4] << DMS_PAGE_SHIFT,
                    .b = frames[4] << DMS_PAGE_SHIFT,
                    .length = BURST,
                    .flags = run->direction });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_STRAY,
                    .transfer = TRANSFER,
                    .a = UINT64_C (0xfee00000),
                    .length = BURST,
                    .flags = run->direction | DMS_FLAG_FAILED });
}

static void
program_channel (Run *run, uint64_t address, uint64_t length, bool is_masked)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_CONTROLLER,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = 2,
                    .a = address,
                    .b = length - 1,
                    .c = 0x46,
                    .length = length,
                    .flags = run->direction
                             | (is_masked ? DMS_FLAG_FAILED : DMS_FLAG_TAKEN) });
}

static void
slave_way (Run *run)
{
  begin_grant (run, "system-dma", false, 6);
  emit (run, (DmsEvent){ .kind = DMS_EVENT_LIMITS, .index = 3 });
  map_transfer (run);
  map_page (run, 0, 0x30);
  map_page (run, 1, 0x31);
  program_channel (run, 0x30200, 7680, false);
  end_map (run, 7680, 2);
  start (run, 1, 7680);
  move_element (run, 0);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_TERMINAL_COUNT,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = 2,
                    .a = 1,
                    .length = 7680,
                    .flags = run->direction });
  interrupt (run, 7680);
  flush (run, 0, 2, 7680);
  program_channel (run, 0, 0, true);
}

static void
allocate_shared (Run *run, uint64_t id, uint64_t frame, uint64_t length)
{
  DmsSegment segment = { frame << DMS_PAGE_SHIFT, length };
  DmsBytes payload;

  dms_bytes_init (&payload);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_MEMORY, &segment, 1);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_ALLOC,
                    .object = id,
                    .a = segment.address,
                    .b = UINT64_C (0xffff900000000000),
                    .length = length,
                    .flags = DMS_FLAG_FORM_COHERENT,
                    .payload = payload.data,
                    .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
}

static void
touch_shared (Run *run, uint64_t at, uint64_t length, bool is_write)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_SHARED_TOUCH,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .a = at,
                    .length = length,
                    .flags = is_write ? DMS_FLAG_CPU_WRITES : 0 });
}

static void
ring_way (Run *run)
{
  const uint64_t frame = 0x2a0;

  add_machine (run);
  add_device (run, "card0", "ring", false);
  emit (run, (DmsEvent){ .kind = DMS_EVENT_LIMITS, .length = 3 * DMS_PAGE_SIZE });
  add_buffer (run, BUFFER, frames, PAGES, LENGTH);
  allocate_shared (run, GRANT, frame, 3 * DMS_PAGE_SIZE);
  add_request (run, TRANSFER, BUFFER, LENGTH);
  touch_shared (run, 0, 16, true);
  touch_shared (run, 4096, 512, true);
  start (run, 1, 512);
  for (unsigned i = 0; i < 3; i++)
    emit (run,
          (DmsEvent){ .kind = DMS_EVENT_BURST,
                      .transfer = TRANSFER,
                      .object = GRANT,
                      .a = (frame << DMS_PAGE_SHIFT) + i * 4096 + 128,
                      .b = (frame << DMS_PAGE_SHIFT) + i * 4096 + 128,
                      .c = (i + 1) * 512,
                      .length = 512,
                      .flags = run->direction });
  interrupt (run, 512);
  touch_shared (run, 128, 512, false);
  complete (run, LENGTH);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_FREE,
                    .object = GRANT,
                    .a = frame << DMS_PAGE_SHIFT,
                    .length = 3 * DMS_PAGE_SIZE,
                    .flags = DMS_FLAG_FORM_COHERENT });
}

static void
wait (Run *run, uint64_t transfer, uint64_t ahead, uint32_t flags)
{
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_WAIT,
                    .transfer = transfer,
                    .object = transfer,
                    .a = 6,
                    .b = 2,
                    .c = ahead,
                    .flags = flags });
}

static void
queue_way (Run *run)
{
  static const char *const names[] = { "card0", "disk1", "net2", "audio3", "video4" };
  static const uint64_t others[] = { 0x500, 0x501, 0x502 };

  add_machine (run);
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    add_device (run, names[i], "bus-master", true);
  add_buffer (run, 1, frames, PAGES, LENGTH);
  for (unsigned i = 1; i < G_N_ELEMENTS (names); i++)
    add_buffer (run, i + 1, others, 3, 10000);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_POOL,
                    .index = 8,
                    .a = REGISTERS - 8,
                    .b = 8,
                    .flags = DMS_FLAG_TAKEN });
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      run->device = core_log_name (run->log, DMS_NAME_DEVICE, 0, names[i]);
      add_request (run, i + 1, i + 1, i == 0 ? LENGTH : 10000);
      call (run, DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL, "AllocateAdapterChannel", i + 1);
      ask (run, i + 1, i + 1, 6);
      if (i == 0)
        grant (run, 1, 1, 0, 6);
      else
        wait (run, i + 1, i - 1, 0);
      leave (run, DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL);
    }
  run->device = core_log_name (run->log, DMS_NAME_DEVICE, 0, "net2");
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_REQUEST_CANCELLED, .transfer = 3, .object = 3 });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_CANCEL, .transfer = 3, .object = 3, .c = 1 });
  run->device = core_log_name (run->log, DMS_NAME_DEVICE, 0, "audio3");
  emit (run, (DmsEvent){ .kind = DMS_EVENT_STOP });
}

static void
crash_way (Run *run)
{
  begin_grant (run, "bus-master", false, 3);
  map_transfer (run);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_FACT,
                    .transfer = TRANSFER,
                    .object = GRANT,
                    .index = DMS_FACT_NULL_MDL });
  leave (run, DMS_ROUTINE_MAP_TRANSFER);
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_CRASH,
                    .object = core_log_name (run->log, DMS_NAME_TEXT, 0, "SIGSEGV"),
                    .a = 0x18 });
}

const char *
ui_way_name (UiWay way)
{
  static const char *const names[]
      = { "grant", "grant-write", "iommu", "stray", "slave", "ring", "queue", "crash" };

  return names[way];
}

void
ui_emit_way (CoreLog *log, UiWay way)
{
  static void (*const ways[]) (Run *) = { grant_way, grant_way, iommu_way, stray_way,
                                          slave_way, ring_way,  queue_way, crash_way };
  Run run = { .log = log,
              .direction
              = way == UI_WAY_GRANT_WRITE ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };

  ways[way](&run);
}
