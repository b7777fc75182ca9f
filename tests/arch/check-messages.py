#!/usr/bin/env python3
"""Checks that every file with messages for translators is in po/POTFILES.in, and no other.

SPDX-License-Identifier: MIT
"""
import re
import sys
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve()
MARKED = re.compile(
    r'\b(_|N_|C_|ngettext|g_dngettext|g_dgettext) ?\("'
    r'|\b(DMS_TELL|dms_say_translate|say_counted) ?\('
    r'|translatable="yes"')
FOLDERS = ('app', 'data', 'engine', 'ui')


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob('*')):
            if path.suffix in ('.c', '.ui') or path.name.endswith('-list.h'):
                yield path


def with_messages():
    return {str(path.relative_to(ROOT)) for path in sources()
            if MARKED.search(path.read_text(encoding='utf-8'))}


def listed():
    lines = (ROOT / 'po/POTFILES.in').read_text(encoding='utf-8').splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith('#')}


def report(number, passed, name, details):
    print(f'{"ok" if passed else "not ok"} {number} {name}')
    for detail in details:
        print(f'# {detail}')


def main():
    missing = sorted(with_messages() - listed())
    extra = sorted(listed() - with_messages())
    print('1..2')
    report(1, not missing, 'every file with messages is in po/POTFILES.in', missing)
    report(2, not extra, 'po/POTFILES.in names no other file', extra)
    return 1 if missing or extra else 0


if __name__ == '__main__':
    sys.exit(main())
