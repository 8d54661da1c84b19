# SPDX-License-Identifier: GPL-2.0-only
"""
Programs of another Debian release, run here by that release's own loader.

They want a newer C library than this machine has. Each becomes a script that has the loader
of its own release run it, under the name that it was called by: a compiler finds its parts by
that, and they are scripts like it.
"""

import os
import shlex
import struct

from lablib.progress import LabError

WHERE = ("usr/bin", "usr/lib", "usr/libexec")
SCRIPT = """#!/bin/sh
exec {loader} --argv0 "$0" --library-path {libraries} {program} "$@"
"""


def interpreter(file):
    """The loader that a program of a machine as this one names; None if it is none."""
    with open(file, "rb") as program:
        head = program.read(64)
        if head[:6] != b"\x7fELF\x02\x01" or len(head) < 64:
            return None
        program.seek(struct.unpack_from("<Q", head, 32)[0])
        size, number = struct.unpack_from("<HH", head, 54)
        table = program.read(size * number)
        for at in range(0, len(table), size):
            kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", table, at)
            if kind == 3:
                program.seek(offset)
                return program.read(length).rstrip(b"\0").decode()
    return None


def wrap(root, final):
    """Make scripts of the programs below root, which is going to be called final."""
    root = root.resolve()
    for top, _, names in (entry for where in WHERE for entry in os.walk(root / where)):
        for name in names:
            file = root.joinpath(top, name)
            # the C library is a program, too, but it is asked for as a library
            if file.is_symlink() or ".so" in name or not os.access(file, os.X_OK):
                continue
            wanted = interpreter(file)
            if not wanted:
                continue
            loader = next((place for place in (root / wanted[1:], root / "usr" / wanted[1:])
                           if place.exists()), None)
            if not loader:
                raise LabError(f"{name} is run by {wanted}, which none of the packages has; "
                               "try again with --refresh")
            # a link to the folder of the libraries, as far as these are links
            libraries = loader.resolve().parent
            program = file.with_name(f".{name}.program")
            os.rename(file, program)
            file.write_text(SCRIPT.format(**{
                what: shlex.quote(str(final / place.relative_to(root))) for what, place in
                (("loader", loader), ("libraries", libraries), ("program", program))}),
                encoding="utf-8")
            file.chmod(0o755)
