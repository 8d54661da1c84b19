# SPDX-License-Identifier: GPL-2.0-only
"""
Builds the packages from what git knows of this checkout, has lintian look at them, and
prints where they are. The tests are cross-built.

With --build, vfio-ccw-dkms is unpacked and its modules are built as DKMS would do it for
the stock kernel, with a cross compiler, and loaded in an emulated machine. With --install
the machine does it all by itself: dpkg -i, dkms, modprobe, upgrade, removal; that takes
long, since its compiler is emulated.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from lablib import apt, build, cache, kselftest
from lablib.progress import phase, run as run_command
from lablib.tally import Tally
from lablib.version import version

HELP = "build the Debian packages and check them"

TOP = build.CHECKOUT
TOOLS = ["debhelper", "dh-dkms", "dpkg-dev", "lintian", "gcc-s390x-linux-gnu",
         "libc6-dev-s390x-cross", "git"]


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--build", action="store_true",
                        help="build the packaged source and load what comes of it")
    parser.add_argument("--install", action="store_true",
                        help="install, upgrade and remove it in an emulated machine")


def _export(where):
    """What git knows, as it is now."""
    cache.remove(where)
    names = run_command(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"]).split("\n")
    for name in filter(None, names):
        if (TOP / name).is_file():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, where / name)


def packages():
    """Build them; the folder they are in."""
    run_command([apt.NEED, *TOOLS])
    harness = kselftest.harness()
    where = cache.path("build", cache.key(TOP), "deb")
    with cache.lock(f"build/{where.parent.name}/deb"):
        cache.remove(where)
        _export(where / "vfio-ccw")
        with phase(f"building the packages of {version()}"):
            run_command(["dpkg-buildpackage", "--build=binary", "--host-arch=s390x", "-d", "-uc",
                         "-us"], cwd=where / "vfio-ccw", log=where / "build.log",
                        env=dict(os.environ, KSRC=str(harness), DEB_BUILD_OPTIONS="nocheck",
                                 TZ="UTC", LC_ALL="C.UTF-8"))
    return where


def _lintian(where):
    """What it says, notes and hints apart."""
    changes, = where.glob("*.changes")
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning",
                           "--tag-display-limit", "0", changes], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = [line for line in done.stdout.splitlines() if re.match(r"[EW]: ", line)]
    return lines or (done.stdout.splitlines() if done.returncode else [])


def _contents(deb, wanted):
    """Files that have to be in a package and are not."""
    text = run_command(["dpkg-deb", "-c", deb])
    return [f"{deb.name} has no {name}" for name in wanted
            if not re.search(rf"\./{name}$", text, re.M)]


def run(args):
    """Build, check, count."""
    tally = Tally("deb")
    where = packages()
    debs = {f.name.split("_")[0]: f for f in where.glob("*.deb")}
    tally.check("packages", [f"no {name}" for name in ("vfio-ccw-dkms", "vfio-ccw-tests")
                             if name not in debs])
    source = f"usr/src/vfio-ccw-{version()}"
    tally.check("contents of vfio-ccw-dkms", _contents(debs["vfio-ccw-dkms"], [
        f"{source}/{name}" for name in ("dkms.conf", "Kbuild", "tools/dkms/build",
                                        f"{build.DRIVER}/main.c", "include/uapi/linux/vfio_ccw.h")
    ] + ["usr/share/man/man4/vfio_ccw.4.gz"]))
    tally.check("contents of vfio-ccw-tests", _contents(debs["vfio-ccw-tests"], [
        f"usr/libexec/vfio-ccw-tests/{name}" for name in (
            "run.sh", "setup.sh", "vfio_ccw_abi_test", "vfio_ccw_bench")]))
    with phase("lintian"):
        tally.check("lintian", _lintian(where))
    if args.build:
        from lablib import debtest      # pylint: disable=import-outside-toplevel
        debtest.build(debs, tally)
    if args.install:
        from lablib import debtest      # pylint: disable=import-outside-toplevel
        debtest.install(debs, tally)
    for file in sorted(debs.values()):
        print(file)
    return tally.end()
