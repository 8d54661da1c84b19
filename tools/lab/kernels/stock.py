# SPDX-License-Identifier: GPL-2.0-only
"""Debian's own s390x kernel, as bookworm-backports has it."""

import re
import shutil

from lablib import apt, cache
from lablib.kernel import Kernel, unpack_source
from lablib.progress import LabError, phase

SUITE = "bookworm-backports"
PARTS = ["drivers/s390/cio", "drivers/vfio", "scripts", "LICENSES"]


def _lookup():
    """Which packages make the kernel: each names the next."""
    def depends(package, pattern):
        fields = apt.show(package, suite=SUITE)
        found = re.search(pattern, fields.get("Depends", ""))
        if not found:
            raise LabError(f"{package} of {SUITE} does not depend on {pattern}; "
                           "try again with --refresh")
        return found[1]

    image = depends("linux-image-s390x", r"(linux-image-\S+)")
    headers = depends("linux-headers-s390x", r"(linux-headers-\S+)")
    common = depends(headers, r"(linux-headers-\S+-common)")
    kbuild = depends(headers, r"(linux-kbuild-[^ ,]+)") + ":" + apt.host_arch()
    release = image.removeprefix("linux-image-")
    source = "linux-source-" + ".".join(release.split(".")[:2])
    names = {"image": image, "headers": headers, "common": common, "kbuild": kbuild,
             "source": source}
    return {"release": release,
            "packages": {k: apt.exact([v], suite=SUITE)[0] for k, v in names.items()}}


def get(refresh=False):
    """Fetch and unpack it."""
    known = cache.record("stock", _lookup, refresh)
    packages = known["packages"]
    release = known["release"]
    version = packages["image"].split("_")[1]
    top = cache.path("kernels", f"stock-{version}-{apt.host_arch()}")

    def make(tmp):
        debs = apt.fetch(list(packages.values()))
        with phase(f"unpacking Linux {release}"):
            apt.unpack(debs[:-1], tmp)
            unpack_source(debs[-1], tmp / "source", PARTS)
        # These name the common headers where the package would install them.
        for file in (tmp / "usr/src").glob("linux-headers-*/Makefile"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("include /usr/src/", f"include {top}/usr/src/"),
                            encoding="utf-8")
        shutil.rmtree(tmp / "usr/share")

    cache.produce(top, make)
    headers = top / "usr/src" / f"linux-headers-{release}"
    return Kernel(name="stock", release=release, image=top / "boot" / f"vmlinuz-{release}",
                  modules=top / "lib/modules" / release, headers=headers,
                  source=top / "source", vmlinux=headers / "vmlinux",
                  make=["ARCH=s390", "CC=s390x-linux-gnu-gcc"])
