# SPDX-License-Identifier: GPL-2.0-only
"""What the demo puts on a disk from which a guest is loaded."""

import os

from demo import snapshot

APPLETS = "cat mount poweroff sh sha256sum".split()


def files(kern, root, scratch):
    """[(file, its name on the host)]: a stock kernel, a root of one program, and a file in that."""
    token, initrd = scratch / "token", scratch / "guest-initrd"
    token.write_bytes(os.urandom(65536))
    with open(initrd, "wb") as file:
        out = snapshot.begin_root(file, root / "bin/busybox", ("proc", "sys", "dev"), "ipl-init",
                                  APPLETS)
        out.add_file("token", token)
        out.finish()
    return [(kern.image, "lab/demo/kernel"), (initrd, "lab/demo/initrd"),
            (token, "lab/demo/token")]
