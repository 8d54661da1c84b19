# SPDX-License-Identifier: GPL-2.0-only
"""The project's version: what debian/changelog says on top."""

import re

from lablib.build import CHECKOUT
from lablib.progress import LabError


def version():
    """As "0.1.0"."""
    file = CHECKOUT / "debian/changelog"
    found = re.match(r"vfio-ccw \(([^)]+)\)", file.read_text(encoding="utf-8"))
    if not found:
        raise LabError(f"{file}: the first line names no version")
    return found[1]
