/* ntifs.h — the name by which some drivers include wdm.h
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"
