# SPDX-License-Identifier: GPL-2.0-only
"""Build our kselftests and the benchmark, which run on any kernel."""

from kernels import stock
from lablib import apt, build, cache, kernel
from lablib.progress import phase, run

TESTS = build.CHECKOUT / "tools/testing/selftests/drivers/s390x/vfio_ccw"
SCRIPTS = ("setup.sh", "run.sh")
PARTS = ["tools/testing/selftests", "include/uapi/linux"]


def harness():
    """The harness and the headers that the C library may be too old for."""
    known = stock.packages()

    def make(tmp):
        deb, = apt.fetch([known["packages"]["source"]])
        with phase("unpacking the kernel's test harness"):
            kernel.unpack_source(deb, tmp, PARTS)

    return cache.produce(cache.path("kselftest", known["release"]), make)


def programs():
    """The paths of what was built, and of the scripts beside it."""
    source = harness()
    where = cache.path("build", cache.key(TESTS), "selftests")
    with cache.lock(f"build/{where.parent.name}/selftests"):
        where.mkdir(parents=True, exist_ok=True)
        with phase("building the selftests"):
            run(["make", "-C", TESTS, "-j2", f"KSRC={source}", f"OUTPUT={where}",
                 "CROSS_COMPILE=s390x-linux-gnu-"])
    found = sorted(f for f in where.iterdir() if f.name.startswith("vfio_ccw_"))
    return found + [TESTS / script for script in SCRIPTS]


def files():
    """The same, as a Job wants them."""
    return [(f, f"/lab/selftests/{f.name}") for f in programs()]
