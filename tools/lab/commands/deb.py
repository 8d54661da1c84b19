# SPDX-License-Identifier: GPL-2.0-only
"""
Builds the packages from what git knows of this checkout, has lintian look at them, and
prints where they are. The tests are cross-built. Then the source that vfio-ccw-dkms
installs is built for the stock kernel with the command that its dkms.conf names, out
of the archive that linux-source installs, and with a cross compiler. At last a Debian
system in an emulated machine installs the packages: dkms builds the modules there (of
linux-source it is given what the archive has, which takes too long to unpack there),
they are loaded and tested, upgraded and purged.
"""

import os
import re
import shutil
import subprocess

from kernels import stock
from lablib import apt, build, cache, kernel, kselftest
from lablib.job import Job
from lablib.progress import phase, run as run_command, tied
from lablib.steps import FILES as STEPS, Steps
from lablib.tally import Tally
from lablib.version import version
from machines import qemu

HELP = "build the Debian packages and check them"

TOP = build.CHECKOUT
TOOLS = ["debhelper", "dh-dkms", "dpkg-dev", "lintian", "gcc-s390x-linux-gnu",
         "libc6-dev-s390x-cross", "git"]


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--no-machine", action="store_true",
                        help="do not install anything")
    parser.add_argument("--verbose", action="store_true", help="show all that the machine says")


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
    done = subprocess.run(tied(["lintian", "--allow-root", "--fail-on", "error,warning",
                                "--tag-display-limit", "0", changes]), text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = [line for line in done.stdout.splitlines() if re.match(r"[EW]: ", line)]
    return lines or (done.stdout.splitlines() if done.returncode else [])


def _contents(deb, wanted):
    """Files that have to be in a package and are not."""
    text = run_command(["dpkg-deb", "-c", deb])
    return [f"{deb.name} has no {name}" for name in wanted
            if not re.search(rf"\./{name}$", text, re.M)]


def _dkms_conf(source):
    """What dkms reads out of dkms.conf for the stock kernel: the command, the modules."""
    kern = kernel.get("stock")
    text = run_command(["bash", "-c", f"""
        kernelver={kern.release} kernel_source_dir={kern.headers}
        . {source}/dkms.conf && echo "$PACKAGE_VERSION" && echo "${{MAKE[0]}}" &&
        for i in ${{!BUILT_MODULE_NAME[@]}}; do
            echo "${{BUILT_MODULE_LOCATION[i]}}/${{BUILT_MODULE_NAME[i]}}.ko"
        done"""])
    return kern, text.splitlines()


def _archive(where):
    """What the linux-source package of the stock kernel's version installs."""
    debs = apt.fetch([stock.packages()["packages"]["source"]])
    return next(apt.unpack(debs, where).glob("usr/src/linux-source-*.tar.*"))


def _dkms_build(source, archive):
    """Do what DKMS does, with a cross compiler; what is wrong."""
    kern, (packaged, command, *modules) = _dkms_conf(source)
    if packaged != version():
        return [f"dkms.conf has the version {packaged}"]
    with phase(f"building the packaged source for {kern.release}"):
        done = subprocess.run(tied(["bash", "-c", f"exec {command} {' '.join(kern.make)}"]),
                              cwd=source, text=True,
                              env=dict(os.environ, KERNEL_SOURCE=str(archive)),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        return done.stdout.splitlines()[-30:]
    wrong = [f"no {m}" for m in modules if not (source / m).exists()]
    return wrong + [line for line in done.stdout.splitlines() if line.startswith("vfio-ccw: ")]


def _next(deb, where):
    """The package of a later version, which is the same but for its number."""
    have, later = version(), version() + ".1"
    tree = where / "later"
    run_command(["dpkg-deb", "-R", deb, tree])
    os.rename(tree / f"usr/src/vfio-ccw-{have}", tree / f"usr/src/vfio-ccw-{later}")
    for file in [*(tree / "DEBIAN").iterdir(), tree / f"usr/src/vfio-ccw-{later}/dkms.conf"]:
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(have, later), encoding="utf-8")
    run_command(["dpkg-deb", "--root-owner-group", "-b", tree,
                 where / f"vfio-ccw-dkms_{later}_all.deb"])
    return where / f"vfio-ccw-dkms_{later}_all.deb"


def _install(debs, scratch, tally, verbose):
    """The packages' life on a Debian system, in an emulated machine that builds the modules."""
    files = [*debs.values(), _next(debs["vfio-ccw-dkms"], scratch)]
    steps, kern = Steps(tally, verbose), kernel.get("stock")
    with phase("a Debian system with the packages"):
        result = qemu.run(Job(
            command="bash /lab/install.sh", kernel=kern, userland="dkms",
            files=[*STEPS, (TOP / "tools/lab/deb/install.sh", "lab/install.sh"),
                   *((f, f"lab/debs/{f.name}") for f in files)],
            env={"VERSION": version(), "NEXT": version() + ".1"}, output=steps.line,
            devices=["virtio-rng-ccw,devno=fe.0.1234", "virtio-9p-ccw,fsdev=ksrc,mount_tag=ksrc"],
            args=["-fsdev", f"local,id=ksrc,path={kern.source},security_model=none,readonly=on"],
            memory=3072, timeout=2400))
    steps.end(result, 5)


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
    with cache.scratch() as scratch:
        for deb in debs.values():
            apt.unpack([deb], scratch)
        tally.check("the packaged source builds with a cross compiler",
                    _dkms_build(scratch / source, _archive(scratch / "source")))
        if args.no_machine:
            tally.skip("the packages on a Debian system", "--no-machine")
        else:
            _install(debs, scratch, tally, args.verbose)
    for file in sorted(debs.values()):
        print(file)
    return tally.end()
