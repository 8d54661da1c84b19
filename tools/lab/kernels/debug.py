# SPDX-License-Identifier: GPL-2.0-only
"""
The newest kernel that Debian has the source of, small and full of checks.

Built here from linux-source of sid with debug.config. A build that was stopped goes on
where it was when it is asked for again.
"""

import os
import re
import subprocess
from pathlib import Path

from lablib import apt, cache
from lablib.kernel import Kernel, unpack_source
from lablib.progress import LabError, phase, run, tied

RELEASE = "sid"
CONFIG = Path(__file__).with_suffix(".config")
MAKE = ["ARCH=s390", "CROSS_COMPILE=s390x-linux-gnu-"]
TOOLS = ["gcc-s390x-linux-gnu", "gcc", "make", "bison", "flex", "bc", "kmod", "xz-utils", "python3"]
IMAGE = "arch/s390/boot/bzImage"

# Code of other machines and of devices that none of ours has; what Kconfig reads stays.
WITHOUT = [f"*/{where}/*.{kind}" for kind in "chS" for where in (
    "Documentation", "arch/[!s]*", "arch/s[!3]*", "drivers/gpu", "drivers/net/ethernet",
    "drivers/net/wireless", "drivers/media", "drivers/staging", "drivers/accel",
    "drivers/infiniband", "drivers/usb", "drivers/clk", "drivers/pinctrl", "sound",
    "tools/testing/selftests/*", "tools/perf")]
WITHOUT += ["*.dts", "*.dtsi", "*.rst", "*/tools/perf/pmu-events", "*/Documentation/devicetree"]

LINES = 1530        # about what make says in all


def _lookup():
    """Which package has the newest source."""
    depends = apt.show("linux-source", RELEASE).get("Depends", "")
    found = re.search(r"linux-source-[\d.]+", depends)
    if not found:
        raise LabError(f"linux-source of {RELEASE} depends on no linux-source-X; "
                       "try again with --refresh")
    return apt.exact([found[0]], RELEASE)[0]


def _unpack(spec, dest):
    deb, = apt.fetch([spec], RELEASE)
    with phase(f"unpacking {spec.split('_')[0]} {spec.split('_')[1]}"):
        unpack_source(deb, dest, without=WITHOUT)


def source():
    """That source, as it is in its package: nobody writes there."""
    spec = cache.record("debug", _lookup)
    name = f"source-{spec.split('_')[1]}-{cache.key(*WITHOUT)}"
    return cache.produce(cache.path("kernels", name), lambda tmp: _unpack(spec, tmp))


def _make(tree, *args):
    return ["make", "-C", tree, *MAKE, *args]


def _configure(tree):
    """Everything off but what debug.config says, which has to have come out as it says."""
    env = dict(os.environ, KCONFIG_ALLCONFIG=str(CONFIG))
    run(_make(tree, "allnoconfig"), env=env)
    have = set((tree / ".config").read_text(encoding="utf-8").splitlines())
    for line in CONFIG.read_text(encoding="utf-8").splitlines():
        wanted = re.match(r"(CONFIG_\w+)=(.*)", line)
        if not wanted or line in have:
            continue
        if wanted[2] != "n" or any(h.startswith(wanted[1] + "=") for h in have):
            raise LabError(f"{CONFIG.name}: this kernel does not take '{line}'; "
                           "look in its Kconfig files for why")


def _build(tree):
    """Image and modules; the log lies in the tree."""
    log = tree / "build.log"
    cmd = _make(tree, f"-j{os.cpu_count()}", "KBUILD_BUILD_USER=lab", "KBUILD_BUILD_HOST=lab",
                "bzImage", "modules")
    with phase("building the debug kernel") as step, \
            open(log, "w", buffering=1, encoding="utf-8") as out, \
            subprocess.Popen(tied(["nice", "-n", "5", *cmd]), text=True, errors="replace",
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT) as child:
        try:
            for number, line in enumerate(child.stdout):
                out.write(line)
                step.percent(min(99, 100 * number // LINES))
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        raise LabError(f"the debug kernel does not build; all that make said is in {log}",
                       "".join(f"    {line}\n" for line in tail))
    run(_make(tree, "INSTALL_MOD_PATH=install", "modules_install"))


def _trim(tree):
    """Take away what neither a machine nor a module's build needs: most of the size."""
    keep = {tree / "scripts", tree / "tools", tree / "install"}
    for top, folders, files in os.walk(tree):
        folders[:] = [f for f in folders if Path(top, f) not in keep]
        for name in files:
            if name.endswith((".o", ".a", ".cmd", ".ko", ".mod.c")) and \
                    not (top.endswith("arch/s390/lib") and name == "expoline.o"):
                Path(top, name).unlink()
    for name in ("vmlinux", "vmlinux.unstripped", "arch/s390/boot/vmlinux"):
        (tree / name).unlink(missing_ok=True)


def _produce(dest, spec):
    """As cache.produce() does, but what a stopped build leaves is kept for the next."""
    tree = dest.parent / f".{dest.name}.building"
    with cache.lock(f"kernels/{dest.name}"):
        if dest.exists():
            return
        run([apt.NEED, *TOOLS])
        if not (tree / ".unpacked").exists():
            cache.remove(tree)
            _unpack(spec, tree)
            (tree / ".unpacked").touch()
        _configure(tree)
        _build(tree)
        _trim(tree)
        os.rename(tree, dest)


def _place(spec):
    """Where it is or will be."""
    config = CONFIG.read_text(encoding="utf-8")
    return cache.path("kernels", f"debug-{spec.split('_')[1]}-{cache.key(config, *MAKE)}")


def built():
    """Whether it is there already."""
    return _place(cache.record("debug", _lookup)).exists()


def get(refresh=False):
    """Look it up, build it if need be."""
    spec = cache.record("debug", _lookup, refresh)
    top = _place(spec)
    if not top.exists():
        _produce(top, spec)
    release = (top / "include/config/kernel.release").read_text(encoding="ascii").strip()
    return Kernel(name="debug", release=release, image=top / IMAGE,
                  modules=top / "install/lib/modules" / release, headers=top, source=top,
                  vmlinux=None, make=MAKE)
