/* dms-sample-list.h — the device models and the sample drivers: the one list
 *
 *   DMS_MODEL ("name", model, TRAITS)
 *     TRAITS are DMS_MODEL_… of dms-simulation-private.h: what the scenario's device must
 *     be like.
 *   DMS_SAMPLE ("name", "file", Driver, MODELS (…), SCATTER)
 *     MODELS are the names of the models that it drives. SCATTER says whether it needs
 *     scatter/gather: ANY, WITH or WITHOUT.
 *   DMS_WRONG ("name", "file", Driver, MISTAKES (…))
 *     The driver that takes the place of the sample of that name where mistakes are
 *     wanted, or touches before the flush and after the mapping, and the names of its
 *     mistakes.
 *
 * The order is the one of every list of names that is shown.
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

DMS_MODEL ("bus-master", dms_bus_master_model, DMS_MODEL_ANY)
DMS_MODEL ("ring", dms_ring_model, DMS_MODEL_RING)

DMS_SAMPLE ("packet-sg", "packet-sg.c", PacketSg, MODELS ("bus-master"), WITH)
DMS_SAMPLE ("common-buffer", "common-buffer.c", CommonBuffer, MODELS ("ring"), ANY)

DMS_WRONG ("packet-sg", "packet-sg-mistakes.c", PacketSgMistakes,
  MISTAKES ("list-never-put", "list-put-twice", "touch-before-flush", "wrong-direction"))

/* clang-format on */
