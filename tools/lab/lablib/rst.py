# SPDX-License-Identifier: GPL-2.0-only
"""Tables that are measured, as files that the documentation includes."""


def head(command, note):
    """The first lines of such a file, which that command of the lab makes."""
    return [".. SPDX-License-Identifier: GPL-2.0-only", f".. Made by: lab {command} --write", "",
            ":orphan:", "", note, ""]


def table(rows):
    """The lines of a table; the first row is its header."""
    return [".. list-table::", "   :header-rows: 1", "",
            *(f"   {' ' if n else '*'} - {cell}".rstrip()
              for row in rows for n, cell in enumerate(row))]
