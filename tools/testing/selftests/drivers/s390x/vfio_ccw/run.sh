#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-w] [-o DIR] [-t TEST]... [-a ARG]... BUSID...
#	gives the subchannels to vfio_ccw, runs the test programs on each of
#	them, gives them back. Without a TEST all that can be run on any device.
#	Each ARG is for the programs, as "-v type1".
#	The whole output goes to DIR (/run/vfio-ccw-tests), what failed is shown. A
#	signal ends the test that runs, and the subchannels are given back then, too.
#	-w	the contents of these devices may be lost: disks are written to from
#		cylinder 0 or block 64 on, tapes from their beginning, and what else
#		a device can do to paper and cards it does. Without -w tests that
#		would write are skipped.
set -u

here=$(dirname "$(readlink -f "$0")")
out=/run/vfio-ccw-tests
everywhere="abi start suspend ipl async migrate dma stale life storm fault report watch random"
tests=
args=
unset VFIO_CCW_SCRATCH

usage()
{
	sed -n '4,/^set/s/^#[ 	]\{0,1\}//p' "$0" >&2
	echo "TEST is one of: $everywhere compare terminal" >&2
	exit 2
}

while getopts wo:t:a: opt; do
	case $opt in
	w) export VFIO_CCW_SCRATCH=1 ;;
	o) out=$OPTARG ;;
	t) tests="$tests $OPTARG" ;;
	a) args="$args $OPTARG" ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
mkdir -p "$out" || exit 1

[ -n "$tests" ] || tests=$everywhere

# A test's children have process groups of their own, so that whoever ends this script does not
# reach them; what they hold open would keep the subchannel. Their session is the test's.
sid=
# shellcheck disable=SC2317 # the traps call it
kill_session()
{
	left=1
	for stat in /proc/[0-9]*/stat; do
		read -r line < "$stat" || continue
		# shellcheck disable=SC2086 # words: state, parent, group, session
		set -- ${line##*) }
		if [ "$4" = "$sid" ] && [ "$1" != Z ]; then
			kill -9 "$(basename "${stat%/stat}")"
			left=0
		fi
	done 2>/dev/null
	return "$left"
}

# shellcheck disable=SC2317 # the traps call it
end()
{
	trap '' HUP INT TERM
	if [ -n "$sid" ]; then
		# what is about to unbind a device does that before it dies
		while kill_session; do sleep 0.1; done
		wait "$sid"
	fi
	[ -z "$uuids" ] || sh "$here/setup.sh" down
}
uuids=
trap end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# a signal has to wait until all is up
uuids=$(trap '' HUP INT TERM; sh "$here/setup.sh" up "$@") || exit 1
case " $tests " in
*" compare "*) modprobe -q hoststart || insmod "$here/test_modules/hoststart.ko" ;;
esac 2>/dev/null

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
			setsid "$here/vfio_ccw_${test}_test" "$@" > "$log" 2>&1 &
		sid=$!
		wait "$sid"
		rc=$?
		sid=
		grep -E '^not ok|^# .*:Expected|^# .*timeout|^# [^ ]*[.]c:' "$log"
		echo "$sch $test: $(grep -E '^# Totals|^1\.\.0 # SKIP' "$log" || echo "ended with $rc")"
		[ $rc -eq 0 ] || [ $rc -eq 4 ] || failed=1
	done
done
exit $failed
