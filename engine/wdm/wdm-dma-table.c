/* wdm-dma-table.c — the tables of DMA routines, and the members that are not modelled
 * yet
 *
 * What is not modelled fails in the way that its page documents, and says nothing else.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-v3.h"

#include <stddef.h>

/* ---- version 1 ---- */

/* ---- versions 2 and 3 ---- */

/* ---- the tables: each is the one before, longer ---- */

#define MEMBERS_1                                                                      \
  .PutDmaAdapter = wdm_put_dma_adapter,                                                \
  .AllocateCommonBuffer = wdm_allocate_common_buffer,                                  \
  .FreeCommonBuffer = wdm_free_common_buffer,                                          \
  .AllocateAdapterChannel = wdm_allocate_adapter_channel,                              \
  .FlushAdapterBuffers = wdm_flush_adapter_buffers,                                    \
  .FreeAdapterChannel = wdm_free_adapter_channel,                                      \
  .FreeMapRegisters = wdm_free_map_registers, .MapTransfer = wdm_map_transfer,         \
  .GetDmaAlignment = wdm_get_dma_alignment, .ReadDmaCounter = wdm_read_dma_counter,    \
  .GetScatterGatherList = wdm_get_scatter_gather_list,                                 \
  .PutScatterGatherList = wdm_put_scatter_gather_list
#define MEMBERS_2                                                                      \
  .CalculateScatterGatherList = wdm_calculate_scatter_gather_list,                     \
  .BuildScatterGatherList = wdm_build_scatter_gather_list,                             \
  .BuildMdlFromScatterGatherList = wdm_build_mdl_from_scatter_gather_list
#define MEMBERS_3                                                                      \
  .GetDmaAdapterInfo = wdm_get_dma_adapter_info,                                       \
  .GetDmaTransferInfo = wdm_get_dma_transfer_info,                                     \
  .InitializeDmaTransferContext = wdm_initialize_dma_transfer_context,                 \
  .AllocateCommonBufferEx = wdm_allocate_common_buffer_ex,                             \
  .AllocateAdapterChannelEx = wdm_allocate_adapter_channel_ex,                         \
  .ConfigureAdapterChannel = wdm_configure_adapter_channel,                            \
  .CancelAdapterChannel = wdm_cancel_adapter_channel,                                  \
  .MapTransferEx = wdm_map_transfer_ex,                                                \
  .GetScatterGatherListEx = wdm_get_scatter_gather_list_ex,                            \
  .BuildScatterGatherListEx = wdm_build_scatter_gather_list_ex,                        \
  .FlushAdapterBuffersEx = wdm_flush_adapter_buffers_ex,                               \
  .FreeAdapterObject = wdm_free_adapter_object,                                        \
  .CancelMappedTransfer = wdm_cancel_mapped_transfer,                                  \
  .AllocateDomainCommonBuffer = wdm_allocate_domain_common_buffer,                     \
  .FlushDmaBuffer = wdm_flush_dma_buffer, .JoinDmaDomain = wdm_join_dma_domain,        \
  .LeaveDmaDomain = wdm_leave_dma_domain, .GetDmaDomain = wdm_get_dma_domain,          \
  .AllocateCommonBufferWithBounds = wdm_allocate_common_buffer_with_bounds,            \
  .AllocateCommonBufferVector = wdm_allocate_common_buffer_vector,                     \
  .GetCommonBufferFromVectorByIndex = wdm_get_common_buffer_from_vector,               \
  .FreeCommonBufferFromVector = wdm_free_common_buffer_from_vector,                    \
  .FreeCommonBufferVector = wdm_free_common_buffer_vector,                             \
  .CreateCommonBufferFromMdl = wdm_create_common_buffer_from_mdl

static const DMA_OPERATIONS tables[] = {
  { .Size = offsetof (DMA_OPERATIONS, CalculateScatterGatherList), MEMBERS_1 },
  { .Size = offsetof (DMA_OPERATIONS, GetDmaAdapterInfo), MEMBERS_1, MEMBERS_2 },
  { .Size = sizeof (DMA_OPERATIONS), MEMBERS_1, MEMBERS_2, MEMBERS_3 },
};

const DMA_OPERATIONS *
wdm_operations (uint32_t version)
{
  return &tables[version - 1];
}
