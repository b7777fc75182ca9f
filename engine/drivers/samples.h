/* samples.h — the sample drivers
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/sample.h"

extern SAMPLE_MINIPORT AhciMiniport, AtaMiniport, ScsiMiniport, ScsiSlaveMiniport,
    StorportMiniport;

extern const SAMPLE_DRIVER CommonBuffer;
extern const SAMPLE_DRIVER DmaVersion3;
extern const SAMPLE_DRIVER MapTransferSample;
extern const SAMPLE_DRIVER PacketSg;
extern const SAMPLE_DRIVER PacketSgChain;
extern const SAMPLE_DRIVER SystemDma;
extern const SAMPLE_DRIVER SystemDmaAuto;
