# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# To be sourced: run programs that end with "NAME: N passed, N failed", add that up.

passed=0 failed=0 skipped=0

# count NAME COMMAND...: run it, show what it says, add its result line up
count() {
	local name=$1 log line status=0 wrong=0
	shift
	log=$(mktemp)
	"$@" >"$log" 2>&1 || status=$?
	line=$(grep -E '^[a-z_]+: [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || true
	grep -vE '^[a-z_]+: [0-9]+ passed' "$log" | sed "s/^/$name: /" || true
	rm -f "$log"
	if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
		passed=$((passed + BASH_REMATCH[1]))
		wrong=${BASH_REMATCH[2]}
	fi
	if [ "$status" != 0 ] && [ "$wrong" = 0 ]; then
		echo "$name: ended with $status"
		wrong=1
	fi
	failed=$((failed + wrong))
}

# total NAME: the result line, and whether all is well
total() {
	echo "$1: $passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
