/* dms-lessons.c — the bundled lessons and the sources of the sample drivers
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/lessons/dms-lessons.h"

#include "data/lessons/dms-embedded.h"

#include <string.h>

/* Marks a text for the translators' catalogue; who shows it translates it. */
#define N_(text) text

/* In the order of teaching: lists, first without any trouble, then what bounces and who
 * waits; then the other ways of doing DMA; what changes in mid-run; what another system
 * does otherwise; and what goes wrong. */
static const DmsLesson lessons[] = {
  { "all-within-reach",
    N_ ("All within reach"),
    N_ ("lesson 1 · no bounce · GetScatterGatherList") },
  { "a-chain-of-mdls",
    N_ ("A chain of MDLs"),
    N_ ("lesson 2 · several MDLs, one list · GetScatterGatherList") },
  { "a-list-in-the-drivers-own-memory",
    N_ ("A list in the driver's own memory"),
    N_ ("lesson 3 · the driver sizes the list · BuildScatterGatherList") },
  { "two-pages-out-of-reach",
    N_ ("Two pages out of reach"),
    N_ ("lesson 4 · bounce on read · GetScatterGatherList") },
  { "two-pages-out-of-reach-going-out",
    N_ ("Two pages out of reach, going out"),
    N_ ("lesson 5 · bounce on write · GetScatterGatherList") },
  { "bounce-pages-in-one-block",
    N_ ("Bounce pages in one block"),
    N_ ("lesson 6 · x86: bounced pages merge · GetScatterGatherList") },
  { "everything-bounces",
    N_ ("Everything bounces: verification"),
    N_ ("lesson 7 · guard pages · Driver Verifier") },
  { "an-iommu-instead",
    N_ ("An IOMMU instead of bouncing"),
    N_ ("lesson 8 · remapped, not copied · GetScatterGatherList") },
  { "waiting-for-map-registers",
    N_ ("Waiting for map registers"),
    N_ ("lesson 9 · two devices, one pool · GetScatterGatherList") },
  { "map-transfer-piece-by-piece",
    N_ ("MapTransfer, piece by piece"),
    N_ ("lesson 10 · the list is the driver's work · MapTransfer") },
  { "a-card-that-takes-one-piece",
    N_ ("A card that takes one piece"),
    N_ ("lesson 11 · no scatter/gather: all of it bounces · MapTransfer") },
  { "five-and-five-and-two",
    N_ ("Five and five and two"),
    N_ ("lesson 12 · 12 pages, 5 map registers · MapTransfer") },
  { "the-systems-dma-controller",
    N_ ("The system's DMA controller"),
    N_ ("lesson 13 · 8237, 16 MiB and 64 KiB · MapTransfer") },
  { "round-and-round",
    N_ ("Round and round: auto-initialize"),
    N_ ("lesson 14 · 8237, auto-initialize · ReadDmaCounter") },
  { "a-ring-in-shared-memory",
    N_ ("A ring in shared memory"),
    N_ ("lesson 15 · nothing is mapped for a request · AllocateCommonBuffer") },
  { "cancelled-while-it-waits",
    N_ ("Cancelled while it waits for map registers"),
    N_ ("lesson 16 · a transfer context · CancelAdapterChannel") },
  { "three-port-models",
    N_ ("Three port models"),
    N_ ("lesson 17 · SCSI port, ATA port, Storport · one request each") },
  { "map-registers-taken-away",
    N_ ("Map registers taken away"),
    N_ ("lesson 18 · a command in mid-run · the pool") },
  { "cancelled-in-the-queue",
    N_ ("Cancelled in the queue"),
    N_ ("lesson 19 · a command in mid-run · a request") },
  { "the-device-is-stopped",
    N_ ("The device is stopped"),
    N_ ("lesson 20 · a command in mid-run · a device") },
  { "no-memory-for-the-list",
    N_ ("No memory for the list"),
    N_ ("lesson 21 · a command in mid-run · an allocation") },
  { "a-card-loses-address-lines",
    N_ ("A card loses address lines"),
    N_ ("lesson 22 · a command in mid-run · a limit") },
  { "reactos-nothing-bounces",
    N_ ("ReactOS: nothing bounces for scatter/gather"),
    N_ ("lesson 23 · quirk R1 · BuildScatterGatherList") },
  { "reactos-a-list-that-never-comes",
    N_ ("ReactOS: a list that never comes"),
    N_ ("lesson 24 · quirk R2 · BuildScatterGatherList") },
  { "reactos-one-register-short",
    N_ ("ReactOS: one map register short"),
    N_ ("lesson 25 · quirk R4 · BuildScatterGatherList") },
  { "reactos-the-direction-does-not-matter",
    N_ ("ReactOS: the direction does not matter"),
    N_ ("lesson 26 · quirk R17 · PutScatterGatherList") },
  { "mistake-list-never-put",
    N_ ("The list that is never put back"),
    N_ ("lesson 27 · a mistake to find · PutScatterGatherList") },
  { "mistake-list-put-twice",
    N_ ("The list that is put back twice"),
    N_ ("lesson 28 · a mistake to find · PutScatterGatherList") },
  { "mistake-touch-before-flush",
    N_ ("Looking before the flush"),
    N_ ("lesson 29 · a mistake to find · PutScatterGatherList") },
  { "mistake-wrong-direction",
    N_ ("The wrong direction at the flush"),
    N_ ("lesson 30 · a mistake to find · PutScatterGatherList") },
  { "mistake-two-channels",
    N_ ("Asking for the channel twice"),
    N_ ("lesson 31 · a mistake to find · AllocateAdapterChannel") },
  { "mistake-iommu-fault",
    N_ ("An address that the IOMMU does not know"),
    N_ ("lesson 32 · a mistake to find · PutScatterGatherList") },
  { "mistake-memory-damaged",
    N_ ("Verification finds damage beside the page"),
    N_ ("lesson 33 · a mistake to find · guard pages") },
};

const DmsLesson *
dms_lessons (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (lessons);
  return lessons;
}

static const char *
find_text (const char *name)
{
  for (const DmsEmbedded *text = dms_embedded; text->name != NULL; text++)
    if (strcmp (text->name, name) == 0)
      return text->text;
  return NULL;
}

const char *
dms_lesson_scenario (const char *id)
{
  g_autofree char *name = g_strconcat (id, ".json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lessons); i++)
    if (strcmp (lessons[i].id, id) == 0)
      return find_text (name);
  return NULL;
}

const char *
dms_driver_source (const char *file)
{
  return g_str_has_suffix (file, ".json") ? NULL : find_text (file);
}
