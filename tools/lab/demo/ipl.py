# SPDX-License-Identifier: GPL-2.0-only
"""What the demo puts on a disk from which a guest is loaded."""

import os
from pathlib import Path

from lablib import cpio

HERE = Path(__file__).resolve().parent
APPLETS = "cat mount poweroff sh sha256sum".split()


def files(kern, root, scratch):
    """[(file, its name on the host)]: a stock kernel, a root of one program, and a file in that."""
    token, initrd = scratch / "token", scratch / "guest-initrd"
    token.write_bytes(os.urandom(65536))
    with open(initrd, "wb") as file:
        out = cpio.Writer(file)
        for place in ("proc", "sys", "dev"):
            out.add_dir(place)
        out.add_node("dev/console", "c", 5, 1)
        out.add_file("init", HERE / "ipl-init", 0o755)
        out.add_file("bin/busybox", root / "bin/busybox")
        for name in APPLETS:
            out.add_link("bin/" + name, "busybox")
        out.add_file("token", token)
        out.finish()
    return [(kern.image, "lab/demo/kernel"), (initrd, "lab/demo/initrd"),
            (token, "lab/demo/token")]
