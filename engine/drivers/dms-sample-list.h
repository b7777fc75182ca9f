/* dms-sample-list.h — the device models and the sample drivers: the one list
 *
 *   DMS_MODEL ("name", model, TRAITS)
 *     TRAITS are DMS_MODEL_… of dms-simulation-private.h: what the scenario's device must
 *     be like.
 *   DMS_SAMPLE ("name", "file", Driver, MODELS (…), SCATTER, WAYS)
 *     MODELS are the names of the models that it drives. SCATTER says whether it needs
 *     scatter/gather: ANY, WITH or WITHOUT. WAYS are DMS_WAY_…: the routines that it
 *     calls, and so the mistakes that it can make.
 *   DMS_MINIPORT ("name", "file", Entry, MODELS (…), SCATTER, LINES, WAYS)
 *     A miniport, which a port driver drives the device with. LINES: a device that it
 *     drives has so many address lines at least.
 *   DMS_SHARED_FILE ("file")
 *     What several drivers share and runs; shown to whoever reads them.
 *   DMS_MISTAKE ("name", WAYS)
 *     A mistake, and the ways that it belongs to; DMS_WAY_ANY: every driver can make it.
 *   DMS_MISTAKE_FILE ("file")
 *     Where mistakes are; shown to whoever reads the drivers.
 *
 * Included with some of these macros defined; it ends them all.
 *
 * The order is the one of every list of names that is shown.
 *
 * SPDX-License-Identifier: MIT
 */

#ifndef DMS_MODEL
#  define DMS_MODEL(...)
#endif
#ifndef DMS_SAMPLE
#  define DMS_SAMPLE(...)
#endif
#ifndef DMS_MINIPORT
#  define DMS_MINIPORT(...)
#endif
#ifndef DMS_SHARED_FILE
#  define DMS_SHARED_FILE(...)
#endif
#ifndef DMS_MISTAKE
#  define DMS_MISTAKE(...)
#endif
#ifndef DMS_MISTAKE_FILE
#  define DMS_MISTAKE_FILE(...)
#endif

/* clang-format off */

DMS_MODEL ("bus-master", dms_bus_master_model, DMS_MODEL_ANY)
DMS_MODEL ("system-dma", dms_system_dma_model, DMS_MODEL_SLAVE)
DMS_MODEL ("ring", dms_ring_model, DMS_MODEL_RING)
DMS_MODEL ("ide", dms_ide_model, DMS_MODEL_ANY)
DMS_MODEL ("ahci", dms_ahci_model, DMS_MODEL_ANY)

DMS_SAMPLE ("packet-sg", "packet-sg.c", PacketSg, MODELS ("bus-master"), WITH,
  DMS_WAY_ASKS | DMS_WAY_GETS | DMS_WAY_PUTS)
DMS_SAMPLE ("packet-sg-chain", "packet-sg-chain.c", PacketSgChain, MODELS ("bus-master"), WITH,
  DMS_WAY_ASKS | DMS_WAY_BUILDS | DMS_WAY_PUTS)
DMS_SAMPLE ("map-transfer", "map-transfer.c", MapTransferSample, MODELS ("bus-master"), ANY,
  DMS_WAY_ASKS | DMS_WAY_ALLOCATES | DMS_WAY_MAPS | DMS_WAY_FREES)
DMS_SAMPLE ("dma-v3", "dma-v3.c", DmaVersion3, MODELS ("bus-master"), ANY,
  DMS_WAY_ASKS | DMS_WAY_FREES | DMS_WAY_VERSION_3)
DMS_SAMPLE ("system-dma", "system-dma.c", SystemDma, MODELS ("system-dma"), ANY,
  DMS_WAY_ASKS | DMS_WAY_ALLOCATES | DMS_WAY_MAPS | DMS_WAY_KEEPS)
DMS_SAMPLE ("system-dma-auto", "system-dma-auto.c", SystemDmaAuto, MODELS ("system-dma"), ANY,
  DMS_WAY_ASKS | DMS_WAY_ALLOCATES | DMS_WAY_MAPS | DMS_WAY_KEEPS | DMS_WAY_COMMON)
DMS_SAMPLE ("common-buffer", "common-buffer.c", CommonBuffer, MODELS ("ring"), ANY,
  DMS_WAY_COMMON)

DMS_MINIPORT ("ata-miniport", "ata-miniport.c", AtaMiniport, MODELS ("ide"), WITH, 32,
  DMS_WAY_ATA_PORT | DMS_WAY_PORT_LIST)
DMS_MINIPORT ("ahci-miniport", "ahci-miniport.c", AhciMiniport, MODELS ("ahci"), WITH, 32,
  DMS_WAY_ATA_PORT | DMS_WAY_PORT_LIST)
DMS_MINIPORT ("storport-miniport", "storport-miniport.c", StorportMiniport, MODELS ("bus-master"), WITH, 13,
  DMS_WAY_PORT_LIST)
DMS_MINIPORT ("scsi-miniport", "scsi-miniport.c", ScsiMiniport, MODELS ("bus-master"), WITH, 24,
  DMS_WAY_PORT)
DMS_MINIPORT ("scsi-slave-miniport", "scsi-slave-miniport.c", ScsiSlaveMiniport,
  MODELS ("system-dma"), ANY, 1, DMS_WAY_PORT)

DMS_SHARED_FILE ("sample-parts.h")
DMS_SHARED_FILE ("table-card.h")
DMS_SHARED_FILE ("system-dma-card.h")
DMS_SHARED_FILE ("chain.h")

/* In the order of mistakes*.c. */
DMS_MISTAKE_FILE ("mistakes.c")
DMS_MISTAKE ("hal-get-adapter", DMS_WAY_ANY)
DMS_MISTAKE ("unknown-version", DMS_WAY_ANY)
DMS_MISTAKE ("null-adapter", DMS_WAY_ASKS)
DMS_MISTAKE ("wrong-kind-of-adapter", DMS_WAY_ASKS)
DMS_MISTAKE ("wrong-irql", DMS_WAY_ASKS)
DMS_MISTAKE ("bad-pointer", DMS_WAY_ASKS)
DMS_MISTAKE ("register-outside", DMS_WAY_ASKS)
DMS_MISTAKE ("pool-misused", DMS_WAY_ASKS)
DMS_MISTAKE ("irql-changed", DMS_WAY_ASKS)
DMS_MISTAKE ("adapter-never-put", DMS_WAY_ANY)
DMS_MISTAKE ("adapter-used-after-put", DMS_WAY_ANY)
DMS_MISTAKE ("put-with-common-buffers", DMS_WAY_COMMON)
DMS_MISTAKE ("common-buffer-differs", DMS_WAY_COMMON)
DMS_MISTAKE ("common-buffer-freed-twice", DMS_WAY_COMMON)

DMS_MISTAKE_FILE ("mistakes-lists.c")
DMS_MISTAKE ("memory-damaged", DMS_WAY_GETS)
DMS_MISTAKE ("outside-mapping", DMS_WAY_GETS)
DMS_MISTAKE ("physical-address", DMS_WAY_GETS | DMS_WAY_MAPS)
DMS_MISTAKE ("put-while-running", DMS_WAY_GETS)
DMS_MISTAKE ("touches-freed", DMS_WAY_GETS)
DMS_MISTAKE ("list-changed", DMS_WAY_GETS | DMS_WAY_PORT_LIST)
DMS_MISTAKE ("iommu-fault", DMS_WAY_GETS)
DMS_MISTAKE ("invalid-buffer", DMS_WAY_GETS)
DMS_MISTAKE ("buffer-too-short", DMS_WAY_GETS)
DMS_MISTAKE ("put-with-lists", DMS_WAY_GETS)
DMS_MISTAKE ("list-buffer-small", DMS_WAY_BUILDS)
DMS_MISTAKE ("touch-before-flush", DMS_WAY_PUTS | DMS_WAY_MAPS)
DMS_MISTAKE ("list-never-put", DMS_WAY_PUTS)
DMS_MISTAKE ("list-put-twice", DMS_WAY_PUTS)
DMS_MISTAKE ("wrong-direction", DMS_WAY_PUTS | DMS_WAY_MAPS | DMS_WAY_VERSION_3)
DMS_MISTAKE ("completed-twice", DMS_WAY_PUTS | DMS_WAY_FREES)

DMS_MISTAKE_FILE ("mistakes-channels.c")
DMS_MISTAKE ("two-channels", DMS_WAY_ALLOCATES)
DMS_MISTAKE ("unknown-action", DMS_WAY_ALLOCATES)
DMS_MISTAKE ("deallocated-while-running", DMS_WAY_ALLOCATES)
DMS_MISTAKE ("too-many-registers", DMS_WAY_ALLOCATES | DMS_WAY_VERSION_3)
DMS_MISTAKE ("too-few-registers", DMS_WAY_ALLOCATES)
DMS_MISTAKE ("put-with-registers", DMS_WAY_ALLOCATES)
DMS_MISTAKE ("put-with-channel", DMS_WAY_KEEPS)
DMS_MISTAKE ("registers-never-freed", DMS_WAY_FREES | DMS_WAY_KEEPS)
DMS_MISTAKE ("count-differs", DMS_WAY_FREES)
DMS_MISTAKE ("wrong-base", DMS_WAY_FREES)
DMS_MISTAKE ("registers-freed-twice", DMS_WAY_FREES)
DMS_MISTAKE ("channel-freed-twice", DMS_WAY_FREES | DMS_WAY_KEEPS)

DMS_MISTAKE_FILE ("mistakes-mappings.c")
DMS_MISTAKE ("zero-length", DMS_WAY_MAPS)
DMS_MISTAKE ("outside-mdl", DMS_WAY_MAPS)
DMS_MISTAKE ("length-in-stack", DMS_WAY_MAPS)
DMS_MISTAKE ("mapped-twice", DMS_WAY_MAPS)
DMS_MISTAKE ("freed-while-mapped", DMS_WAY_FREES)
DMS_MISTAKE ("flush-past-end", DMS_WAY_MAPS)
DMS_MISTAKE ("flush-too-short", DMS_WAY_MAPS)
DMS_MISTAKE ("not-flushed", DMS_WAY_MAPS | DMS_WAY_VERSION_3)
DMS_MISTAKE ("flush-not-mapped", DMS_WAY_MAPS | DMS_WAY_VERSION_3)

DMS_MISTAKE_FILE ("mistakes-version-3.c")
DMS_MISTAKE ("bad-combination", DMS_WAY_VERSION_3)
DMS_MISTAKE ("context-misused", DMS_WAY_VERSION_3)

DMS_MISTAKE_FILE ("mistakes-ports.c")
DMS_MISTAKE ("list-used-after-end", DMS_WAY_PORT_LIST)
DMS_MISTAKE ("list-not-there", DMS_WAY_ATA_PORT)
DMS_MISTAKE ("wrong-place", DMS_WAY_ATA_PORT)

/* clang-format on */

#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_MINIPORT
#undef DMS_SHARED_FILE
#undef DMS_MISTAKE
#undef DMS_MISTAKE_FILE
