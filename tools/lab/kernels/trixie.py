# SPDX-License-Identifier: GPL-2.0-only
"""
Debian 13's own s390x kernel: modules are built for it.

Its configuration has what only a newer gcc than Debian 12's takes, and its kbuild's programs
want a newer C library: both are of Debian 13, too.
"""

from lablib import debian_kernel

NAME, SUITE = "trixie", "trixie"


def packages(refresh=False):
    """What it is made of."""
    return debian_kernel.packages(NAME, SUITE, refresh, own_tools=True)


def get(refresh=False):
    """Fetch and unpack it."""
    return debian_kernel.get(NAME, SUITE, refresh, own_tools=True)
