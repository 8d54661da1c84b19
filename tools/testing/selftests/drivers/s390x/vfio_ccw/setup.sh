#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh up BUSID...	gives each subchannel to vfio_ccw and makes its mdev;
#			prints the uuids, one a line
# setup.sh down		undoes that, and gives each back to the driver it had
#
# BUSID is that of a ccw device or, where there is none of it, of a subchannel.
set -eu

# not where anybody else could have put it: what it says is done as root
state=${VFIO_CCW_STATE:-/run/vfio-ccw-tests.setup}
css=/sys/bus/css

# io_subchannel does not bear being unbound while it still senses a device
settle()
{
	if [ -e /proc/cio_settle ]; then echo 1 > /proc/cio_settle; fi
}

fail()
{
	echo "setup.sh: $*" >&2
	exit 1
}

# the subchannel of a ccw device; without one of that name it is the busid itself
subchannel()
{
	if [ -e "/sys/bus/ccw/devices/$1" ]; then
		basename "$(dirname "$(readlink -f "/sys/bus/ccw/devices/$1")")"
	else
		echo "$1"
	fi
}

# of a subchannel's folder; nothing if it has none
driver()
{
	[ ! -e "$1/driver" ] || basename "$(readlink "$1/driver")"
}

up_one()
{
	sch=$(subchannel "$1")
	dir=$css/devices/$sch
	[ -d "$dir" ] || fail "$1: no such device"
	old=$(driver "$dir")
	old=${old:-none}

	for mdev in "$dir"/*-*-*-*-*; do
		[ ! -e "$mdev" ] || fail "$sch has a mediated device"
	done
	echo "$sch $old" >> "$state"
	for online in "$dir"/*/online; do
		if [ "$(cat "$online" 2>/dev/null)" = 1 ]; then
			echo 0 > "$online"
		fi
	done
	if [ "$old" != vfio_ccw ]; then
		echo vfio_ccw > "$dir/driver_override"
		[ "$old" = none ] || echo "$sch" > "$css/drivers/$old/unbind"
		echo "$sch" > "$css/drivers_probe"
	fi
	[ "$(driver "$dir")" = vfio_ccw ] ||
		fail "$sch: vfio_ccw did not take it"

	uuid=$(cat /proc/sys/kernel/random/uuid)
	echo "$uuid" > "$dir/mdev_supported_types/vfio_ccw-io/create"
	echo "$uuid"
}

up()
{
	[ ! -e "$state" ] || fail "$state exists: run 'setup.sh down' first"
	# whatever ends it before all is up
	trap 'trap "" HUP INT TERM; down' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	modprobe -q vfio_ccw 2>/dev/null || [ -d "$css/drivers/vfio_ccw" ] ||
		fail "no module vfio_ccw"
	settle
	for busid; do
		up_one "$busid"
	done
	trap - EXIT HUP INT TERM
}

# wherever it was interrupted, and whatever a test that was killed has left
down()
{
	[ -e "$state" ] || return 0
	while read -r sch old; do
		dir=$css/devices/$sch
		for remove in "$dir"/*-*-*-*-*/remove; do
			[ ! -e "$remove" ] || echo 1 > "$remove"
		done
		[ -d "$dir" ] || continue	# the device is gone
		echo "" > "$dir/driver_override"
		[ "$(driver "$dir")" != vfio_ccw ] ||
			echo "$sch" > "$css/drivers/vfio_ccw/unbind"
		[ "$old" = none ] || [ "$old" = vfio_ccw ] || [ "$(driver "$dir")" = "$old" ] ||
			echo "$sch" > "$css/drivers/$old/bind"
	done < "$state"
	settle
	rm -f "$state"
}

case ${1:-} in
up)	shift; up "$@" ;;
down)	down ;;
*)	sed -n '4,9s/^# *//p' "$0" >&2; exit 2 ;;
esac
