# SPDX-License-Identifier: GPL-2.0-only
"""Kernels and programs of another Debian release."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from lablib import debian_kernel, foreign
from lablib.progress import LabError, run

GONE = "    E: Failed to fetch http://archive/x.deb  404  Not Found [IP: 192.0.2.1 80]\n"


class Programs(unittest.TestCase):
    """This machine's own shell and C library play those of another release."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name) / "a root"
        shell = Path(shutil.which("bash")).resolve()
        loader = Path(foreign.interpreter(shell))
        libraries = self.root / "usr/lib/here"
        for folder in ("usr/bin", "usr/lib/here", "usr" + str(loader.parent)):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(shell, self.root / "usr/bin/bash")
        for line in run(["ldd", shell]).splitlines():
            for file in [w for w in line.split() if w.startswith("/")]:
                shutil.copy(file, libraries)
        shutil.copy(loader.resolve(), libraries / loader.name)
        link = self.root / "usr" / str(loader)[1:]
        link.unlink(missing_ok=True)
        link.symlink_to(libraries / loader.name)
        (self.root / "usr/bin/script").write_text("#!/bin/sh\n", encoding="ascii")
        (self.root / "usr/bin/script").chmod(0o755)
        (self.root / "usr/bin/other").symlink_to("bash")

    def test_wrap(self):
        """a program of another release is run by its own loader, under the name it is called by"""
        foreign.wrap(self.root, self.root)
        for name in ("bash", "other"):
            program = self.root / "usr/bin" / name
            said = run([program, "-c", 'echo "$0:$1:$(tr "\\0" " " </proc/$$/cmdline)"'
                        '; while read -r map; do echo "$map"; done </proc/$$/maps',
                        f"{name}0", "a  b"])
            first, maps = said.split("\n", 1)
            self.assertTrue(first.startswith(f"{name}0:a  b:"), first)
            self.assertIn(f"--argv0 {program} ", first)
            libc = [line for line in maps.splitlines() if "libc.so" in line]
            self.assertTrue(libc)
            self.assertTrue(all(f"{self.root}/usr/lib/here/" in line for line in libc), libc)

    def test_rest(self):
        """scripts and libraries stay what they are"""
        libc = self.root / "usr/lib/here/libc.so.6"
        libc.chmod(0o755)
        before = libc.read_bytes()
        foreign.wrap(self.root, self.root)
        self.assertEqual(before, libc.read_bytes())
        self.assertEqual("#!/bin/sh\n", (self.root / "usr/bin/script").read_text())

    def test_final(self):
        """what the scripts run is where the programs are going to be, not where they are made"""
        foreign.wrap(self.root, Path("/final place"))
        script = (self.root / "usr/bin/bash").read_text()
        self.assertIn("'/final place/usr/bin/.bash.program'", script)
        self.assertNotIn(str(self.root), script)

    def test_no_loader(self):
        """a program whose loader none of the packages has is refused in one line"""
        shutil.rmtree(self.root / "usr/lib")
        for folder in self.root.glob("usr/lib64"):
            shutil.rmtree(folder)
        with self.assertRaisesRegex(LabError, "^bash is run by /.*, which none of the packages"):
            foreign.wrap(self.root, self.root)
        self.assertEqual(0, subprocess.call([self.root / "usr/bin/bash", "-c", ":"]))


class Releases(unittest.TestCase):
    """An archive whose lists are newer than what it has; what apt would ask is played."""

    IN_LISTS = ["6.12.9+deb13-s390x", "6.12.117+deb13-s390x", "6.12.107+deb13-s390x",
                "6.1.200+deb13-s390x", "6.13.1+deb13-s390x"]

    def look_up(self, have, error=GONE):
        """The release that is taken if the archive has these."""
        def show(package, *_):
            version = package.removeprefix("linux-headers-").split("+")[0]
            return {"Package": package, "Version": f"{version}-1", "Depends":
                    "linux-image-6.12.117+deb13-s390x" if package == "linux-image-s390x" else
                    f"linux-headers-{version}+deb13-common, linux-kbuild-{version}+deb13, gcc-14"}

        def fetch(specs, _):
            if not any(release in spec for release in have for spec in specs):
                raise LabError("the archive does not answer as it should", error)

        patches = {"show": show, "fetch": fetch, "host_arch": lambda: "amd64",
                   "names": lambda *_: [f"linux-headers-{v}" for v in self.IN_LISTS],
                   "exact": lambda names, *_: names, "closure": lambda names, *_: names}
        with mock.patch.multiple("lablib.apt", **patches), \
                mock.patch("lablib.debian_kernel.say"):
            return debian_kernel.lookup("trixie", "trixie", True)

    def test_newest(self):
        """the newest kernel is taken, with the source, kbuild and compiler that fit it"""
        found = self.look_up(["6.12.107+deb13-s390x", "6.12.117+deb13-s390x"])
        self.assertEqual("6.12.117+deb13-s390x", found["release"])
        self.assertEqual("linux-source-6.12=6.12.117-1", found["packages"]["source"])
        self.assertEqual(["linux-kbuild-6.12.117+deb13=6.12.117-1", "gcc-14-s390x-linux-gnu"],
                         found["tools"])

    def test_before(self):
        """while the newest is not in the archive yet, the one before it in its series is taken"""
        found = self.look_up(["6.12.107+deb13-s390x", "6.12.9+deb13-s390x",
                              "6.13.1+deb13-s390x"])
        self.assertEqual("6.12.107+deb13-s390x", found["release"])
        self.assertEqual("linux-source-6.12=6.12.107-1", found["packages"]["source"])

    def test_none(self):
        """no other is taken if there is none, or if it is the network that is missing"""
        for have, error in ([], GONE), (["6.12.107+deb13-s390x"], "    connection timed out\n"):
            with self.subTest(error), self.assertRaisesRegex(LabError, "does not answer"):
                self.look_up(have, error)
