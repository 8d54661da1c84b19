# SPDX-License-Identifier: GPL-2.0-only
"""The cache: things made once, found again, never seen half made."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from lablib.progress import LabError, say


def root():
    """The cache's folder."""
    place = os.environ.get("VFIO_CCW_CACHE")
    if not place:
        place = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        place = os.path.join(place, "vfio-ccw")
    place = Path(place).absolute()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LabError(f"{place}: {error.strerror}; name a writable folder "
                       "with VFIO_CCW_CACHE") from None
    return place


def path(*parts):
    """A place in the cache; its parent exists afterwards."""
    place = root().joinpath(*parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def key(*parts):
    """A short name for things that differ when any of the parts do."""
    text = "\0".join(str(p) for p in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@contextlib.contextmanager
def lock(name):
    """Hold the lock of that name; it goes when the process does."""
    place = path("locks", name.strip("/").replace("/", "_"))
    with open(place, "a", encoding="ascii") as handle:
        for _ in range(20):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        else:
            say(f"waiting for another lab that works on {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def remove(place):
    """Remove a file, a link or a tree, if there."""
    place = Path(place)
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def produce(dest, make):
    """Return dest; if it is not there, make(tmp) makes it, where tmp becomes dest."""
    dest = Path(dest)
    if dest.exists():
        return dest
    dest.parent.mkdir(parents=True, exist_ok=True)
    with lock(str(dest.relative_to(root()))):
        if not dest.exists():
            with scratch() as place:
                make(place / dest.name)
                os.rename(place / dest.name, dest)
    return dest


def write(place, text):
    """Write a small file in one go."""
    place = Path(place)
    fd, tmp = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    with os.fdopen(fd, "w", encoding="utf-8") as out:
        out.write(text)
    os.rename(tmp, place)


def record(name, lookup, refresh=False):
    """What lookup() answered when it was first asked, or is asked anew for."""
    place = path("records", name + ".json")
    if not refresh and place.exists():
        return json.loads(place.read_text(encoding="utf-8"))
    with lock("records/" + name):
        if not refresh and place.exists():
            return json.loads(place.read_text(encoding="utf-8"))
        value = lookup()
        write(place, json.dumps(value, indent=1) + "\n")
    return value


@contextlib.contextmanager
def scratch():
    """A folder for this run alone; a later run takes away what a killed one left."""
    where = path("tmp", "x").parent
    with lock("scratch"):
        for old in where.iterdir():
            _drop_if_dead(old)
        place = Path(tempfile.mkdtemp(dir=where, prefix="run-"))
        alive = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(alive, fcntl.LOCK_EX)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(alive)


def _drop_if_dead(place):
    """Its owner holds a lock on the folder itself for as long as it lives."""
    try:
        handle = os.open(place, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove(place)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)
