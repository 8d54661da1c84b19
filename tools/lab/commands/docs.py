# SPDX-License-Identifier: GPL-2.0-only
"""
Builds Documentation/ with Sphinx and the kernel's own kernel-doc, of the version that
the stock kernel has, and checks what Sphinx does not see: every kernel-doc comment, the
man page, the ABI files, the description for syzkaller, that the files to which Markdown
links, the targets of make, the commands of the lab and their options in documents exist,
and that what documents have typed is run somewhere. The folder of the HTML pages is printed.

With --machine the commands of the set-up chapter are run instead, as they stand there,
on an emulated machine.
"""

import argparse
import importlib
import os
import re
import shlex
import subprocess

from kernels import stock
from lablib import apt, build, cache, kernel, parts as check
from lablib.job import Job
from lablib.kernel import unpack_source
from lablib.progress import phase, run as run_command, tied
from lablib.tally import Tally
from lablib.version import version

HELP = "build and check the documentation"

TOP = build.CHECKOUT
# What Sphinx reads, and where it finds it.
STAGED = {"index.rst": "tools/lab/docs/index.rst", "lab/README.md": "tools/lab/README.md"}
STAGED.update({name: name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")})
STAGED.update({name: f"Documentation/{name}" for name in ("arch", "ABI", "project")})
PARTS = ["Documentation/sphinx", "scripts"]
# Documents for readers, where a command is meant to be typed.
TEXTS = ("*.md", "Documentation/**/*.rst", "Documentation/man/*", "debian/*.README.Debian",
         "tools/**/*.md")


# What documents have typed of make and the lab and no part of the check is: what of the lab's own
# tests runs it, or why nothing does.
NO_PART = {
    "check": "runs the parts",
    "check --all": "runs the parts",
    "check --changed": "runs parts; which, is in tests/test_changed.py",
    "check --list": "tests/test_check.py",
    "make help": "tests/test_help.py",
    "lab": "tests/test_help.py",
    "lab --help": "tests/test_help.py",
    "lab link": "tests/test_link.py",
    "lab link --undo": "tests/test_link.py",
    "lab run qemu": "tests/test_emulator.py",
    "lab run qemu --device": "tests/test_emulator.py",
    "lab kunit --overlay": "tests/test_build.py has what is built then",
    "lab bench --profile": "not run: it measures, for Documentation/project/profile.rst",
    "lab bench --write": "not run: it writes what bench measures into the documents",
    "lab deb --prebuilt": "not run: the part deb-machine without its compiler",
    "lab kernel-check --no-cocci": "not run: less than the part kernel-check",
    "lab kernel-check --no-kunit": "not run: less than the part kernel-check",
    "lab tools --qemu": "not run: less than the part tools",
}


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
            "SCH=$(basename $(dirname $(readlink -f /sys/bus/ccw/devices/0.0.1234)))\n"
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
    for name, source in STAGED.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).symlink_to(TOP / source)


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


def _attributes(code):
    """The folders of a device, and the files in them, as stats.c makes them: "folder/file"."""
    lists = {name: re.findall(r"&\w+?_attr_(\w+)\.attr", body) for name, body in
             re.findall(r"struct attribute \*(\w+)\[\] = \{(.*?)\};", code, re.S)}
    for folder, attrs in re.findall(r'\.name = "(\w+)",\s*\.attrs = (\w+),', code):
        yield f"{folder}/"
        yield from (f"{folder}/{name}" for name in lists[attrs])


def _abi(kern):
    folder = TOP / "Documentation/ABI"
    # It says on stderr what it finds and ends with 0 all the same.
    found = _say(["perl", kern / "scripts/get_abi.pl", "validate", "--dir", folder])
    text = "".join(f.read_text(encoding="utf-8") for f in folder.rglob("*") if f.is_file())
    code = (TOP / build.DRIVER / "stats.c").read_text(encoding="utf-8")
    have = set(_attributes(code))
    told = set(re.findall(r"^What:\s*/sys/bus/mdev/devices/<uuid>/(\w+/\w*)$", text, re.M))
    return found + [f"not described: {name}" for name in sorted(have - told)] + \
        [f"described, but not there: {name}" for name in sorted(told - have)]


def _syzkaller():
    """What the uapi header and sysfs have and the description for syzkaller has not."""
    header = (TOP / "include/uapi/linux/vfio_ccw.h").read_text(encoding="utf-8")
    code = (TOP / build.DRIVER / "stats.c").read_text(encoding="utf-8")
    text = (TOP / "tools/testing/vfio_ccw/syzkaller/dev_vfio_ccw.txt").read_text(encoding="utf-8")
    told = set(re.findall(r"\w+", re.sub("#.*", "", text)))
    have = re.findall(r"^#define (VFIO_CCW_\w+)[ \t]+\S", header, re.M)
    for folder in ("statistics", "limits"):
        line, = re.findall(rf"^ccw_{folder} = (.*)$", text, re.M)
        told.update(f"{folder}/{name}" for name in re.findall(r'"(\w+)"', line))
    have += [name for name in _attributes(code) if not name.endswith("/")]
    return [f"not in the description for syzkaller: {name}" for name in have if name not in told]


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


class _Parser(argparse.ArgumentParser):
    """Says what is wrong to its caller."""

    def error(self, message):
        raise ValueError(message)


def _lab_parser(name):
    """As tools/lab/lab has it for one of its commands."""
    parser = _Parser(exit_on_error=False, allow_abbrev=False)
    importlib.import_module("commands." + name.replace("-", "_")).arguments(parser)
    return parser


def _wrong(words):
    """What the lab or the check has to say to its arguments, or None."""
    program, *args = words
    try:
        if program.endswith("check"):
            parser = _Parser(exit_on_error=False, allow_abbrev=False)
            check.arguments(parser).parse_args(args)
        elif args and not args[0].startswith("-"):
            _lab_parser(args[0]).parse_args(args[1:])
    except ModuleNotFoundError:
        return "there is no such command of the lab"
    except (ValueError, argparse.ArgumentError) as error:
        return str(error)
    except SystemExit:          # --help
        pass
    return None


def _made(words):
    """What make would run of the lab."""
    done = subprocess.run(["make", "-n", *words[1:]], cwd=TOP, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT,
                          env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")})
    if done.returncode:
        return None
    return [shlex.split(line) for line in done.stdout.splitlines()
            if line.startswith(("tools/lab/lab ", "tools/lab/check"))]


def _words(code):
    """Those of a command line that a document shows, if make or the lab is to do it."""
    try:
        words = shlex.split(code.removeprefix("$ "), comments=True)
    except ValueError:
        return []
    if len(words) < 2 or "..." in words or not re.fullmatch(r"[a-z][a-z-]+|--?[a-z-]+", words[1]):
        return []
    return words if words[0] in ("make", "lab", "tools/lab/lab", "tools/lab/check") else []


def _runs(words):
    """The command lines of the lab that it comes to; None if make does not know that."""
    return _made(words) if words[0] == "make" else [words]


# Their values are other machines and kernels: what was tried on one is not on another.
PLACES = ("--machine", "--kernel")
# Commands whose first argument is a machine.
ON_MACHINE = ("demo", "run")


def _does(words):
    """What a line asks for, as "lab selftest --kernel=debug": each option for itself."""
    for program, *args in _runs(words) or [words]:
        what = program.split("/")[-1]
        if what != "check" and args and not args[0].startswith("-"):
            what = f"{what} {args.pop(0)}"
            if what.removeprefix("lab ") in ON_MACHINE and args:
                what = f"{what} {args.pop(0)}"
        yield what
        args = args[:args.index("--")] if "--" in args else args
        for word, after in zip(args, [*args[1:], "--"]):
            option, _, value = word.partition("=")
            value = value or after
            if option in PLACES and not value.startswith("--"):
                yield f"{what} {option}={value}"
            elif option.startswith("--"):
                yield f"{what} {option}"


def _untried():
    """Lines for make or the lab that are no part of the check, and not known not to be."""
    tried = {what for _, command in check.PARTS for what in _does(shlex.split(command))}
    needless = set(NO_PART)
    for name, line in _lines_of_lab():
        for what in _does(_words(line)):
            needless.discard(what)
            if what not in tried and what not in NO_PART:
                yield f"{name}: '{line}': no part of the check has '{what}'"
    yield from (f"no document has '{what}'" for what in sorted(needless))
    yield from (f"'{what}' is a part" for what in sorted(tried & set(NO_PART)))


def _complaint(code):
    """What is wrong with a command line that a document shows; None: nothing, or no such line."""
    words = _words(code)
    if not words:
        return None
    runs = _runs(words)
    if runs is None:
        return "make does not know that"
    return next(filter(None, map(_wrong, runs)), None)


def _code(text):
    """What stands in code: `make x`, also over two lines, an indented or fenced line."""
    text = text.replace("\\\n", " ")
    spans = re.findall(r"``?((?:[^`\n]|\n(?!\n))+)``?", text)
    lines = re.findall(r"^(?: {3,}|\t|\$ |)((?:make|tools/lab/lab|tools/lab/check|lab) .*)$", text,
                       re.M)
    return dict.fromkeys([" ".join(span.split()) for span in spans] + lines)


def _lines_of_lab():
    """The documents' lines for make and the lab, with the document."""
    for name, text in _texts():
        yield from ((name, line) for line in _code(text) if _words(line))


def _targets():
    """Targets of make, commands of the lab and their options, as documents have them."""
    for name, line in _lines_of_lab():
        wrong = _complaint(line)
        if wrong:
            yield f"{name}: '{line}': {wrong}"
    for name, text in _texts():
        yield from (f"{name}: '{line}' does not say of which target" for line in _code(text)
                    if line.startswith("ARGS="))


# Programs whose uses in documents are all tried by some script, and the scripts.
VERBS = ("dkms", "driverctl", "mdevctl", "virsh")
OPTIONS = ("chccwdev", "cio_ignore", "dpkg", "lscss", "lszdev", "modprobe", "prlimit")
FILES = ("cat", "echo", "grep", "readlink")
PROGRAMS = "|".join(VERBS + OPTIONS + FILES)
SCRIPTS = ("tools/lab/tools/*.sh", "tools/lab/demo/*.sh", "tools/lab/deb/*.sh")


def _end_of(path):
    """The last two parts of it, a variable as "$"; nothing if that would say nothing."""
    parts = [re.sub(r"^\$.*", "$", part) for part in path.strip(">*/").split("/")[-2:]]
    return "/".join(parts) if len(parts) == 2 and parts[1] != "$" else ""


def _uses(text):
    """What programs are asked to do: without what they are asked to do it with."""
    for program, rest in re.findall(rf"(?<![\w/.-])({PROGRAMS}) +([^|;&`)\n]+)", text):
        words = rest.replace('"', "").replace("'", "").split()
        if program != "echo":
            words = [w for w in words if ">" not in w]
        if program in FILES and words:
            name = _end_of(words[-1])
            if name:
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
    run_command([apt.NEED, "python3-sphinx", "python3-myst-parser", "groff-base", "perl"])
    kern = _doctools()
    where = cache.path("build", cache.key(TOP), "docs")
    tally = Tally("docs")
    with cache.lock(f"build/{where.parent.name}/docs"):
        with phase("building the documentation"):
            tally.check("Sphinx", _sphinx(kern, where))
        tally.check("kernel-doc comments", kernel_doc(kern / "scripts/kernel-doc"))
        tally.check("Documentation/ABI", _abi(kern))
        tally.check("man pages", _man())
        tally.check("the description for syzkaller", _syzkaller())
        tally.check("links", list(_links()))
        tally.check("targets of make, commands of the lab and their options", list(_targets()))
        tally.check("what make and the lab are asked for is a part of the check", list(_untried()))
        tally.check("commands are run by tests", list(_commands()))
    print(where / "html/index.html")
    return tally.end()
