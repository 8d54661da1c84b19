# SPDX-License-Identifier: GPL-2.0-only
"""What 4 KiB to and from an ECKD disk of Hercules cost, with the existing driver and ours."""

import re
import statistics
import time

from lablib import build, cache, kselftest, rst
from lablib.job import Job
from lablib.progress import LabError, phase, say
from machines import hercules

TABLE = build.CHECKOUT / "Documentation/project/bench-disk.rst"

ROWS = [
    ("read1.warm", "read of 1 block, page used before"),
    ("read12.warm", "read of 12 blocks, pages used before"),
    ("read12.cold", "read of 12 blocks, new pages"),
    ("write1.warm", "write of 1 block, page used before"),
    ("write12.warm", "write of 12 blocks, pages used before"),
    ("write12.cold", "write of 12 blocks, new pages"),
]

# One boot for both, and by turns: what else the machine has to do falls on both.
JOB = """
set -e
for round in $(seq $ROUNDS); do
	for which in existing ours; do
		insmod /lab/$which/mdev.ko
		insmod /lab/$which/vfio_ccw.ko
		uuid=$(bash /lab/selftests/setup.sh up 0.0.2b09)
		VFIO_CCW_UUID=$uuid VFIO_CCW_SCRATCH=1 /lab/selftests/vfio_ccw_disk_bench -n $STARTS |
			while read -r line; do echo "$which $line"; done
		bash /lab/selftests/setup.sh down
		rmmod vfio_ccw mdev
	done
done
"""


def _boot(kern, rounds, starts):
    """{(driver, row): [(wall, cpu) of each round]} in nanoseconds for a block."""
    found = {}

    def take(line):
        row = re.match(r"(ours|existing) disk (\S+) (\d+) (\d+)$", line)
        if row:
            found.setdefault((row[1], row[2]), []).append((int(row[3]), int(row[4])))
        else:
            say(f"  {line}")

    files = kselftest.files()
    for which in ("existing", "ours"):
        for module in build.modules(kern, existing=which == "existing"):
            files.append((module, f"/lab/{which}/{module.name}"))
    with phase("running both drivers by turns on hercules"):
        result = hercules.run(Job(
            command=JOB, kernel=kern, load=["vfio_iommu_type1"], files=files,
            env={"ROUNDS": rounds, "STARTS": starts}, output=take, timeout=1500,
            # a disk that costs no switch of threads: the driver is what is measured
            devices=["2b09 3390 {new} syncio"]))
    result.report()
    if result.exit_status():
        raise LabError("the benchmark failed")
    return found


def _median(values):
    return statistics.median(values) / 1000


def _rst(rows, note):
    lines = rst.head("bench --machine hercules", note) + rst.table(rows)
    return "\n".join(lines) + "\n"


def run(kern, args, tally):
    """Measure, print, and count each row whose CPU time is not less than before as failed."""
    starts = 900
    found = _boot(kern, args.disk_rounds, starts)
    head = ["4 KiB of an ECKD disk", "existing: µs", "ours: µs", "ratio",
            "existing: CPU µs", "ours: CPU µs", "ratio"]
    rows = [head]
    for name, what in ROWS:
        cells = []
        for kind in (0, 1):
            theirs, ours = (_median([r[kind] for r in found[which, name]])
                            for which in ("existing", "ours"))
            cells += [f"{theirs:.1f}", f"{ours:.1f}", f"{ours / theirs:.2f}"]
        rows.append([what, *cells])
        tally.check(what, [] if ours < theirs else ["more CPU time than the existing driver"])
    for row in rows:
        print(f"{row[0]:40}" + "".join(f"{cell:>17}" for cell in row[1:]))
    if args.write:
        cache.write(TABLE, _rst(rows, (
            f"Time and CPU time (all that the machine did not idle) for a block of 4 KiB on "
            f"{kern.release} in Hercules, medians of {args.disk_rounds} runs, measured on {time.strftime('%Y-%m-%d')}.")))
