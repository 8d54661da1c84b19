# SPDX-License-Identifier: GPL-2.0-only
"""
Links the driver into the newest kernel source that Debian has and does there what is
asked of a patch: builds it as a module with every check of its configuration on, and
built in with as little as can be, with W=1, sparse, coccicheck, kernel-doc, checkpatch
and the tests of the uapi header, and has the kernel's own kunit.py run the suites. The
source is unpacked once into the cache and never changed; this checkout works on a tree of
hard links of it.
"""

import concurrent.futures
import contextlib
import os
import re
import subprocess
import sys

from commands import docs, style
from kernels import debug
from lablib import apt, build, cache, kselftest
from lablib.progress import phase, run as run_command, tied
from lablib.tally import Tally

HELP = "do in a kernel tree what is asked of a patch"

CROSS = ["ARCH=s390", "CROSS_COMPILE=s390x-linux-gnu-"]
SELFTESTS = "drivers/s390x/vfio_ccw"
UAPI = "include/uapi/linux/vfio_ccw.h"

# Seconds; "timeout" also takes with it what kunit.py has started when that is ended.
KUNIT = ["timeout", "7200", sys.executable, "-u", "tools/testing/kunit/kunit.py", "run",
         "--arch=s390", "--cross_compile=s390x-linux-gnu-", f"--kunitconfig={build.DRIVER}",
         "--timeout=3600"]

# Of Python, spatch takes the file that only its -dev package has.
TOOLS = ["sparse", "coccinelle", "libpython3-dev", "codespell", "perl", "pahole", "rsync",
         "g++-s390x-linux-gnu", "qemu-system-misc"]

# Beside debug.config, which has off what it does not name.
EVERYTHING = """
CONFIG_VFIO_CCW=m
CONFIG_VFIO_CCW_KUNIT_TEST=m
"""
LITTLE = """
CONFIG_64BIT=y
CONFIG_CCW=y
CONFIG_MMU=y
CONFIG_EVENTFD=y
CONFIG_IOMMU_SUPPORT=y
CONFIG_VFIO=y
CONFIG_VFIO_GROUP=y
CONFIG_VFIO_CONTAINER=y
CONFIG_VFIO_CCW=y
"""


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--no-cocci", action="store_true",
                        help="leave out coccicheck, which takes long")
    parser.add_argument("--no-kunit", action="store_true",
                        help="leave out kunit.py, which builds a whole kernel")


def _make(tree, obj, *args):
    return ["make", "-C", tree, f"O={obj}", *CROSS, f"-j{os.cpu_count()}", *args]


def _said(cmd, only, **more):
    """The lines that match, or all if it failed without one."""
    done = subprocess.run(tied(cmd), text=True, errors="replace", check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    found = [line for line in done.stdout.splitlines() if re.search(only, line)]
    if done.returncode and not found:
        found = done.stdout.splitlines()[-30:] or [f"{cmd[0]} ended with {done.returncode}"]
    return list(dict.fromkeys(found))


def _configure(tree, obj, config):
    """Everything off but what the configuration says; what of it Kconfig does not take."""
    obj.mkdir(parents=True, exist_ok=True)
    mini = obj / "mini.config"
    cache.write(mini, config)
    run_command(_make(tree, obj, "allnoconfig"), env=dict(os.environ, KCONFIG_ALLCONFIG=str(mini)))
    run_command(_make(tree, obj, "prepare"))
    have = (obj / ".config").read_text(encoding="utf-8").splitlines()
    return [f"Kconfig does not take {line}" for line in config.split()
            if line.startswith("CONFIG_VFIO") and line not in have]


def _build(tree, obj, *args):
    """Our folder anew, and what is said about our files."""
    cache.remove(obj / build.DRIVER)
    return [line.replace(f"{tree}/", "") for line in _said(
        _make(tree, obj, *args, f"{build.DRIVER}/"), r"(?i)\b(warning|error):|\*\*\*")]


def _sparse(tree, obj):
    """Without what sparse says of the asserts that these macros have in newer kernels."""
    def macro(line):
        found = re.match(r"(\S+):(\d+):\d+: error: bad constant expression$", line)
        if not found:
            return False
        source = (tree / found[1]).read_text(encoding="utf-8").splitlines()
        return re.match(r"MODULE_\w+\(|module_param", source[int(found[2]) - 1])

    lines = _build(tree, obj, "C=2", f"CF={build.SPARSE}")
    return [line for line in lines if not macro(line)]


def _uapi_layout(theirs, ours, scratch):
    """What a header has otherwise than the one that it replaces: structures, constants."""
    texts = [header.read_text(encoding="utf-8") for header in (theirs, ours)]
    found, layouts = [], []

    def both(pattern):
        old, new = (set(re.findall(pattern, text, re.M)) for text in texts)
        found.extend(f"{name} is not there any more" for name in sorted(old - new))
        return sorted(old & new)

    structs = both(r"^struct (\w+) \{")
    constants = both(r"^#define (\w+)[ \t]+\S")
    for header in (theirs, ours):
        code = f'#include "{header}"\n' + "".join(f"struct {n} v_{n};\n" for n in structs) + \
            "".join(f"enum e_{n} {{ value_{n} = {n} }} e_{n};\n" for n in constants)
        (scratch / "t.c").write_text(code, encoding="utf-8")
        run_command(["s390x-linux-gnu-gcc", "-D__packed=__attribute__((packed))", "-g", "-c",
                     scratch / "t.c", "-o", scratch / "t.o"])
        layouts.append([run_command(["pahole", "-C", n, scratch / "t.o"])
                        for n in structs + [f"e_{n}" for n in constants]])
    return found + [f"{n} is otherwise in the kernel's" for n, a, b in
                    zip(structs + constants, *layouts) if a != b or not a]


def _uapi(tree, obj, tally):
    """It has to compile by itself, as C90 and as C++, and to mean what it meant."""
    with cache.scratch() as scratch:
        run_command(_make(tree, obj, "headers_install", f"INSTALL_HDR_PATH={scratch}/usr"))
        for language, standard in (("c", "c90"), ("c++", "c++11")):
            compiler = "s390x-linux-gnu-gcc" if language == "c" else "s390x-linux-gnu-g++"
            if not any(os.access(os.path.join(p, compiler), os.X_OK)
                       for p in os.environ["PATH"].split(":")):
                tally.skip(f"uapi header as {standard}", f"{compiler} is not installed")
                continue
            tally.check(f"uapi header as {standard}", _said(
                [compiler, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                 "-x", language, f"-I{scratch}/usr/include",
                 f"{scratch}/usr/include/linux/vfio_ccw.h"], r"(warning|error):"))
        theirs = tree / "include/uapi/linux/.vfio_ccw.h.kernel"
        if theirs.exists():
            tally.check("uapi header against the kernel's",
                        _uapi_layout(theirs, build.CHECKOUT / UAPI, scratch))
        else:
            tally.skip("uapi header against the kernel's", "this kernel has none")


def _semantic_patch(tree, obj, file, folder):
    """What a semantic patch of the kernel's reports, as coccicheck would have it run."""
    text = file.read_text(encoding="utf-8")
    options = re.search(r"^// Options: (.*)", text, re.M)
    cmd = ["spatch", "-D", "report", "--no-show-diff", "--very-quiet", "--cocci-file", file,
           *(options[1].split() if options else []), "--dir", folder]
    for top in (tree, obj):
        for sub in ("arch/s390/include", "arch/s390/include/generated", "include", "include/uapi"):
            cmd += ["-I", top / sub]
    lines = _said(cmd, r"^\S+\.[ch]:\d+|[Ee]rror")
    return [line.replace(f"{folder}/", "") for line in lines]


def _coccicheck(tree, obj, tally):
    """All that spatch here can run; some of the newest want a newer one, or OCaml."""
    files = [f for f in sorted((tree / "scripts/coccinelle").rglob("*.cocci"))
             if re.search(r"^virtual.*\breport\b", f.read_text(encoding="utf-8"), re.M)]
    able = [f for f in files if "script:ocaml" not in f.read_text(encoding="utf-8")
            and not _said(["spatch", "--parse-cocci", f, "-D", "report"], r"rror")]
    folder = build.CHECKOUT / build.DRIVER
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(lambda f: _semantic_patch(tree, obj, f, folder), able))
    for file, lines in zip(able, said):
        tally.check(f"coccicheck {file.stem}", lines)
    for file in files:
        if file not in able:
            tally.skip(f"coccicheck {file.stem}", "the installed spatch cannot run it")


def _selftests(tree, obj, tally):
    """The tests of user space as the kernel's own make builds and installs them."""
    cache.remove(obj / "kselftest")
    run_command(_make(tree, obj, "headers"))
    lines = _said(["make", "-C", tree / "tools/testing/selftests", f"O={obj}", *CROSS,
                   f"-j{os.cpu_count()}", f"TARGETS={SELFTESTS}", "install"],
                  r"(?i)\b(warning|error):|\*\*\*|undefined reference")
    installed = obj / "kselftest/kselftest_install" / SELFTESTS
    wanted = [f.stem for f in kselftest.TESTS.glob("vfio_ccw_*.c")] + list(kselftest.SCRIPTS)
    lines = lines or [f"{name} is not installed" for name in sorted(wanted)
                      if not (installed / name).exists()]
    tally.check("kselftests, built and installed by the kernel's make", lines)


class Kunit:
    """What kunit.py says: its steps are phases, what fails is shown with what is said of it."""

    STEP = re.compile(r"(?:Configur|Build|Start)ing KUnit Kernel")
    RESULT = re.compile(r"\[(PASSED|SKIPPED|FAILED|CRASHED|ERROR)\] (.*)")
    COUNTS = re.compile(r"Testing complete\. Ran \d+ tests: (.*)")

    def __init__(self, phases):
        self.phases = phases
        self.notes = []             # lines since the last result
        self.counts = {}

    def line(self, line):
        """One more line."""
        line = re.sub(r"^\[[\d:]{8}\] ?", "", line.rstrip())
        result, counts = self.RESULT.match(line), self.COUNTS.match(line)
        if self.STEP.match(line):
            self.phases.close()
            self.phases.enter_context(phase(line.rstrip(" .")))
        elif counts:
            self.counts = {what: int(n) for what, n in re.findall(r"(\w+): (\d+)", counts[1])}
        elif line.startswith("==="):
            self.notes = []
        elif result:
            self._result(*result.groups())
            self.notes = []
        else:
            self.notes = self.notes[-40:] + [line]

    def _result(self, status, name):
        if status == "SKIPPED":
            print(f"skip    {name}", flush=True)
        elif status != "PASSED":
            print("\n".join([f"not ok  {name}", *(f"    {n}" for n in self.notes[:20])]),
                  flush=True)

    def end(self, status, tally):
        """No more will come; that is no success unless kunit.py says so and tests have passed."""
        passed, failed, crashed, errors, skipped = (self.counts.get(what, 0) for what in (
            "passed", "failed", "crashed", "errors", "skipped"))
        failed += crashed + errors
        if failed or (passed and not status):
            tally.add("kunit.py", passed, failed, skipped)
        else:
            tally.check("kunit.py", self.notes + [f"kunit.py ended with {status}"])


def _kunit(tree, obj, tally):
    """As whoever gets the driver would run its suites; what was built stays for the next time."""
    with contextlib.ExitStack() as phases, \
            open(obj.with_suffix(".log"), "w", encoding="utf-8") as out, \
            subprocess.Popen(tied([*KUNIT, f"--build_dir={obj}"]), cwd=tree, text=True,
                             errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT) as child:
        kunit = Kunit(phases)
        try:
            for line in child.stdout:
                out.write(line)
                kunit.line(line)
        except BaseException:
            child.terminate()
            raise
    kunit.end(child.returncode, tally)


def run(args):
    """All of it, counted."""
    run_command([apt.NEED, *debug.TOOLS, *TOOLS])
    tally = Tally("kernel-check")
    pristine = debug.source()
    where = cache.path("build", cache.key(build.CHECKOUT), pristine.name)
    tree = where / "source"
    with cache.lock(f"build/{where.parent.name}/{where.name}"):
        if not tree.exists():
            cache.produce(tree, lambda tmp: run_command(["cp", "-al", pristine, tmp]))
        run_command([build.CHECKOUT / "tools/lab/lab", "link", tree])
        text = debug.CONFIG.read_text(encoding="utf-8")
        for name, config in (("everything", text + EVERYTHING), ("little", LITTLE)):
            obj = where / name
            with phase(f"preparing a kernel with {name}"):
                wrong = _configure(tree, obj, config)
            tally.check(f"Kconfig, a kernel with {name}", wrong)
            with phase(f"building in a kernel with {name}"):
                tally.check(f"build with W=1, a kernel with {name}",
                            _build(tree, obj, "W=1"))
        obj = where / "everything"
        with phase("sparse"):
            tally.check("sparse", _sparse(tree, obj))
        _uapi(tree, obj, tally)
        with phase("building the kselftests"):
            _selftests(tree, obj, tally)
        tally.check("kernel-doc", docs.kernel_doc(tree / "scripts/kernel-doc"))
        for name in docs.c_files():
            tally.check(f"checkpatch {name}",
                        style.checkpatch(tree / "scripts/checkpatch.pl", name))
        tally.check("includes", _said(
            ["perl", tree / "scripts/checkincludes.pl",
             *(build.CHECKOUT / f for f in docs.c_files() if "/tests/" not in f)],
            "included more than once"))
        if args.no_cocci:
            tally.skip("coccicheck", "--no-cocci")
        else:
            with phase("coccicheck"):
                _coccicheck(tree, obj, tally)
        if args.no_kunit:
            tally.skip("kunit.py", "--no-kunit")
        else:
            _kunit(tree, where / "kunit", tally)
    return tally.end()
