# SPDX-License-Identifier: GPL-2.0-only
"""Machines, each a module, and what some of them need."""

import socket


def free_port():
    """A TCP port of this host that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
