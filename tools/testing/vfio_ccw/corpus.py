#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""corpus.py DIR: the files of DIR as lines of hexadecimal digits, short ones first."""
import pathlib
import sys

lines = {f.read_bytes().hex() for f in pathlib.Path(sys.argv[1]).iterdir()} - {""}
print("\n".join(sorted(lines, key=lambda x: (len(x), x))))
