# SPDX-License-Identifier: GPL-2.0-only
"""What is done when the archive does not answer as it should; a script plays apt-get."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from lablib import apt
from lablib.progress import LabError

NEED = apt.NEED
MISMATCH = "E: Failed to fetch Packages.xz  Hash Sum mismatch\n   Mirror sync in progress?"
NO_NETWORK = "E: Failed to fetch InRelease  Temporary failure resolving 'archive'"

# Fails as often as there are lines in "errors", a line each time; writes down what it was asked.
APT_GET = r"""#!/bin/sh
cd "$FAKE" || exit
for word; do
	case $word in update | download | install | indextargets) break ;; esac
done
if [ "$word" = indextargets ]; then
	[ ! -e no-lists ] && echo "Debian|http://archive/debian/|bookworm"
	exit 0
fi
echo "$word" >>asked
if [ -s errors ]; then
	head -n 1 errors | sed 's/\\n/\n/g'
	sed -i 1d errors
	exit 100
fi
rm -f no-lists
[ "$word" != download ] || touch "$OLDPWD/thing_1_all.deb"
"""


class Archive(unittest.TestCase):
    """A cache, an archive and an apt of its own for each test."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        for name, text in (("apt-get", APT_GET), ("sleep", "#!/bin/sh\n"),
                           ("dpkg-query", "#!/bin/sh\nexit 1\n"), ("sudo", "#!/bin/sh\n\"$@\"\n")):
            file = self.place / "bin" / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
            file.chmod(0o755)
        for patch in (mock.patch.dict(os.environ, FAKE=place.name,
                                      VFIO_CCW_CACHE=str(self.place / "cache"),
                                      PATH=f"{self.place}/bin:{os.environ['PATH']}"),
                      mock.patch("time.sleep"), mock.patch("lablib.progress.say"),
                      mock.patch("lablib.apt.host_arch", lambda: "amd64")):
            patch.start()
            self.addCleanup(patch.stop)

    def fail(self, *errors):
        """What apt-get is to fail with, one after the other."""
        (self.place / "errors").write_text("".join(e.replace("\n", "\\n") + "\n" for e in errors))

    def asked(self):
        """What it was asked."""
        return (self.place / "asked").read_text().split()

    def need(self, *args):
        """tools/lab/need; its status and what it says."""
        done = subprocess.run([NEED, *args], text=True, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def test_update_again(self):
        """lists that do not fit together are fetched again"""
        self.fail(MISMATCH, MISMATCH)
        apt.State("bookworm").update()
        self.assertEqual(["update"] * 3, self.asked())

    def test_download_again(self):
        """a package that does not fit its list is fetched again"""
        apt.State("bookworm").update()
        self.fail(MISMATCH)
        file, = apt.fetch(["thing_1_all"])
        self.assertTrue(file.exists())
        self.assertEqual(["update", "download", "download"], self.asked())

    def test_give_up(self):
        """an archive that stays broken is given up with a word on what to do"""
        self.fail(*[MISMATCH] * 50)
        with self.assertRaisesRegex(LabError, "check the network"):
            apt.State("bookworm").update()
        self.assertFalse((self.place / "cache/apt/bookworm/updated").exists())

    def test_no_network(self):
        """without a network one line says what to do, at once"""
        self.fail(*[NO_NETWORK] * 50)
        with self.assertRaisesRegex(LabError, "connect the network and try again$") as raised:
            apt.fetch(["thing_1_all"])
        self.assertEqual("", raised.exception.detail)
        self.assertEqual(["update"], self.asked())

    def test_no_lists(self):
        """without a network and without lists of packages, too"""
        (self.place / "no-lists").touch()
        self.fail(*[NO_NETWORK] * 50)
        with self.assertRaisesRegex(LabError, "connect the network and try again$"):
            apt.fetch(["thing_1_all"])
        self.assertEqual(["update"], self.asked())

    def test_need(self):
        """need has old lists brought up to date and tries again"""
        self.fail("E: Unable to fetch: 404 Not Found", MISMATCH)
        self.assertEqual((0, "installing thing\n"), self.need("thing"))
        self.assertEqual(["install", "update", "update", "install"], self.asked())

    def test_need_no_network(self):
        """need says in one line that there is no network"""
        self.fail(*[NO_NETWORK] * 50)
        status, said = self.need("thing")
        self.assertEqual(2, status)
        self.assertRegex(said, r"^installing thing\nneed: .*connect the network and try again\n$")
        self.assertEqual(["install"], self.asked())

    def test_need_no_lists(self):
        """need says so, too, if there have never been lists of packages"""
        (self.place / "no-lists").touch()
        self.fail(NO_NETWORK, *["E: Unable to locate package"] * 9)
        status, said = self.need("thing")
        self.assertEqual(2, status)
        self.assertRegex(said, r"^installing thing\nneed: .*connect the network and try again\n$")
        self.assertEqual(["update"], self.asked())

    def test_need_broken(self):
        """need says what apt said if that does not help"""
        self.fail(*["E: Unable to correct problems"] * 50)
        status, said = self.need("thing")
        self.assertEqual(2, status)
        self.assertRegex(said, "Unable to correct problems\nneed: could not install thing;")
