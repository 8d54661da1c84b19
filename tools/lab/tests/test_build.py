# SPDX-License-Identifier: GPL-2.0-only
"""A module that sees the channel subsystem otherwise than the kernel is not let out."""

import dataclasses
import shutil
import unittest

from lablib import build, cache, kernel
from lablib.progress import LabError


class Gate(unittest.TestCase):
    """Builds with private headers that are not the kernel's."""

    def build(self, file, old, new):
        """Build with one line of a header changed."""
        stock = kernel.get("stock")
        with cache.scratch() as scratch:
            for part in ("drivers/s390/cio", "drivers/vfio/mdev"):
                shutil.copytree(stock.source / part, scratch / part)
            header = scratch / "drivers/s390/cio" / file
            text = header.read_text(encoding="utf-8")
            self.assertIn(old, text)
            header.write_text(text.replace(old, new), encoding="utf-8")
            changed = dataclasses.replace(stock, name="changed", source=scratch)
            try:
                build.modules(changed)
            finally:
                with build.prepared(changed) as where:
                    cache.remove(where)

    def test_member(self):
        """one member more in a private header of the kernel stops the build with one line"""
        with self.assertRaisesRegex(LabError, r"^in 'subchannel' the module sees 'int lab;.*' "
                                    r"where \S+ has '.*': take linux-source of the same "
                                    r"version \(lab fetch --refresh\)$"):
            self.build("cio.h", "\tstruct subchannel_id schid;\n\tspinlock_t",
                       "\tstruct subchannel_id schid;\n\tint lab;\n\tspinlock_t")
