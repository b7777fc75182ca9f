/* main.c — makes a program of the driver
 *
 * SPDX-License-Identifier: MIT
 */
#include <dmascope.h>

DMASCOPE_DRIVER (DriverEntry)
