/* dms-sentence.h — what an event says, in one sentence, and why in a second one
 *
 * The same words are under the picture, in `dmascope events`, in tooltips, for a screen
 * reader and in exported pictures.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-state.h"

/* How to speak. Zero-initialised it speaks English with plain spaces in numbers. */
typedef struct
{
  /* Translates a message; with @plural not NULL picks the form for @n. NULL: English.
   */
  const char *(*translate) (void *data,
                            const char *singular,
                            const char *plural,
                            uint64_t n);
  void *data;
  const char *group; /* between groups of three digits; NULL: " " */
} DmsVoice;

/**
 * dms_event_sentence:
 * @state: the state right after @event, which gives words such as {register}; may be
 * NULL, then "?" stands for what only the state knows
 * @voice: may be NULL
 *
 * Appends the sentence, without the place in the source.
 */
void dms_event_sentence (DmsBytes *bytes,
                         const DmsEvent *event,
                         const DmsState *state,
                         const DmsNames *names,
                         const DmsVoice *voice);
/* Appends the reason, or nothing where there is none. */
void dms_event_why (DmsBytes *bytes,
                    const DmsEvent *event,
                    const DmsState *state,
                    const DmsNames *names,
                    const DmsVoice *voice);
/* Appends "packet-sg.c:36, DISPATCH_LEVEL", or what of it is known, or nothing. */
void dms_event_place (DmsBytes *bytes, const DmsEvent *event, const DmsNames *names);

/* "the StartIo lock": c of a callback's CALL; a message for translation. */
const char *dms_lock_text (uint64_t lock);

/* ---- numbers as people read them
 * ------------------------------------------------------- */

void dms_say_number (DmsBytes *bytes, uint64_t n, const DmsVoice *voice); /* 20 992 */
void
dms_say_bytes (DmsBytes *bytes, uint64_t n, const DmsVoice *voice); /* 20 992 bytes */
void dms_say_size (DmsBytes *bytes,
                   uint64_t n,
                   const DmsVoice *voice); /* 8 GiB; bytes when not exact */
/* A number with its noun: "1 map register", "6 pages", "32 address lines". */
void dms_say_pages (DmsBytes *bytes, uint64_t n, const DmsVoice *voice);
void dms_say_registers (DmsBytes *bytes, uint64_t n, const DmsVoice *voice);
void dms_say_elements (DmsBytes *bytes, uint64_t n, const DmsVoice *voice);
void dms_say_segments (DmsBytes *bytes, uint64_t n, const DmsVoice *voice);
void dms_say_runs (DmsBytes *bytes, uint64_t n, const DmsVoice *voice);
void dms_say_bits (DmsBytes *bytes, uint64_t n, const DmsVoice *voice);
void dms_say_address (DmsBytes *bytes, uint64_t address); /* 0x0004_2000 */
void dms_say_frame (DmsBytes *bytes, uint64_t frame);     /* 0x140003 */
void
dms_say_duration (DmsBytes *bytes, uint64_t ns, const DmsVoice *voice); /* 9.61 µs */
/* The first address that a device with @highest as its highest one does not reach, as a
 * size: "4 GiB". */
void dms_say_limit (DmsBytes *bytes, uint64_t highest, const DmsVoice *voice);

/**
 * dms_say_template:
 * @word: called for each {name}; appends its words, or returns false for a name it does
 * not know, which then stands there as it was written
 *
 * Fills in a template that is already translated. Findings and messages use it as well.
 */
void dms_say_template (
    DmsBytes *bytes,
    const char *template,
    bool (*word) (void *data, const char *name, size_t length, DmsBytes *bytes),
    void *data);
const char *dms_say_translate (const DmsVoice *voice,
                               const char *singular,
                               const char *plural,
                               uint64_t n);
