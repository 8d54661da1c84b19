#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fuzz.sh BUILD CORPUS SEED RUNS: the corpus and RUNS programs more on this
# machine; the corpus, the table of rules and some programs more on s390x.
# Counted are the corpus, the seed and the rows of the table, not each program.

set -eu -o pipefail

build=$1 corpus=$2 seed=$3 runs=$4
passed=0 failed=0 skipped=0

# count NAME COMMAND...: run it, show what it says, add its result line up
count() {
	local name=$1 log line status=0
	shift
	log=$(mktemp)
	"$@" >"$log" 2>&1 || status=$?
	line=$(grep -E '^[a-z]+: [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || true
	grep -vE '^[a-z]+: [0-9]+ passed' "$log" | sed "s/^/$name: /" || true
	rm -f "$log"
	if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
		passed=$((passed + BASH_REMATCH[1]))
		failed=$((failed + BASH_REMATCH[2]))
	fi
	if [ "$status" != 0 ] && [ "${BASH_REMATCH[2]:-0}" = 0 ]; then
		echo "$name: ended with $status"
		failed=$((failed + 1))
	fi
}

count x86 "$build/san/fuzz" -s "$seed" -n "$runs" "$corpus"

if [ -x "$build/s390x/fuzz" ] && command -v qemu-s390x >/dev/null; then
	count s390x qemu-s390x "$build/s390x/unit"
	count s390x qemu-s390x "$build/s390x/fuzz" -s "$seed" -n $((runs / 100)) "$corpus"
else
	echo "skip s390x: no cross compiler or no qemu-s390x (tools/lab/need gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user)"
	skipped=$((skipped + 1))
fi

echo "fuzz: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
