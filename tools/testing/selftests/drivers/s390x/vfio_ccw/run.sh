#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-o DIR] [-t TEST]... [-a ARG]... BUSID...
#	gives the subchannels to vfio_ccw, runs the test programs on each of
#	them, gives them back. TEST is as "abi" or "start"; without it, all that
#	can be run on any device. Each ARG is for the programs, as "-v type1".
#	The whole output goes to DIR (/tmp), what failed is shown.
set -u

here=$(dirname "$(readlink -f "$0")")
out=/tmp
tests=
args=

while getopts o:t:a: opt; do
	case $opt in
	o) out=$OPTARG ;;
	t) tests="$tests $OPTARG" ;;
	a) args="$args $OPTARG" ;;
	*) sed -n '4,8s/^#[ 	]*//p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))

if [ -z "$tests" ]; then
	tests="abi start suspend ipl async migrate dma stale life storm fault report random"
fi

uuids=$(sh "$here/setup.sh" up "$@") || exit 1
modprobe -q hoststart 2>/dev/null	# for the compare test
trap 'sh "$here/setup.sh" down' EXIT

# shellcheck disable=SC2086 # words
set -- $args
# variants that this kernel has no use for would only be skipped
if [ ! -e /dev/iommu ]; then
	set -- "$@" -V iommufd -V group_iommufd
fi

failed=0
for uuid in $uuids; do
	# the one under test first; those after it are its company
	others=$(echo "$uuids" | grep -v "$uuid" | tr '\n' ' ')
	sch=$(basename "$(dirname "$(readlink -f "/sys/bus/mdev/devices/$uuid")")")
	for test in $tests; do
		log=$out/$sch-$test.tap
		VFIO_CCW_UUID="$uuid $others" \
			"$here/vfio_ccw_${test}_test" "$@" > "$log" 2>&1
		rc=$?
		grep -E '^not ok|^# .*:Expected|^# .*timeout|^# [^ ]*[.]c:' "$log"
		echo "$sch $test: $(grep '^# Totals' "$log" || echo "ended with $rc")"
		[ $rc -eq 0 ] || [ $rc -eq 4 ] || failed=1
	done
done
exit $failed
