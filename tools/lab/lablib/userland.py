# SPDX-License-Identifier: GPL-2.0-only
"""s390x root file systems, unpacked from packages; nothing in them is run here."""

import re
from pathlib import Path

from lablib import apt, cache
from lablib.progress import LabError, phase, run

LISTS = Path(__file__).resolve().parents[1] / "userlands"


def names():
    """The userlands there are."""
    return sorted(f.stem for f in LISTS.glob("*.list"))


def packages(name):
    """
    The packages a userland's list names, those it includes among them, and the suite they are
    from.
    """
    file = LISTS / (name + ".list")
    if not file.exists():
        raise LabError(f"no userland '{name}'; there are: {' '.join(names())}")
    wanted, suite = [], "bookworm"
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words[:1] == ["include"]:
            wanted += packages(words[1])[0]
        elif words[:1] == ["from"]:
            suite = words[1]
        else:
            wanted += words
    return wanted, suite


def specs(name, refresh=False):
    """What exactly is in it."""
    wanted, suite = packages(name)
    return cache.record(f"userland-{name}-{cache.key(*wanted)}",
                        lambda: apt.closure(wanted, _release(suite), suite), refresh)


def _release(suite):
    return suite.split("-")[0]


def get(name="minimal", refresh=False):
    """The folder of an unpacked userland; shared, so do not write there."""
    what = specs(name, refresh)

    def make(tmp):
        debs = apt.fetch(what, _release(packages(name)[1]))
        with phase(f"unpacking the userland '{name}'"):
            apt.unpack(debs, tmp)
            _finish(tmp)
            if (tmp / "usr/bin/dkms").exists() or (tmp / "usr/sbin/dkms").exists():
                _as_installed(tmp, debs)

    return cache.produce(cache.path("userlands", f"{name}-{cache.key(*what)}"), make)


def _as_installed(root, debs):
    """The database of a dpkg that has installed all of it."""
    info = root / "var/lib/dpkg/info"
    info.mkdir(parents=True, exist_ok=True)
    status = ""
    for deb in debs:
        fields = run(["dpkg-deb", "-f", deb]).strip()
        name = re.search("^Package: (.*)", fields, re.M)[1]
        if re.search("^Multi-Arch: same", fields, re.M):
            name += ":s390x"
        status += fields.replace("\n", "\nStatus: install ok installed\n", 1) + "\n\n"
        names = run(["sh", "-c", 'dpkg-deb --fsys-tarfile "$1" | tar -t', "-", deb])
        (info / f"{name}.list").write_text(
            "".join(f"{n[1:].rstrip('/') or '/.'}\n" for n in names.split("\n") if n),
            encoding="utf-8")
    (root / "var/lib/dpkg/status").write_text(status, encoding="utf-8")


def _finish(root):
    """What the packages' scripts would have done that anything here needs."""
    for name in ("bin", "sbin", "lib"):
        if not (root / name).exists() and (root / "usr" / name).exists():
            (root / name).symlink_to(f"usr/{name}")
    for link, target in (("bin/sh", "bash"), ("etc/mtab", "../proc/self/mounts"),
                         ("usr/bin/awk", "mawk")):
        place = root / link
        if not place.is_symlink() and not place.exists() and \
                (place.parent / target).exists() | target.startswith(".."):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
    for name in ("dev", "etc", "proc", "sys", "tmp"):
        (root / name).mkdir(exist_ok=True)
    etc = root / "etc"
    for name, text in (("passwd", "root:x:0:0:root:/root:/bin/bash\n"),
                       ("group", "root:x:0:\ntty:x:5:\ndisk:x:6:\nkvm:x:106:\n"),
                       ("hosts", "127.0.0.1 localhost\n"), ("hostname", "lab\n")):
        if not (etc / name).exists():
            (etc / name).write_text(text, encoding="ascii")
