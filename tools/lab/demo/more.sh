# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # what host.sh has
# What the demo does with devices of other kinds, each driven by the guest's own driver for it.

# shellcheck source-path=SCRIPTDIR source=guest.sh
. /lab/demo/guest.sh

# Give one more device away, as by hand: give BUSID DEVNO-IN-THE-GUEST
give() {
	local sub new
	till "[ -e /sys/bus/ccw/devices/$1/online ]"
	sub=$(basename "$(dirname "$(readlink -f "/sys/bus/ccw/devices/$1")")")
	new=$(cat /proc/sys/kernel/random/uuid)
	run "echo $sub > $css/devices/$sub/driver/unbind"
	run "echo $sub > $css/drivers/vfio_ccw/bind"
	run "echo $new > $css/devices/$sub/mdev_supported_types/vfio_ccw-io/create"
	guest_add "vfio-ccw,devno=fe.0.$2,sysfsdev=/sys/bus/mdev/devices/$new"
}

# Have the guest's driver take it.
online() {
	guest "until [ -e /sys/bus/ccw/devices/0.0.$1/online ]; do sleep 1; done"
	guest "cat /sys/bus/ccw/devices/0.0.$1/{cutype,devtype}"
	guest "echo 1 > /sys/bus/ccw/devices/0.0.$1/online"
}

# Two files on a tape, found in several ways: tape NODE
tape() {
	guest "dd if=/dev/urandom of=/tmp/one bs=16k count=8"
	guest "dd if=/dev/urandom of=/tmp/two bs=16k count=4"
	guest "dd if=/tmp/one of=/dev/$1 bs=16k"
	guest "dd if=/tmp/two of=/dev/$1 bs=16k"
	guest "mt -f /dev/$1 rewind"
	guest "dd if=/dev/$1 bs=16k of=/tmp/back && cmp /tmp/one /tmp/back"
	guest "mt -f /dev/$1 rewind && mt -f /dev/$1 fsf 1"
	guest "dd if=/dev/$1 bs=16k of=/tmp/back && cmp /tmp/two /tmp/back"
	# over both marks, and forth over the second of them
	guest "mt -f /dev/$1 bsf 2"
	guest "dd if=/dev/$1 bs=16k of=/tmp/back && cmp /tmp/two /tmp/back"
	guest "mt -f /dev/$1 rewind && mt -f /dev/$1 fsr 2"
	guest "dd if=/dev/$1 bs=16k of=/tmp/back && tail -c 98304 /tmp/one | cmp - /tmp/back"
}

use_it() {
	step "start the guest"
	sysfs_with_paths
	guest_start
	guest_add "vfio-ccw,devno=fe.0.1337,sysfsdev=/sys/bus/mdev/devices/$uuid"

	step "a fixed-block disk for the guest, by dasd_fba"
	online 1337
	guest "dmesg | grep dasd-fba" "FBA DASD 3370"
	guest "for i in 1 2 3 4 5 6 7 8 9; do [ -b /dev/dasda1 ] && break; sleep 1; done"
	guest "mke2fs -q -N 64 /dev/dasda1"
	guest "mount /dev/dasda1 /mnt"
	# The saved guest would find the same random numbers each time.
	guest "echo $(tr -d - </proc/sys/kernel/random/uuid) > /dev/urandom"
	guest "dd if=/dev/urandom of=/mnt/file bs=64k count=16"
	guest "sha256sum /mnt/file" "^([0-9a-f]{64})  /mnt/file"
	sum=${BASH_REMATCH[1]}
	guest "umount /mnt && echo 3 > /proc/sys/vm/drop_caches"
	guest "mount /dev/dasda1 /mnt"
	guest "sha256sum /mnt/file" "^$sum  /mnt/file"
	guest "umount /mnt"

	step "a 3480 tape for the guest, by tape_34xx"
	give 0.0.0580 1580
	online 1580
	tape ntibm0

	step "a 3590 tape for the guest, by tape_3590"
	give 0.0.0590 1590
	online 1590
	tape ntibm1

	step "shut the guest down"
	guest_end
	umount -l /sys/devices/css0
}

use_it_here() {
	step "set the disk online on the host"
	disk_here
	till '[ -b ${disk}1 ]'
	run "mount -o ro ${disk}1 /mnt"

	step "verify the same checksum on the host"
	expect "sha256sum /mnt/file" "^$sum  /mnt/file"
	run "umount /mnt"
}
