# SPDX-License-Identifier: GPL-2.0-only
"""checkpatch is that of the stock kernel's own source."""

import concurrent.futures
import os
import re
import subprocess

from lablib import build, kernel
from lablib.progress import phase, run as run_program, tied
from lablib.tally import Tally

HELP = "check the sources' style and what compilers and sparse say"

TOP = build.CHECKOUT
# What wants a whole kernel tree or a patch; and what takes a table for a macro gone wrong.
IGNORE = ("FILE_PATH_CHANGES,EMAIL_SUBJECT,LINUX_VERSION_CODE,CONST_STRUCT,"
          "MACRO_ARG_REUSE,MACRO_ARG_UNUSED,COMPLEX_MACRO,MULTISTATEMENT_MACRO_USE_DO_WHILE")
# Programs and headers of user space do without the kernel's own types, macros and printing.
IGNORE_USER = IGNORE + (",NEW_TYPEDEFS,PREFER_KERNEL_TYPES,VOLATILE,AVOID_EXTERNS,CAMELCASE,"
                        "PREFER_DEFINED_ATTRIBUTE_MACRO,ARRAY_SIZE,BIT_MACRO,NAKED_SSCANF,"
                        "EMBEDDED_FUNCTION_NAME,USE_NEGATIVE_ERRNO,MACRO_WITH_FLOW_CONTROL,"
                        "ENOSYS,MULTIPLE_ASSIGNMENTS")
# Where a rule does not know the form of the file: rows of tables, TRACE_EVENT, FIXTURE_DATA.
IGNORE_IN = (
    (r"/cp_rules\.h$", ",LONG_LINE,LONG_LINE_STRING,SPACING"),
    (r"/unit_status\.c$", ",LONG_LINE"),
    (r"_trace\.h$", ",OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,TRAILING_SEMICOLON"),
    # The harness' ASSERT is more than one statement.
    (r"/selftests/", ",SPACING,BRACES"),
    (r"/tests/exports\.c$", ",EXPORT_SYMBOL"),
    (r"/quiesce_kunit\.c$", ",REPEATED_WORD"),
)

# Scripts of a guest name files that are not here, and commands that are for another shell.
UNSEEN = "SC1091,SC2016"
# Their form has no room for a comment.
NO_COMMENTS = r"\.md$|/corpus/|^Documentation/ABI/|^debian/"


def arguments(parser):
    """None."""
    del parser


def _files():
    """Our files, tracked or about to be."""
    text = run_program(["git", "-c", "safe.directory=*", "-C", TOP, "ls-files", "-co",
                        "--exclude-standard"])
    return [f for f in text.splitlines()
            if (TOP / f).is_file() and not f.startswith("LICENSES/")]


def _lines(cmd, cwd=TOP):
    """What a checker says; nothing if it is content."""
    done = subprocess.run(tied(cmd), cwd=cwd, text=True, errors="replace",
                          check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return lines if done.returncode else []


def _text(name):
    try:
        return (TOP / name).read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):     # gone meanwhile
        return ""


def checkpatch(tool, name):
    """What it finds in a file."""
    ours = name.startswith("drivers/") and "/tests/" not in name
    ignore = IGNORE if ours else IGNORE_USER
    ignore += "".join(more for where, more in IGNORE_IN if re.search(where, name))
    # In a git tree it would leave a file behind.
    lines = _lines([tool, "--no-tree", "--strict", "--terse", "--no-summary", "--show-types",
                    "--max-line-length=100", f"--ignore={ignore}", "-f", TOP / name],
                   cwd=tool.parent)
    return [line.removeprefix(f"{TOP}/") for line in lines
            if re.search(r": (ERROR|WARNING|CHECK):", line)]


def _python(name):
    try:
        compile(_text(name), name, "exec")
    except SyntaxError as error:
        return [str(error)]
    return []


def _shebang(name):
    return _text(name).split("\n", 1)[0]


def _spdx(files):
    """Every file says its licence in its first lines, if its form has room for a comment."""
    for name in files:
        text = _text(name)
        if text and "SPDX-License-Identifier: " not in "\n".join(text.split("\n")[:5]) \
                and not re.search(NO_COMMENTS, name):
            yield f"{name}: no SPDX-License-Identifier in its first five lines"


def run(args):
    """Check, count."""
    del args
    kern = kernel.get("stock")
    tally = Tally("style")
    files = _files()
    code = [f for f in files if re.search(r"\.[ch]$|/Kconfig$", f)]
    python = [f for f in files if f.endswith(".py") or "python" in _shebang(f)]
    shell = [f for f in files if f.endswith(".sh") or
             re.match(r"#!/bin/(ba)?sh|#!/bin/busybox sh", _shebang(f))]

    tool = kern.source / "scripts/checkpatch.pl"
    with phase(f"checkpatch over {len(code)} files"), \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(lambda name: checkpatch(tool, name), code))
    for name, lines in zip(code, said):
        tally.check(f"checkpatch {name}", lines)
    for name in python:
        tally.check(f"python {name}", _python(name))
    for name in shell:
        # those that are sourced say it themselves
        dialect = "sh" if re.match(r"#!.*[/ ]sh$", _shebang(name)) else "bash"
        tally.check(f"shellcheck {name}", _lines(["shellcheck", "-s", dialect, "-e", UNSEEN, name]))
    tally.check("codespell", _lines(["codespell", *files]))
    tally.check("licences", list(_spdx(files)))
    if (TOP / build.DRIVER / "Makefile").exists():
        with phase("building with W=1 and sparse"):
            tally.check("no warning of W=1 or sparse",
                        build.warnings(kern, ["W=1", "C=2", f"CF={build.SPARSE}"]))
    return tally.end()
