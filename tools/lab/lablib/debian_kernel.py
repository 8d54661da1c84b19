# SPDX-License-Identifier: GPL-2.0-only
"""Debian's own s390x kernels, of any suite: the packages, unpacked beside each other."""

import re
import shutil

from lablib import apt, cache
from lablib.kernel import Kernel, unpack_source
from lablib.progress import LabError, phase

# What of the source a module is built with.
PARTS = ["drivers/s390/cio", "drivers/vfio", "scripts", "LICENSES"]


def _lookup(release, suite):
    """Which packages make the kernel: each names the next."""
    def depends(package, pattern):
        fields = apt.show(package, release, suite)
        found = re.search(pattern, fields.get("Depends", ""))
        if not found:
            raise LabError(f"{package} of {suite} does not depend on {pattern}; "
                           "try again with --refresh")
        return found[1]

    image = depends("linux-image-s390x", r"(linux-image-\S+)")
    headers = depends("linux-headers-s390x", r"(linux-headers-\S+)")
    common = depends(headers, r"(linux-headers-\S+-common)")
    kbuild = depends(headers, r"(linux-kbuild-[^ ,]+)") + ":" + apt.host_arch()
    version = image.removeprefix("linux-image-")
    source = "linux-source-" + ".".join(version.split(".")[:2])
    names = {"image": image, "headers": headers, "common": common, "kbuild": kbuild,
             "source": source}
    return {"release": version,
            "packages": {k: apt.exact([v], release, suite)[0] for k, v in names.items()}}


def packages(name, suite, refresh=False):
    """The release, and the specs of the packages, of the kernel of that name."""
    release = suite.split("-")[0]
    return cache.record(name, lambda: _lookup(release, suite), refresh)


def get(name, suite, refresh=False):
    """The Kernel, fetched and unpacked if need be."""
    known = packages(name, suite, refresh)
    specs, release = known["packages"], known["release"]
    top = cache.path("kernels", f"{name}-{specs['image'].split('_')[1]}-{apt.host_arch()}")

    def make(tmp):
        debs = apt.fetch(list(specs.values()), suite.split("-")[0])
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
    kern = Kernel(name=name, release=release, image=top / "boot" / f"vmlinuz-{release}",
                  modules=top / "lib/modules" / release, headers=headers,
                  source=top / "source", vmlinux=headers / "vmlinux",
                  make=["ARCH=s390", "CC=s390x-linux-gnu-gcc", "LD=s390x-linux-gnu-ld"])
    if not kern.vmlinux.exists():
        kern.vmlinux = None
    if not kern.config("VFIO"):
        kern.make.append("KBUILD_MODPOST_WARN=1")       # of what no kernel has
    return kern
