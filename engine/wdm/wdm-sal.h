/* wdm-sal.h — words that drivers for Windows annotate their code with; they say nothing
 * here
 *
 * Included by wdm.h, for drivers.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define NTAPI
#define NTSYSAPI
#define NTKERNELAPI
#define FASTCALL
#define EXTERN_C extern
#define FORCEINLINE static inline
#define DECLSPEC_ALIGN(bytes) __attribute__ ((aligned (bytes)))
#define C_ASSERT(condition) _Static_assert(condition, #condition)
#define RTL_NUMBER_OF(array) ARRAYSIZE (array)
#define NOTHING

#ifndef min
#  define min(one, other) (((one) < (other)) ? (one) : (other))
#endif
#ifndef max
#  define max(one, other) (((one) > (other)) ? (one) : (other))
#endif

#define _In_
#define _In_opt_
#define _In_z_
#define _Out_
#define _Out_opt_
#define _Inout_
#define _Inout_opt_
#define _Outptr_
#define _Reserved_
#define _Unreferenced_parameter_
#define _Use_decl_annotations_
#define _Must_inspect_result_
#define _Success_(condition)
#define _When_(condition, annotation)
#define _In_reads_(count)
#define _In_reads_bytes_(count)
#define _Out_writes_(count)
#define _Out_writes_bytes_(count)
#define _Function_class_(name)
#define _Dispatch_type_(type)
#define _IRQL_requires_(irql)
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_requires_same_
#define _IRQL_raises_(irql)
#define _IRQL_saves_
#define _IRQL_restores_
#define _Analysis_assume_(condition)
#define __drv_aliasesMem
