# SPDX-License-Identifier: GPL-2.0-only
"""
Builds Documentation/ with Sphinx and the kernel's own kernel-doc, of the version that
the stock kernel has, and checks what Sphinx does not see: every kernel-doc comment, the
man page, the ABI files, and that the files, make targets and lab commands that a
document names exist. The folder of the HTML pages is printed.

With --machine the commands of the set-up chapter are run instead, as they stand there,
on an emulated machine.
"""

import importlib
import os
import pkgutil
import re
import subprocess

import commands
from kernels import stock
from lablib import apt, build, cache, kernel
from lablib.job import Job
from lablib.kernel import unpack_source
from lablib.progress import phase, run as run_command, tied
from lablib.tally import Tally
from lablib.version import version

HELP = "build and check the documentation"

TOP = build.CHECKOUT
STAGED = ("Documentation/arch", "Documentation/ABI")
PARTS = ["Documentation/sphinx", "scripts"]
# Documents for readers, where a command is meant to be typed.
TEXTS = ("*.md", "Documentation/**/*.rst", "Documentation/man/*", "tools/**/*.md")


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--machine", action="store_true",
                        help="run the commands of the set-up chapter")


def _blocks():
    """The chapter's commands: {name: text}."""
    text = (TOP / "Documentation/arch/s390/vfio-ccw.rst").read_text(encoding="utf-8")
    found = re.findall(r"^\.\. code-block:: sh\n   :name: (\S+)\n\n((?:   .*\n|\n)+)", text, re.M)
    return {name: re.sub("^   ", "", block, flags=re.M) for name, block in found}


# After the first block the subchannel has to be ours, after the second cio's again.
DRIVER_IS = "[ $(basename $(readlink /sys/bus/css/devices/$SCH/driver)) = {} ]\n"


def _machine(tally):
    """Run them; two ways there, and after each the way back."""
    blocks = _blocks()
    kern = kernel.get("stock")
    modules = build.modules(kern)
    for way in ("by-hand", "with-tools"):
        lines = []
        script = "set -ex\n" \
            "SCH=$(basename $(dirname $(readlink -f /sys/bus/ccw/devices/0.0.1234)))\n" \
            "UUID=$(cat /proc/sys/kernel/random/uuid)\n"
        script += blocks[way] + DRIVER_IS.format("vfio_ccw") + "[ -e /sys/bus/mdev/devices/$UUID ]\n"
        script += blocks[way + "-undone"] + DRIVER_IS.format("io_subchannel")
        script += "[ ! -e /sys/bus/mdev/devices/$UUID ]\n"
        with phase(f"a machine: {way}"):
            result = importlib.import_module("machines.qemu").run(Job(
                command=script, kernel=kern, userland="tools", modules=modules,
                load=["vfio_iommu_type1"], env={"LAB_UDEV": "1"},
                devices=["virtio-rng-ccw,devno=fe.0.1234"], output=lines.append))
        tally.check(f"the commands {way}", lines[-30:] + [f"the whole console is in {result.log}"]
                    if result.exit_status() else [])


def _doctools():
    """The kernel's sphinx extension, kernel-doc and get_abi.pl."""
    spec = stock.packages()["packages"]["source"]

    def make(tmp):
        deb, = apt.fetch([spec])
        with phase("unpacking the kernel's documentation tools"):
            unpack_source(deb, tmp, PARTS)

    return cache.produce(cache.path("doctools", spec.replace(":", "%3a")), make)


def _stage(where):
    """Sphinx wants one folder: links to what it is to read."""
    cache.remove(where)
    where.mkdir(parents=True)
    (where / "index.rst").symlink_to(TOP / "tools/lab/docs/index.rst")
    for folder in STAGED:
        (where / folder.removeprefix("Documentation/")).symlink_to(TOP / folder)


def _say(cmd, **more):
    """Its lines, and whether it went well."""
    done = subprocess.run(tied(cmd), text=True, errors="replace", check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return lines if done.returncode or lines else []


def _sphinx(kern, where):
    _stage(where / "source")
    env = dict(os.environ, LAB_KERNEL=str(kern), LAB_CHECKOUT=str(TOP), LAB_VERSION=version(),
               PYTHONDONTWRITEBYTECODE="1")
    lines = _say(["/usr/bin/python3", "-m", "sphinx", "-q", "-W", "--keep-going", "-E",
                  "-c", TOP / "tools/lab/docs", "-d", where / "doctrees",
                  where / "source", where / "html"], env=env)
    return [line.replace(f"{where}/source/", "") for line in lines]


def c_files():
    """Our C files that are meant for the kernel."""
    text = run_command(["git", "-C", TOP, "ls-files", "drivers/*.[ch]", "include/*.h"])
    return text.split()


def kernel_doc(tool, top=TOP):
    """What kernel-doc finds wrong in our comments."""
    lines = _say([tool, "-none", "-Wall", *c_files()], cwd=top)
    return [line for line in lines if re.search(r"warning:|error:", line, re.I)]


def _abi(kern):
    folder = TOP / "Documentation/ABI"
    # It says on stderr what it finds and ends with 0 all the same.
    found = _say(["perl", kern / "scripts/get_abi.pl", "validate", "--dir", folder])
    text = "".join(f.read_text(encoding="utf-8") for f in folder.rglob("*") if f.is_file())
    code = (TOP / build.DRIVER / "stats.c").read_text(encoding="utf-8")
    have = set(re.findall(r"&dev_attr_(\w+)\.attr", code))
    told = set(re.findall(r"^What:.*/statistics/(\w+)$", text, re.M))
    return found + [f"not described: statistics/{name}" for name in sorted(have - told)] + \
        [f"described, but not there: statistics/{name}" for name in sorted(told - have)]


def _man():
    found = []
    for page in sorted((TOP / "Documentation/man").glob("*.[0-9]")):
        found += _say(["groff", "-man", "-Tutf8", "-ww", "-z", page])
    return found


def _texts():
    for pattern in TEXTS:
        for file in sorted(TOP.glob(pattern)):
            yield file.relative_to(TOP), file.read_text(encoding="utf-8")


def _links():
    """Links of Markdown to files."""
    for name, text in _texts():
        if name.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if not (TOP / name).parent.joinpath(target).exists():
                yield f"{name}: no file {target}"


def _targets():
    """make targets and lab commands that are named."""
    makefile = TOP / "Makefile"
    known = set()
    if makefile.exists():
        known = set(re.findall(r"^([a-z][\w -]*?):(?!=)", makefile.read_text(encoding="utf-8"),
                               re.M))
        known = {word for names in known for word in names.split()}
    subs = {info.name.replace("_", "-") for info in pkgutil.iter_modules(commands.__path__)}
    for name, text in _texts():
        # In code only: `make x`, an indented or fenced line that starts with it.
        code = re.findall(r"``?([^`\n]+)``?|^(?: {3,}|\t|\$ |)((?:make|tools/lab/lab|lab) .*)$",
                          text, re.M)
        for inline, line in code:
            words = (inline or line).removeprefix("$ ").split()
            if len(words) < 2:
                continue
            if words[0] == "make" and re.fullmatch(r"[a-z][a-z-]+", words[1]) and \
                    words[1] not in known:
                yield f"{name}: there is no 'make {words[1]}'"
            if words[0] in ("lab", "tools/lab/lab") and re.fullmatch(r"[a-z][a-z-]+", words[1]) \
                    and words[1] not in subs:
                yield f"{name}: there is no 'lab {words[1]}'"


# Programs whose uses in documents are all tried by some script, and the scripts.
VERBS = ("dkms", "driverctl", "mdevctl", "virsh")
OPTIONS = ("chccwdev", "cio_ignore", "dpkg", "lscss", "lszdev", "modprobe", "prlimit")
FILES = ("cat", "echo", "grep", "readlink")
PROGRAMS = "|".join(VERBS + OPTIONS + FILES)
SCRIPTS = ("tools/lab/tools/*.sh", "tools/lab/demo/*.sh", "tools/lab/deb/*.sh")


def _uses(text):
    """What programs are asked to do: without what they are asked to do it with."""
    for program, rest in re.findall(rf"(?<![\w/.-])({PROGRAMS}) +([^|;&`)\n]+)", text):
        words = rest.replace('"', "").replace("'", "").split()
        if program != "echo":
            words = [w for w in words if ">" not in w]
        if program in FILES and words:
            name = words[-1].strip(">*/").split("/")[-1] if "/" in words[-1] else ""
            if name and not name.startswith("$"):
                yield f"{program} .../{name}"
        elif program in VERBS:
            verbs = [w for w in words if re.fullmatch("[a-z][a-z-]+", w) and w != "css"]
            yield f"{program} {verbs[0] if verbs else ''}"
        else:
            yield f"{program} {next((w for w in words if re.fullmatch('-[a-zA-Z]|--[a-z]+', w)), '')}"


def _commands():
    """Commands that a document tells its readers to type, and that nothing here runs."""
    tried = {use for pattern in SCRIPTS for file in TOP.glob(pattern)
             for use in _uses(file.read_text(encoding="utf-8"))}
    tried.update(use for block in _blocks().values() for use in _uses(block))
    for name, text in _texts():
        code = re.findall(rf"``([^`\n]+)``|`([^`\n]+)`|^(?: {{3,}}|\t|)((?:{PROGRAMS}) .*)$",
                          text.replace("\\-", "-"), re.M)
        for use in dict.fromkeys(u for c in code for u in _uses("".join(c))):
            if use not in tried:
                yield f"{name}: no test runs '{use}'"


def run(args):
    """Build, check, count."""
    if args.machine:
        tally = Tally("docs-machine")
        _machine(tally)
        return tally.end()
    run_command([apt.NEED, "python3-sphinx", "groff-base", "perl"])
    kern = _doctools()
    where = cache.path("build", cache.key(TOP), "docs")
    tally = Tally("docs")
    with cache.lock(f"build/{where.parent.name}/docs"):
        with phase("building the documentation"):
            tally.check("Sphinx", _sphinx(kern, where))
        tally.check("kernel-doc comments", kernel_doc(kern / "scripts/kernel-doc"))
        tally.check("Documentation/ABI", _abi(kern))
        tally.check("man pages", _man())
        tally.check("links", list(_links()))
        tally.check("make targets and lab commands", list(_targets()))
        tally.check("commands are run by tests", list(_commands()))
    print(where / "html/index.html")
    return tally.end()
