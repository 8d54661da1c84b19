# SPDX-License-Identifier: GPL-2.0-only
"""Debian's own s390x kernel, as bookworm-backports has it."""

from lablib import debian_kernel

NAME, SUITE = "stock", "bookworm-backports"


def packages(refresh=False):
    """What it is made of."""
    return debian_kernel.packages(NAME, SUITE, refresh)


def get(refresh=False):
    """Fetch and unpack it."""
    return debian_kernel.get(NAME, SUITE, refresh)
