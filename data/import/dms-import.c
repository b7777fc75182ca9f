/* dms-import.c — what all importers share
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-import.h"

G_DEFINE_QUARK (dms - import - error - quark, dms_import_error)
