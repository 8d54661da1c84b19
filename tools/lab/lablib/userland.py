# SPDX-License-Identifier: GPL-2.0-only
"""s390x root file systems, unpacked from packages; nothing in them is run here."""

from pathlib import Path

from lablib import apt, cache
from lablib.progress import LabError, phase

LISTS = Path(__file__).resolve().parents[1] / "userlands"


def names():
    """The userlands there are."""
    return sorted(f.stem for f in LISTS.glob("*.list"))


def packages(name):
    """The packages a userland's list names, those it includes among them."""
    file = LISTS / (name + ".list")
    if not file.exists():
        raise LabError(f"no userland '{name}'; there are: {' '.join(names())}")
    wanted = []
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words[:1] == ["include"]:
            wanted += packages(words[1])
        else:
            wanted += words
    return wanted


def specs(name, refresh=False):
    """What exactly is in it."""
    wanted = packages(name)
    return cache.record(f"userland-{name}-{cache.key(*wanted)}",
                        lambda: apt.closure(wanted), refresh)


def get(name="minimal", refresh=False):
    """The folder of an unpacked userland; shared, so do not write there."""
    what = specs(name, refresh)

    def make(tmp):
        debs = apt.fetch(what)
        with phase(f"unpacking the userland '{name}'"):
            apt.unpack(debs, tmp)
            _finish(tmp)

    return cache.produce(cache.path("userlands", f"{name}-{cache.key(*what)}"), make)


def _finish(root):
    """What the packages' scripts would have done that anything here needs."""
    for link, target in (("bin/sh", "bash"), ("etc/mtab", "../proc/self/mounts"),
                         ("usr/bin/awk", "mawk")):
        place = root / link
        if not place.is_symlink() and not place.exists() and \
                (place.parent / target).exists() | target.startswith(".."):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
    etc = root / "etc"
    etc.mkdir(exist_ok=True)
    for name, text in (("passwd", "root:x:0:0:root:/root:/bin/bash\n"),
                       ("group", "root:x:0:\ntty:x:5:\ndisk:x:6:\nkvm:x:106:\n"),
                       ("hosts", "127.0.0.1 localhost\n"), ("hostname", "lab\n")):
        if not (etc / name).exists():
            (etc / name).write_text(text, encoding="ascii")
