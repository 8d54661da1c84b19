# SPDX-License-Identifier: GPL-2.0-only
"""
Builds the packages from what git knows of this checkout, has lintian look at them, and
prints where they are. The tests are cross-built. Then the source that vfio-ccw-dkms
installs is built for the stock kernel with the command that its dkms.conf names, out
of the archive that linux-source installs, and with a cross compiler. At last a Debian
system in an emulated machine installs the packages: dkms builds the modules there (of
linux-source it is given what the archive has, which takes too long to unpack there),
they are loaded and tested, upgraded and purged; of two more kernels it gets the headers.
"""

import gzip
import os
import re
import shutil
import subprocess

from kernels import bookworm, stock, trixie
from lablib import apt, build, cache, kernel, kselftest
from lablib.job import Job
from lablib.progress import phase, run as run_command, tied
from lablib.steps import FILES as STEPS, NO_STALLS, Steps
from lablib.tally import Tally
from lablib.version import version
from machines import qemu

HELP = "build the Debian packages and check them"

TOP = build.CHECKOUT
TOOLS = ["debhelper", "dh-dkms", "dpkg-dev", "lintian", "gcc-s390x-linux-gnu",
         "libc6-dev-s390x-cross", "git"]
BUILT = "/lab/built"            # on the emulated system


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--no-machine", action="store_true",
                        help="do not install anything")
    parser.add_argument("--prebuilt", action="store_true",
                        help="DKMS compiles nothing there, but gets the modules built here")
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


def _documents(root):
    """What the packages' documents include or link to, and do not bring."""
    for file in sorted(root.glob("usr/share/doc/vfio-ccw-*/**/*")):
        if not file.is_file():
            continue
        with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as opened:
            text = opened.read()
        for name in re.findall(r"^\.\. include:: (\S+)|\]\(([^)#:]+)", text, re.M):
            other = file.parent / "".join(name)
            if not other.exists() and not other.with_name(other.name + ".gz").exists():
                yield f"{file.relative_to(root)}: there is no {''.join(name)}"


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


# Of packages that are installed there, as tools/dkms/build asks.
DPKG_QUERY = """#!/bin/sh
case $4 in
linux-headers-*) echo 6.12.1-2 ;;
linux-source-*) echo %s ;;
*) exit 1 ;;
esac
"""


def _as_dkms(source, command, where, have="6.12.1-2"):
    """
    Run that, with what linux-source installs in the folder where (its version: have), and
    the kernel's headers of version 6.12.1-2.
    """
    with cache.scratch() as tools:
        query = tools / "dpkg-query"
        query.write_text(DPKG_QUERY % have, encoding="ascii")
        query.chmod(0o755)
        return subprocess.run(
            tied(["bash", "-c", f"exec {command}"]), cwd=source, text=True, check=False,
            env=dict(os.environ, KERNEL_SOURCE=str(where),
                     PATH=f"{tools}:{os.environ['PATH']}"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _refusals(source, archive, tally):
    """What is said if the kernel's source is not the right one, and that nothing is built."""
    kern, (_, command, *_) = _dkms_conf(source)
    package = archive.name.split(".tar")[0]

    def refused(name, done, advice):
        wrong = [] if done.returncode else ["it went on"]
        tally.check(name, wrong + ([] if advice in done.stdout else
                                   [f"no word of '{advice}':", *done.stdout.splitlines()]))

    with cache.scratch() as empty:
        refused("the build says what to install if there is no linux-source",
                _as_dkms(source, command, empty), f"install {package}")
        refused("the build says what to install if there are no headers",
                _as_dkms(source, command.replace(str(kern.headers), str(empty)), archive.parent),
                f"install linux-headers-{kern.release}")
    refused("the build says what to install if linux-source is of another version",
            _as_dkms(source, command, archive.parent, have="6.12.1-1"),
            f"apt-get install {package}=6.12.1-2")
    # Of the same version by its name, and yet not what the kernel was built of.
    with cache.scratch() as scratch, phase("building the packaged source with a wrong header"):
        shutil.copytree(source, scratch / "package")
        for part in ("drivers/s390/cio", "drivers/vfio/mdev"):
            shutil.copytree(kern.source / part, scratch / "wrong" / part)
        header = scratch / "wrong/drivers/s390/cio/cio.h"
        text = header.read_text(encoding="utf-8")
        place = "\tstruct subchannel_id schid;\n\tspinlock_t"
        header.write_text(text.replace(place, place.replace("\n", "\n\tint lab;\n")),
                          encoding="utf-8")
        refused("the build stops if linux-source is not what the kernel was built of",
                _as_dkms(scratch / "package", f"{command} {' '.join(kern.make)}",
                         scratch / "wrong"), f"'subchannel' in {package} is not what")


def _dkms_build(source, archive):
    """Do what DKMS does, with a cross compiler; what is wrong."""
    kern, (packaged, command, *modules) = _dkms_conf(source)
    if packaged != version():
        return [f"dkms.conf has the version {packaged}"]
    with phase(f"building the packaged source for {kern.release}"):
        done = _as_dkms(source, f"{command} {' '.join(kern.make)}", archive.parent)
    if done.returncode:
        return done.stdout.splitlines()[-30:]
    wrong = [f"no {m}" for m in modules if not (source / m).exists()]
    return wrong + [line for line in done.stdout.splitlines() if line.startswith("vfio-ccw: ")]


def _takes_built(deb, where, number):
    """
    The package with another number, and with nothing to compile: its modules are those that
    are in BUILT by then.
    """
    have, tree = version(), where / number
    run_command(["dpkg-deb", "-R", deb, tree])
    if number != have:
        os.rename(tree / f"usr/src/vfio-ccw-{have}", tree / f"usr/src/vfio-ccw-{number}")
    for file in [*(tree / "DEBIAN").iterdir(), tree / f"usr/src/vfio-ccw-{number}/dkms.conf"]:
        text = file.read_text(encoding="utf-8")
        text = text.replace(have, number)
        file.write_text(re.sub(r"^MAKE\[0\]=.*", f'MAKE[0]="cp -a {BUILT}/drivers ."', text,
                               flags=re.M), encoding="utf-8")
    out = where / f"vfio-ccw-dkms_{number}_all.deb"
    run_command(["dpkg-deb", "--root-owner-group", "-b", tree, out])
    return out


def _headers(kind):
    """A kernel's release, and the package of its headers; none if the archive has it not now."""
    try:
        known = kind.packages()
        return known["release"], apt.fetch([known["packages"]["headers"]], kind.SUITE)
    except apt.ArchiveError:
        return "", []


def _install(debs, scratch, tally, args):
    """The packages' life on a Debian system, in an emulated machine that builds the modules."""
    steps, kern = Steps(tally, args.verbose), kernel.get("stock")
    files = [debs["vfio-ccw-tests"], _takes_built(debs["vfio-ccw-dkms"], scratch, version() + ".1")]
    if args.prebuilt:
        files.append(_takes_built(debs["vfio-ccw-dkms"], scratch, version()))
        places = {"vfio_ccw.ko": build.DRIVER, "mdev.ko": "drivers/vfio/mdev"}
        built = [(m, f"{BUILT}/{places[m.name]}/{m.name}") for m in build.modules(kern)]
    else:
        files.append(debs["vfio-ccw-dkms"])
        built = []
    old, later = _headers(bookworm), _headers(trixie)
    files += old[1] + later[1]
    with phase("a Debian system with the packages"):
        result = qemu.run(Job(
            command="bash /lab/install.sh", kernel=kern, userland="dkms",
            files=[*STEPS, (TOP / "tools/lab/deb/install.sh", "lab/install.sh"), *built,
                   *((f, f"lab/debs/{f.name}") for f in files)],
            env={"VERSION": version(), "NEXT": version() + ".1", "BUILT": BUILT,
                 "OLD": old[0], "LATER": later[0]},
            output=steps.line,
            devices=["virtio-rng-ccw,devno=fe.0.1234", "virtio-blk-ccw,drive=disk0,devno=fe.0.1235",
                     "virtio-9p-ccw,fsdev=ksrc,mount_tag=ksrc"],
            args=["-fsdev", f"local,id=ksrc,path={kern.source},security_model=none,readonly=on",
                  "-blockdev", "driver=null-co,node-name=disk0,size=1048576"],
            memory=3072, timeout=7200, cmdline=NO_STALLS))
    steps.end(result, 11)


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
    ] + ["usr/share/man/man4/vfio_ccw.4.gz"] + [
        f"usr/share/doc/vfio-ccw-dkms/{name}(.gz)?" for name in (
            "README.Debian", "vfio-ccw.rst", "vfio-ccw-locking.rst", "devices.rst")]))
    tally.check("contents of vfio-ccw-tests", _contents(debs["vfio-ccw-tests"], [
        f"usr/libexec/vfio-ccw-tests/{name}" for name in (
            "run.sh", "setup.sh", "vfio_ccw_abi_test", "vfio_ccw_bench", "vfio_ccw_disk_bench")
    ] + ["usr/share/doc/vfio-ccw-tests/README.Debian(.gz)?"]))
    with phase("lintian"):
        tally.check("lintian", _lintian(where))
    with cache.scratch() as scratch:
        for deb in debs.values():
            apt.unpack([deb], scratch)
        tally.check("the packages' documents are whole", list(_documents(scratch)))
        archive = _archive(scratch / "source")
        _refusals(scratch / source, archive, tally)
        tally.check("the packaged source builds with a cross compiler",
                    _dkms_build(scratch / source, archive))
        if args.no_machine:
            tally.skip("the packages on a Debian system", "--no-machine")
        else:
            _install(debs, scratch, tally, args)
    for file in sorted(debs.values()):
        print(file)
    return tally.end()
