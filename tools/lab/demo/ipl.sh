# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # what host.sh has
# What the demo does with a DASD that a guest is to be loaded from: QEMU's firmware, the loader
# that it finds on the disk, and the kernel come through the driver, and nothing else does.

# shellcheck source-path=SCRIPTDIR source=guest.sh
. /lab/demo/guest.sh

# The last two spare it work: to clear all memory that it hands out, and to test its ciphers.
parameters="console=ttyS0 rdinit=/init quiet init_on_alloc=0 cryptomgr.notests"
statistics=/sys/bus/mdev/devices/$uuid/statistics

use_it_first() {
	step "put a Linux on the disk"
	settle
	disk_here
	run "fdasd -a -k $disk"
	till '[ -b ${disk}1 ]'
	run "mke2fs -q -N 64 ${disk}1"
	run "mount ${disk}1 /mnt"
	run "zipl -a -t /mnt -i /lab/demo/kernel -r /lab/demo/initrd -P '$parameters'"
	expect "sha256sum /mnt/bootmap" "^([0-9a-f]{64})  /mnt/bootmap"
	map=${BASH_REMATCH[1]}
	run "umount /mnt && chccwdev -d $device"
}

# Until its prompt is there. It says nothing while the kernel is read and starts.
guest_loaded() {
	local minute
	said=
	for minute in {1..40}; do
		console_prompt 60 && return
		kill -0 "$qemu" 2>/dev/null ||
			fail "QEMU ended after '$(grep . <<<"$said$line" | tail -n 1)'"
		echo "(a minute without a word, $minute in all; the driver has had" \
		     "$(cat "$statistics/starts") starts, $(cat "$statistics/bytes") bytes)"
	done
	fail "the guest does not come to its prompt"
}

use_it() {
	local bytes least
	step "start the guest from the disk"
	sysfs_with_paths
	# shellcheck disable=SC2046 # they are words
	guest_run qemu-system-s390x $(cat /lab/demo/options) \
		-device "vfio-ccw,devno=fe.0.1234,bootindex=1,sysfsdev=/sys/bus/mdev/devices/$uuid"
	guest_loaded

	step "see what was loaded, and from where"
	expect "sha256sum /lab/demo/token" "^([0-9a-f]{64})  /lab/demo/token"
	guest "sha256sum /token" "^${BASH_REMATCH[1]}  /token"
	guest "cat /proc/cmdline" "$parameters"
	guest "cat /sys/firmware/ipl/ipl_type" "^ccw"
	guest "cat /sys/firmware/ipl/device" "^0\.0\.1234"

	step "see what the driver did"
	run "cd $statistics && grep . starts bytes followed && cd /"
	bytes=$(cat "$statistics/bytes")
	least=$(cat /lab/demo/{kernel,initrd} | wc -c)
	[ "$bytes" -ge "$least" ] || fail "it saw $bytes bytes; kernel and initrd are $least"

	step "shut the guest down"
	guest_end
	umount -l /sys/devices/css0
}

use_it_here() {
	step "read the disk on the host"
	disk_here
	till '[ -b ${disk}1 ]'
	run "mount -o ro ${disk}1 /mnt"
	expect "sha256sum /mnt/bootmap" "^$map  /mnt/bootmap"
	run "umount /mnt"
}
