# SPDX-License-Identifier: GPL-2.0-only
"""Debian 12's own s390x kernel, without vfio: modules are built for it, but not loaded."""

from lablib import debian_kernel

NAME, SUITE = "bookworm", "bookworm"


def packages(refresh=False):
    """What it is made of."""
    return debian_kernel.packages(NAME, SUITE, refresh)


def get(refresh=False):
    """Fetch and unpack it."""
    return debian_kernel.get(NAME, SUITE, refresh)
