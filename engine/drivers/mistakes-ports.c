/* mistakes-ports.c — what miniports do wrong with the lists of their port drivers
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <irb.h>
#include <storport.h>

#include "engine/drivers/mistakes.h"

/* Both lists have the same members. */
static PSTOR_SCATTER_GATHER_LIST GetList(PVOID extension,
                                         PVOID request)
{
    if (SampleIsAta(extension))
        return (PVOID)AtaPortGetScatterGatherList(extension,
                                                  request);
    return StorPortGetScatterGatherList(extension, request);
}

/* Mistake: nobody has looked whether the request uses DMA,
   and in this one it does not. */
static VOID AskWithoutDma(PVOID extension,
                          PIDE_REQUEST_BLOCK irb)
{
    irb->IrbFlags &= ~(ULONG)IRB_FLAGS_USE_DMA;
    AtaPortGetScatterGatherList(extension, irb);
    irb->IrbFlags |= IRB_FLAGS_USE_DMA;
}

static VOID BeforeBuildIo(PVOID extension, PVOID request)
{
    if (SamplePortMistake(extension, "list-not-there"))
        AskWithoutDma(extension, request);
}

static VOID AfterBuildIo(PVOID extension, PVOID request)
{
    PSTOR_SCATTER_GATHER_LIST list;
    ULONG bytes;

    /* Mistake: no routine of the port driver may be called
       in IdeHwBuildIo; this one belongs into IdeHwStartIo. */
    if (SamplePortMistake(extension, "wrong-place"))
        AtaPortGetPhysicalAddress(
            extension, request,
            ((PIDE_REQUEST_BLOCK)request)->IrbExtension,
            &bytes);
    /* Mistake: the list is the port driver's, not a table
       to note in how much is done. */
    if (SamplePortMistake(extension, "list-changed")) {
        list = GetList(extension, request);
        if (list != NULL)
            list->List[list->NumberOfElements - 1].Length--;
    }
}

/* Mistake: with the request the list has gone. */
static VOID AfterComplete(PVOID extension, PVOID request)
{
    if (SamplePortMistake(extension, "list-used-after-end"))
        GetList(extension, request);
}

const SAMPLE_PORT_MISTAKES PortMistakes = {
    BeforeBuildIo, AfterBuildIo, AfterComplete,
};
