# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # what host.sh has
# What the demo does with a DASD: gives it to a guest in QEMU.

# shellcheck source-path=SCRIPTDIR source=guest.sh
. /lab/demo/guest.sh

if [ -n "$BALLOON" ]; then
	# shellcheck source-path=SCRIPTDIR source=balloon.sh
	. /lab/demo/balloon.sh
fi

# What the driver counted, and when.
counted() {
	run "cd /sys/bus/mdev/devices/$uuid/statistics && cat /proc/uptime && grep . starts bytes cache_* pages_* memory_* && cd /"
}

use_it() {
	step "start the guest"
	sysfs_with_paths
	guest_start
	guest_add "vfio-ccw,devno=fe.0.1234,sysfsdev=/sys/bus/mdev/devices/$uuid"

	step "set the disk online in the guest"
	guest "until [ -e /sys/bus/ccw/devices/0.0.1234/online ]; do sleep 1; done"
	guest "lscss -d 0.0.1234" "$models"
	guest "chccwdev -e 0.0.1234" "Done"
	guest "dmesg | grep dasd" "VOL1/  0X2B09"
	counted

	step "partition, make a file system in the guest"
	guest "fdasd -a -k /dev/dasda"
	guest "mke2fs -q -N 256 /dev/dasda1"
	guest "mount /dev/dasda1 /mnt && cd /mnt"
	[ -z "$BALLOON" ] || balloon_starts

	step "write random files and their checksums in the guest"
	# The saved guest would find the same random numbers each time.
	guest "echo $(tr -d - </proc/sys/kernel/random/uuid) > /dev/urandom"
	guest "for f in 1 2 3 4; do dd if=/dev/urandom of=file\$f bs=64k count=16; done"
	guest "md5sum file? > SUMS"
	guest "sha256sum SUMS" "^([0-9a-f]{64})  SUMS"
	sums=${BASH_REMATCH[1]}

	step "verify the checksums in the guest"
	guest "sync && echo 3 > /proc/sys/vm/drop_caches"
	guest "md5sum -c SUMS" "file1: OK.file2: OK.file3: OK.file4: OK"
	[ -z "$BALLOON" ] || balloon_ends
	guest "cd / && umount /mnt"
	counted

	step "shut the guest down"
	guest_end
	umount -l /sys/devices/css0
}

use_it_here() {
	step "set the disk online on the host"
	disk_here
	till '[ -b ${disk}1 ]'
	run "mount -o ro ${disk}1 /mnt"

	step "verify the same checksums on the host"
	run "cd /mnt"
	expect "sha256sum SUMS" "^$sums  SUMS"
	expect "md5sum -c SUMS" "file1: OK.file2: OK.file3: OK.file4: OK"
	run "cd / && umount /mnt"
}
