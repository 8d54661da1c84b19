#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fuzz.sh BUILD CORPUS SEED RUNS: the corpus and RUNS programs more on this
# machine; the corpus, the table of rules and some programs more on s390x.
# Counted are the corpus, the seed and the rows of the table, not each program.

set -eu -o pipefail

build=$1 corpus=$2 seed=$3 runs=$4
# shellcheck source-path=SCRIPTDIR source=count.sh
. "$(dirname "$0")/count.sh"

count x86 "$build/san/fuzz" -s "$seed" -n "$runs" "$corpus"

if [ -x "$build/s390x/fuzz" ] && command -v qemu-s390x >/dev/null; then
	count s390x qemu-s390x "$build/s390x/unit"
	count s390x qemu-s390x "$build/s390x/fuzz" -s "$seed" -n $((runs / 100)) "$corpus"
else
	echo "skip s390x: no cross compiler or no qemu-s390x (tools/lab/need gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user)"
	skipped=$((skipped + 1))
fi

total fuzz
