/* core-story.c — the story of ARCHITECTURE §7, emitted by hand
 *
 * What the simulated kernel is to emit for GetScatterGatherList on a 32-bit bus master
 * whose buffer lies partly above 4 GiB, so that the fold and the sentences are tested
 * without it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/core-log.h"

enum
{
  BUFFER = 1,
  TRANSFER = 1,
  ADAPTER = 1,
  LIST = 1,
  BURST_BYTES = 1024
};

static const uint64_t frames[STORY_PAGES]
    = { 0xA311, 0xA312, 0x140003, 0x140004, 0xB020, 0xB021 };
static const uint64_t bounce_frames[2] = { 0x42, 0x57 };

typedef struct
{
  CoreLog *log;
  uint32_t device, file, line;
  uint32_t direction;
  uint8_t irql;
  int64_t t_ns;
} Teller;

/* Completes @event with what all have, and emits it. */
static uint64_t
tell (Teller *teller, DmsEvent event)
{
  if (event.kind != DMS_EVENT_MACHINE && event.kind != DMS_EVENT_MDL)
    event.device = teller->device;
  event.context = teller->irql;
  event.file = teller->line == 0 ? 0 : teller->file;
  event.line = teller->line;
  event.t_ns = teller->t_ns += 50;
  return core_log_emit (teller->log, event);
}

/* One about the list of the transfer. */
static uint64_t
tell_list (Teller *teller, DmsEvent event)
{
  event.transfer = TRANSFER;
  event.object = LIST;
  return tell (teller, event);
}

static uint64_t
call (
    Teller *teller, DmsRoutine routine, const char *name, unsigned line, DmsEvent more)
{
  more.kind = DMS_EVENT_CALL;
  more.index = routine;
  more.a = core_log_name (teller->log, DMS_NAME_ROUTINE, 0, name);
  if (routine >= 100)
    more.flags |= DMS_FLAG_CALLBACK;
  teller->line = line;
  return tell (teller, more);
}

static uint64_t
returns (Teller *teller, DmsRoutine routine, const char *name, bool has_status)
{
  return tell (teller,
               (DmsEvent){
                   .kind = DMS_EVENT_RETURN,
                   .index = routine,
                   .a = core_log_name (teller->log, DMS_NAME_ROUTINE, 0, name),
                   .flags = (has_status ? DMS_FLAG_HAS_STATUS : 0)
                            | (routine >= 100 ? DMS_FLAG_CALLBACK : 0),
               });
}

static void
tell_machine (Teller *teller)
{
  CoreLog *log = teller->log;
  DmsBytes payload;

  tell (teller,
        (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                    .a = UINT64_C (8) << 30,
                    .b = 64,
                    .c = 7,
                    .length = DMS_PAGE_SIZE });
  tell (teller,
        (DmsEvent){ .kind = DMS_EVENT_DEVICE,
                    .object = core_log_name (log, DMS_NAME_TEXT, 0, "bus-master"),
                    .a = 32,
                    .b = 65536,
                    .c = BURST_BYTES,
                    .index = 8,
                    .length = 16,
                    .flags = DMS_FLAG_SCATTER_GATHER });
  dms_bytes_init (&payload);
  dms_payload_append_frames (&payload, frames, STORY_PAGES);
  tell (teller,
        (DmsEvent){ .kind = DMS_EVENT_MDL,
                    .object = BUFFER,
                    .a = UINT64_C (0xffff800000100000) + STORY_OFFSET,
                    .c = core_log_name (log, DMS_NAME_BUFFER, 0, "data"),
                    .length = STORY_LENGTH,
                    .flags = DMS_FLAG_LOCKED,
                    .payload = payload.data,
                    .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
}

static void
tell_adapter (Teller *teller)
{
  call (teller, DMS_ROUTINE_START_DEVICE, "StartDevice", 0, (DmsEvent){ 0 });
  call (teller, DMS_ROUTINE_IO_GET_DMA_ADAPTER, "IoGetDmaAdapter", 24, (DmsEvent){ 0 });
  tell (teller,
        (DmsEvent){ .kind = DMS_EVENT_ADAPTER,
                    .object = ADAPTER,
                    .a = 8,
                    .b = 17,
                    .c = UINT32_MAX,
                    .length = 65536,
                    .index = 1 });
  returns (teller, DMS_ROUTINE_IO_GET_DMA_ADAPTER, "IoGetDmaAdapter", false);
  returns (teller, DMS_ROUTINE_START_DEVICE, "StartDevice", true);
}

static uint32_t
page_bytes (unsigned page)
{
  unsigned first = page == 0 ? STORY_OFFSET : page * 4096;
  unsigned end = (page + 1) * 4096;
  unsigned last = STORY_OFFSET + STORY_LENGTH;
  return (end < last ? end : last) - first;
}

static void
tell_page (Teller *teller, CoreStory *story, unsigned page)
{
  uint64_t offset = page == 0 ? STORY_OFFSET : 0;
  bool joined = page != 0 && frames[page] == frames[page - 1] + 1;
  DmsEvent event = { .index = page, .length = page_bytes (page) };

  if (frames[page] < 0x100000)
    {
      event.kind = DMS_EVENT_PAGE;
      event.a = frames[page];
      event.b = (frames[page] << DMS_PAGE_SHIFT) + offset;
      event.flags = joined ? DMS_FLAG_JOINED : 0;
      story->page[page] = tell_list (teller, event);
      return;
    }
  unsigned bounce = page - 2;
  event.kind = DMS_EVENT_BOUNCE;
  event.a = frames[page] << DMS_PAGE_SHIFT;
  event.b = bounce_frames[bounce] << DMS_PAGE_SHIFT;
  event.c = UINT32_MAX;
  story->page[page] = tell_list (teller, event);
  if (teller->direction != DMS_FLAG_TO_DEVICE)
    return;
  event.kind = DMS_EVENT_COPY;
  event.flags = DMS_FLAG_COPY_IN;
  event.c = 0;
  story->copy_in[bounce] = tell_list (teller, event);
}

static void
tell_count (Teller *teller, CoreStory *story)
{
  story->count = tell_list (teller,
                            (DmsEvent){ .kind = DMS_EVENT_COUNT,
                                        .a = STORY_PAGES,
                                        .b = STORY_OFFSET,
                                        .c = 8,
                                        .index = 1,
                                        .length = STORY_LENGTH,
                                        .flags = teller->direction });
  tell_list (teller,
             (DmsEvent){ .kind = DMS_EVENT_LIST_MEMORY, .a = 160, .b = STORY_PAGES });
  tell (teller,
        (DmsEvent){ .kind = DMS_EVENT_CHANNEL,
                    .transfer = TRANSFER,
                    .object = ADAPTER,
                    .flags = DMS_FLAG_TAKEN });
  story->grant = tell_list (
      teller, (DmsEvent){ .kind = DMS_EVENT_GRANT, .a = STORY_PAGES, .b = 58, .c = 2 });
}

static void
tell_map (Teller *teller, CoreStory *story)
{
  if (teller->direction == DMS_FLAG_FROM_DEVICE)
    story->no_copy = tell_list (
        teller, (DmsEvent){ .kind = DMS_EVENT_NO_COPY, .a = 2, .length = 8192 });
  story->map = tell_list (teller,
                          (DmsEvent){ .kind = DMS_EVENT_MAP,
                                      .index = 4,
                                      .a = STORY_PAGES,
                                      .c = 2,
                                      .length = STORY_LENGTH,
                                      .flags = teller->direction | DMS_FLAG_BOUNCED });
}

static const DmsElementState elements[4] = {
  { .logical = 0xA311200, .length = 7680 },
  { .logical = 0x42000, .length = 4096 },
  { .logical = 0x57000, .length = 4096 },
  { .logical = 0xB020000, .length = 5120 },
};

static void
tell_program (Teller *teller, CoreStory *story)
{
  DmsEvent list = { .transfer = TRANSFER, .object = LIST };

  teller->irql = DMS_CONTEXT_DISPATCH;
  story->callback
      = call (teller, DMS_ROUTINE_ADAPTER_LIST_CONTROL, "ProgramDevice", 0, list);
  teller->line = 53;
  for (unsigned i = 0; i < 4; i++)
    {
      tell (teller,
            (DmsEvent){ .kind = DMS_EVENT_REGISTER_WRITE,
                        .index = 16 * i,
                        .a = elements[i].logical,
                        .length = 8 });
      story->descriptor[i] = tell_list (teller,
                                        (DmsEvent){ .kind = DMS_EVENT_DESCRIPTOR,
                                                    .index = i,
                                                    .a = elements[i].logical,
                                                    .length = elements[i].length });
    }
  teller->line = 54;
  story->start = tell_list (teller,
                            (DmsEvent){ .kind = DMS_EVENT_START,
                                        .a = 4,
                                        .length = STORY_LENGTH,
                                        .flags = teller->direction });
  returns (teller, DMS_ROUTINE_ADAPTER_LIST_CONTROL, "ProgramDevice", false);
  story->channel_free = tell (
      teller,
      (DmsEvent){ .kind = DMS_EVENT_CHANNEL, .transfer = TRANSFER, .object = ADAPTER });
}

/* The list is asked for and comes at once. */
static void
tell_ask (Teller *teller, CoreStory *story)
{
  DmsEvent about
      = { .transfer = TRANSFER, .length = STORY_LENGTH, .flags = teller->direction };

  call (teller, DMS_ROUTINE_START_IO, "StartIo", 0, (DmsEvent){ .transfer = TRANSFER });
  call (teller,
        DMS_ROUTINE_KE_FLUSH_IO_BUFFERS,
        "KeFlushIoBuffers",
        35,
        (DmsEvent){ .transfer = TRANSFER });
  returns (teller, DMS_ROUTINE_KE_FLUSH_IO_BUFFERS, "KeFlushIoBuffers", false);
  story->ask = call (
      teller, DMS_ROUTINE_GET_SCATTER_GATHER_LIST, "GetScatterGatherList", 36, about);
  tell_count (teller, story);
  for (unsigned i = 0; i < STORY_PAGES; i++)
    tell_page (teller, story, i);
  tell_map (teller, story);
  tell_program (teller, story);
  story->ask_return = returns (
      teller, DMS_ROUTINE_GET_SCATTER_GATHER_LIST, "GetScatterGatherList", true);
  returns (teller, DMS_ROUTINE_START_IO, "StartIo", false);
}

static uint64_t
physical_of (unsigned element, uint64_t logical)
{
  (void)element; /* without an IOMMU the bus sees memory under its physical address */
  return logical;
}

static void
tell_bursts (Teller *teller, CoreStory *story, unsigned element)
{
  uint64_t done = 0;
  bool bounced = element == 1 || element == 2;

  while (done < elements[element].length)
    {
      uint64_t logical = elements[element].logical + done;
      uint64_t n = elements[element].length - done;
      uint64_t to_page_end = DMS_PAGE_SIZE - dms_page_offset (logical);
      n = n > BURST_BYTES ? BURST_BYTES : n;
      n = n > to_page_end ? to_page_end : n;
      done += n;
      uint64_t seq = tell_list (
          teller,
          (DmsEvent){ .kind = DMS_EVENT_BURST,
                      .index = element,
                      .a = logical,
                      .b = physical_of (element, logical),
                      .c = done,
                      .length = n,
                      .flags = teller->direction | (bounced ? DMS_FLAG_BOUNCED : 0) });
      if (story->first_burst_of[element] == 0)
        story->first_burst_of[element] = seq;
      story->last_burst_of[element] = seq;
    }
}

static void
tell_interrupt (Teller *teller, CoreStory *story)
{
  bool reads = teller->direction == DMS_FLAG_FROM_DEVICE;
  DmsEvent none = { .transfer = TRANSFER };

  teller->irql = DMS_CONTEXT_DEVICE;
  story->interrupt = tell_list (
      teller,
      (DmsEvent){ .kind = DMS_EVENT_INTERRUPT,
                  .a = reads ? 8192 : 0,
                  .length = STORY_LENGTH,
                  .flags = teller->direction | (reads ? DMS_FLAG_BOUNCED : 0) });
  call (teller, DMS_ROUTINE_ISR, "Isr", 0, none);
  call (teller, DMS_ROUTINE_IO_REQUEST_DPC, "IoRequestDpc", 72, none);
  returns (teller, DMS_ROUTINE_IO_REQUEST_DPC, "IoRequestDpc", false);
  returns (teller, DMS_ROUTINE_ISR, "Isr", false);
}

static void
tell_put (Teller *teller, CoreStory *story)
{
  DmsEvent about = { .transfer = TRANSFER, .object = LIST, .flags = teller->direction };

  teller->irql = DMS_CONTEXT_DISPATCH;
  call (teller, DMS_ROUTINE_DPC, "DpcForIsr", 0, (DmsEvent){ .transfer = TRANSFER });
  story->put = call (
      teller, DMS_ROUTINE_PUT_SCATTER_GATHER_LIST, "PutScatterGatherList", 59, about);
  for (unsigned i = 0; i < 2 && teller->direction == DMS_FLAG_FROM_DEVICE; i++)
    story->copy_out[i] = tell_list (teller,
                                    (DmsEvent){ .kind = DMS_EVENT_COPY,
                                                .index = 2 + i,
                                                .a = bounce_frames[i] << DMS_PAGE_SHIFT,
                                                .b = frames[2 + i] << DMS_PAGE_SHIFT,
                                                .length = 4096 });
  story->release = tell_list (
      teller, (DmsEvent){ .kind = DMS_EVENT_RELEASE, .a = STORY_PAGES, .b = 64 });
  story->unmap = tell_list (teller,
                            (DmsEvent){ .kind = DMS_EVENT_UNMAP,
                                        .a = elements[0].logical,
                                        .length = STORY_LENGTH,
                                        .flags = teller->direction });
  returns (teller, DMS_ROUTINE_PUT_SCATTER_GATHER_LIST, "PutScatterGatherList", false);
}

CoreStory
core_story_emit (CoreLog *log, bool to_device)
{
  CoreStory story = { 0 };
  Teller teller = {
    .log = log,
    .device = core_log_name (log, DMS_NAME_DEVICE, 0, "card0"),
    .file = core_log_name (log, DMS_NAME_FILE, 0, "packet-sg.c"),
    .direction = to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE,
  };

  tell_machine (&teller);
  tell_adapter (&teller);
  story.request = tell (&teller,
                        (DmsEvent){ .kind = DMS_EVENT_REQUEST,
                                    .transfer = TRANSFER,
                                    .object = BUFFER,
                                    .length = STORY_LENGTH,
                                    .flags = teller.direction });
  teller.irql = DMS_CONTEXT_DISPATCH;
  tell_ask (&teller, &story);
  teller.line = 0;
  for (unsigned i = 0; i < 4; i++)
    tell_bursts (&teller, &story, i);
  tell_interrupt (&teller, &story);
  tell_put (&teller, &story);
  teller.line = 61;
  story.complete = tell (&teller,
                         (DmsEvent){ .kind = DMS_EVENT_COMPLETE,
                                     .transfer = TRANSFER,
                                     .object = BUFFER,
                                     .length = STORY_LENGTH });
  returns (&teller, DMS_ROUTINE_DPC, "DpcForIsr", false);
  return story;
}
