# SPDX-License-Identifier: GPL-2.0-only
"""Debian's own s390x kernels, of any suite: the packages, unpacked beside each other."""

import re
import shutil

from lablib import apt, cache, foreign
from lablib.kernel import Kernel, unpack_source
from lablib.progress import LabError, phase, say

# What of the source a module is built with.
PARTS = ["drivers/s390/cio", "drivers/vfio", "scripts", "LICENSES"]
BINUTILS = ["ar", "ld", "nm", "objcopy", "objdump", "readelf", "strip"]


def _depends(package, pattern, release, suite):
    """What of a package's dependencies matches."""
    fields = apt.show(package, release, suite)
    found = re.search(pattern, fields.get("Depends", ""))
    if not found:
        raise LabError(f"{package} of {suite} does not depend on {pattern}; "
                       "try again with --refresh")
    return found[1]


def _series(version):
    """The kernels before the newest that could stand in for it have this in common."""
    return version.split(".")[:2]


def _releases(release, suite):
    """The newest release first, then those of its series that are still in the archive."""
    newest = _depends("linux-image-s390x", r"linux-image-(\S+)", release, suite)
    others = [name.removeprefix("linux-headers-") for name in
              apt.names(r"linux-headers-\d[^-]*(-\d+)?-s390x", release)]
    others = [o for o in others if _series(o) == _series(newest) and o != newest]
    return [newest, *sorted(others, key=lambda o: [int(n) for n in re.findall(r"\d+", o)],
                            reverse=True)]


def _packages(version, release, suite, own_tools):
    """What makes this release: each package names the next."""
    headers = f"linux-headers-{version}"
    common = _depends(headers, r"(linux-headers-\S+-common)", release, suite)
    kbuild = _depends(headers, r"(linux-kbuild-[^ ,]+)", release, suite)
    which = apt.show(headers, release, suite)["Version"]
    names = {"image": f"linux-image-{version}", "headers": headers, "common": common,
             "kbuild": f"{kbuild}:{apt.host_arch()}",
             "source": "linux-source-" + ".".join(_series(version))}
    found = {"release": version,
             "packages": {k: apt.exact([f"{v}={which}"], release, suite)[0]
                          for k, v in names.items()}}
    if own_tools:
        compiler = _depends(headers, r"\b(gcc-\d+)", release, suite) + "-s390x-linux-gnu"
        found["tools"] = apt.closure([f"{kbuild}={which}", compiler], release, suite,
                                     apt.host_arch())
    return found


def lookup(release, suite, own_tools):
    """The newest kernel that can be had."""
    versions = _releases(release, suite)
    for version in versions:
        found = _packages(version, release, suite, own_tools)
        try:
            # What each architecture builds for itself comes into the archive later than the
            # lists that name it, if that is being brought up to date.
            apt.fetch([found["packages"][k] for k in ("headers", "image")], release)
        except LabError as error:
            if version == versions[-1] or not apt.NOT_THERE.search(error.detail):
                raise
            say(f"Linux {version} is in the lists of {suite}, but not in the archive yet; "
                "trying the one before it")
        else:
            break
    return found


def packages(name, suite, refresh=False, own_tools=False):
    """The release, and the specs of the packages, of the kernel of that name."""
    release = suite.split("-")[0]
    return cache.record(name, lambda: lookup(release, suite, own_tools), refresh)


def get(name, suite, refresh=False, own_tools=False):
    """
    The Kernel, fetched and unpacked if need be.

    own_tools: build for it with the compiler and kbuild of its release, not this machine's.
    """
    known = packages(name, suite, refresh, own_tools)
    specs, release = known["packages"], known["release"]
    more = [s for s in known.get("tools", ()) if s not in specs.values()]
    key = f"-{cache.key(*more)}" if own_tools else ""
    top = cache.path("kernels", f"{name}-{specs['image'].split('_')[1]}-{apt.host_arch()}{key}")

    def make(tmp):
        *debs, source = apt.fetch([*more, *specs.values()], suite.split("-")[0])
        with phase(f"unpacking Linux {release}"):
            apt.unpack(debs, tmp)
            unpack_source(source, tmp / "source", PARTS)
        # These name the common headers where the package would install them.
        for file in (tmp / "usr/src").glob("linux-headers-*/Makefile"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("include /usr/src/", f"include {top}/usr/src/"),
                            encoding="utf-8")
        shutil.rmtree(tmp / "usr/share")
        if not (tmp / "lib").exists():
            (tmp / "lib").symlink_to("usr/lib")
        if own_tools:
            foreign.wrap(tmp, top)

    cache.produce(top, make)
    headers = top / "usr/src" / f"linux-headers-{release}"
    kern = Kernel(name=name, release=release, image=top / "boot" / f"vmlinuz-{release}",
                  modules=top / "lib/modules" / release, headers=headers,
                  source=top / "source", vmlinux=headers / "vmlinux",
                  make=["ARCH=s390", "CC=s390x-linux-gnu-gcc", "LD=s390x-linux-gnu-ld"])
    if own_tools:
        compiler, = (top / "usr/bin").glob("s390x-linux-gnu-gcc-[0-9]*")
        kern.pahole = top / "usr/bin/pahole"
        kern.make = ["ARCH=s390", f"CC={compiler}", f"PAHOLE={kern.pahole}"]
        kern.make += [f"{tool.upper()}={top}/usr/bin/s390x-linux-gnu-{tool}" for tool in BINUTILS]
    if not kern.vmlinux.exists():
        kern.vmlinux = None
    if not kern.config("VFIO"):
        kern.make.append("KBUILD_MODPOST_WARN=1")       # of what no kernel has
    return kern
