/* dms-statement.h — which lines of C text one statement covers
 *
 * Compilers differ by line inside a call that is written over several lines, so what is
 * marked is the whole statement.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stddef.h>

/**
 * dms_statement_lines:
 * @text: C source, @length bytes; need not be whole or correct
 * @line: a line inside the statement, from 1
 * @ret_first, @ret_last: the lines that it covers; both @line when it is not to be told
 *
 * A statement ends at a semicolon or brace outside of parentheses, or behind the
 * parenthesis of an if, for, while or switch.
 */
void dms_statement_lines (const char *text,
                          size_t length,
                          unsigned line,
                          unsigned *ret_first,
                          unsigned *ret_last);
