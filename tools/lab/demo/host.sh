#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The demo as a person would type it on the host: $DEVICE is given away with our driver, put
# to use by what $USE has (dasd.sh, say), taken back. Each command is shown, then run;
# the first that fails ends it.

# shellcheck disable=SC2016,SC2034,SC2153 # till expands its argument; DEVICE comes from the lab
device=$DEVICE		# as 0.0.2b09
models=$MODELS		# what lscss says of it, as "3390/.*3990/"
uuid=7e270a25-e163-4922-af60-757fc8ed48c6

step() {
	step=$1
	echo
	echo "== $step"
}

fail() {
	echo "demo: the step '$step' failed: $1"
	dmesg | tail -n 15
	exit 1
}

run() {
	echo "host# $1"
	eval "$1" || fail "'$1' ended with $?"
}

# The same, and its output has to match.
expect() {
	local said status
	echo "host# $1"
	said=$(eval "$1" 2>&1)
	status=$?
	echo "$said"
	[ $status = 0 ] || fail "'$1' ended with $status"
	[[ $said =~ $2 ]] || fail "'$1' does not show $2"
}

# The host's drivers look at a new device for a while; the kernel does not like its driver to
# be taken away meanwhile.
settle() {
	till '[ -e /sys/bus/ccw/devices/$device/online ]'
	run "echo 1 > /proc/cio_settle"
}

# Wait up to ten seconds: till TEST
till() {
	local _
	for _ in {1..100}; do
		eval "$1" && return
		sleep 0.1
	done
	fail "waited in vain for '$1'"
}

# Set it online where it is a disk of the host: $disk
disk_here() {
	till '[ -e /sys/bus/ccw/devices/$device/online ]'
	run "chccwdev -e $device"
	till '[ -n "$(ls /sys/bus/ccw/devices/$device/block 2>/dev/null)" ]'
	disk=/dev/$(ls "/sys/bus/ccw/devices/$device/block")
	till '[ -b $disk ]'
}

# What has to be done before it is given away.
use_it_first() {
	:
}

till '[ -e /sys/bus/ccw/devices/$device/online ]'
# shellcheck source-path=SCRIPTDIR source=dasd.sh
. "/lab/demo/$USE"

sch=$(basename "$(dirname "$(readlink -f /sys/bus/ccw/devices/"$device")")")
css=/sys/bus/css

use_it_first

step "load the driver"
run "modprobe vfio_ccw"
run "modprobe vfio_iommu_type1"

step "give the subchannel away by hand"
settle
expect "lscss -d $device" "$models"
run "echo $sch > $css/devices/$sch/driver/unbind"
run "echo $sch > $css/drivers/vfio_ccw/bind"
types=$css/devices/$sch/mdev_supported_types/vfio_ccw-io
expect "cat $types/available_instances" "^1$"
run "echo $uuid > $types/create"
expect "lscss --vfio" "$uuid +$sch"

step "take it back by hand"
run "echo 1 > /sys/bus/mdev/devices/$uuid/remove"
run "echo $sch > $css/drivers/vfio_ccw/unbind"
run "echo $sch > $css/drivers/io_subchannel/bind"
settle
expect "lscss -d $device" "$models"

step "give the subchannel away with driverctl and mdevctl"
run "driverctl -b css set-override $sch vfio_ccw"
run "mdevctl define -u $uuid -p $sch -t vfio_ccw-io -a"
run "mdevctl start -u $uuid"
expect "mdevctl list" "$uuid $sch vfio_ccw-io auto"

use_it

step "take the subchannel back"
run "mdevctl stop -u $uuid"
run "mdevctl undefine -u $uuid"
run "driverctl -b css unset-override $sch"
expect "readlink $css/devices/$sch/driver" "io_subchannel$"

use_it_here
