# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # what host.sh and dasd.sh have
# More devices for the guest of dasd.sh, each driven by the guest's own driver for it.

# Give a device away: give BUSID DEVNO-IN-THE-GUEST
give() {
	local sub new
	till "[ -e /sys/bus/ccw/devices/$1/online ]"
	sub=$(basename "$(dirname "$(readlink -f "/sys/bus/ccw/devices/$1")")")
	new=$(cat /proc/sys/kernel/random/uuid)
	run "echo $sub > $css/devices/$sub/driver/unbind"
	run "echo $sub > $css/drivers/vfio_ccw/bind"
	run "echo $new > $css/devices/$sub/mdev_supported_types/vfio_ccw-io/create"
	guest_add "vfio-ccw,devno=fe.0.$2,sysfsdev=/sys/bus/mdev/devices/$new"
	guest "until [ -e /sys/bus/ccw/devices/0.0.$2/online ]; do sleep 1; done"
	guest "cat /sys/bus/ccw/devices/0.0.$2/{cutype,devtype}"
	guest "echo 1 > /sys/bus/ccw/devices/0.0.$2/online"
}

# A tape for the guest: tape BUSID DEVNO-IN-THE-GUEST NODE
tape() {
	give "$1" "$2"
	guest "dd if=/dev/urandom of=/tmp/one bs=16k count=8"
	guest "dd if=/dev/urandom of=/tmp/two bs=16k count=4"
	guest "dd if=/tmp/one of=/dev/$3 bs=16k"
	guest "dd if=/tmp/two of=/dev/$3 bs=16k"
	guest "mt -f /dev/$3 rewind"
	guest "dd if=/dev/$3 bs=16k of=/tmp/back && cmp /tmp/one /tmp/back"
	guest "mt -f /dev/$3 rewind && mt -f /dev/$3 fsf 1"
	guest "dd if=/dev/$3 bs=16k of=/tmp/back && cmp /tmp/two /tmp/back"
	guest "mt -f /dev/$3 rewind"
}

use_more() {
	step "a fixed-block disk for the guest, by dasd_fba"
	give 0.0.0337 1337
	guest "dmesg | grep dasd-fba" "FBA DASD 3370"
	guest "for i in 1 2 3 4 5 6 7 8 9; do [ -b /dev/dasdb1 ] && break; sleep 1; done"
	guest "mke2fs -q -N 64 /dev/dasdb1"
	guest "mount /dev/dasdb1 /mnt"
	guest "dd if=/dev/urandom of=/mnt/file bs=64k count=16"
	guest "sha256sum /mnt/file" "^([0-9a-f]{64})  /mnt/file"
	local sum=${BASH_REMATCH[1]}
	guest "umount /mnt && echo 3 > /proc/sys/vm/drop_caches"
	guest "mount /dev/dasdb1 /mnt"
	guest "sha256sum /mnt/file" "^$sum  /mnt/file"
	guest "umount /mnt"

	step "a 3480 tape for the guest, by tape_34xx"
	tape 0.0.0580 1580 ntibm0
}
