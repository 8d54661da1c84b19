# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # what host.sh has
# What the demo does with a DASD: a guest in QEMU, whose console and monitor are on pipes.

patience=600		# seconds that the guest may say nothing

# Hercules has no channel paths that Linux could see, and QEMU wants to know the type of each.
# So QEMU gets to see its devices with paths beside them.
sysfs_with_paths() {
	local view=/run/css0 entry chpids path
	ls -d /sys/devices/css0/chp0.* >/dev/null 2>&1 && return
	mkdir $view
	mount -t tmpfs view $view || fail "no tmpfs"
	for entry in /sys/devices/css0/*; do
		if [ -d "$entry" ]; then
			mkdir "$view/${entry##*/}"
		else
			: >"$view/${entry##*/}"
		fi
		mount --rbind "$entry" "$view/${entry##*/}" || fail "cannot bind $entry"
	done
	read -r chpids <"/sys/bus/css/devices/$sch/chpids"
	for path in $chpids; do
		mkdir -p "$view/chp0.$path"
		echo 1a >"$view/chp0.$path/type"
	done
	mount --rbind $view /sys/devices/css0 || fail "cannot lay the view over sysfs"
}

# The guest was booted elsewhere, where it is quick, up to its prompt; here it goes on.
guest_start() {
	mkfifo /run/console.{in,out} /run/monitor.{in,out}
	echo "host# qemu-system-s390x $(cat /lab/demo/options) -incoming 'exec:cat /lab/demo/state' &"
	# shellcheck disable=SC2046 # they are words
	qemu-system-s390x $(cat /lab/demo/options) -incoming 'exec:cat /lab/demo/state' \
		-chardev pipe,id=console,path=/run/console \
		-chardev pipe,id=monitor,path=/run/monitor -mon chardev=monitor,mode=control &
	qemu=$!
	exec 5<>/run/console.in 6<>/run/console.out 7<>/run/monitor.in 8<>/run/monitor.out
	line='guest:0# '		# was there when the state was saved
	monitor '{"execute": "qmp_capabilities"}'
	person "info status"
	while [[ $answer == *inmigrate* ]]; do
		sleep 1
		person "info status"
	done
	person cont
}

# Ask QEMU's monitor; what it says goes to $answer. As JSON, because the one for people repaints
# the whole line for each character that is typed, which takes minutes here.
monitor() {
	echo "$1" >&7
	while IFS= read -r -t "$patience" answer <&8; do
		[[ $answer != *'"return": '* && $answer != *'"error": '* ]] || return
	done
	fail "QEMU's monitor does not answer"
}

person() {
	monitor '{"execute": "human-monitor-command", "arguments": {"command-line": "'"$1"'"}}'
	answer=${answer#*'"return": "'}
	answer=${answer%'"}'*}
}

guest_add() {
	echo "(qemu) device_add $1"
	person "device_add $1"
	[ -z "$answer" ] || fail "device_add: $answer"
}

# Show the guest's console up to its prompt, which ends with the status of the last command.
console_until_prompt() {
	local c
	while IFS= read -r -N1 -t "$patience" c <&6; do
		case $c in
		$'\n')
			echo "$line"
			said+=$line$'\n'
			line=
			;;
		$'\r') ;;
		*) line+=$c ;;
		esac
		[[ $line =~ ^guest:([0-9]+)#\ $ ]] && return
	done
	fail "the guest says nothing"
}

# Type a command into the guest: guest COMMAND [WHAT-ITS-OUTPUT-HAS-TO-MATCH]
guest() {
	said=
	printf '%s\n' "$1" >&5
	console_until_prompt
	said=${said#*$'\n'}
	[ "${BASH_REMATCH[1]}" = 0 ] || fail "'$1' ended with ${BASH_REMATCH[1]} in the guest"
	[ -z "$2" ] || [[ $said =~ $2 ]] || fail "'$1' does not show $2 in the guest"
}

guest_end() {
	local i
	echo "${line}poweroff -f"
	printf 'poweroff -f\n' >&5
	for ((i = 0; i < patience; i++)); do
		kill -0 "$qemu" 2>/dev/null || { wait "$qemu"; return; }
		sleep 1
	done
	fail "the guest does not power off"
}

# What the driver counted, and when.
counted() {
	run "cd /sys/bus/mdev/devices/$uuid/statistics && cat /proc/uptime && grep . starts bytes cache_* pages_* && cd /"
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
	guest "cd / && umount /mnt"
	counted

	step "shut the guest down"
	guest_end
	umount -l /sys/devices/css0
}

use_it_here() {
	local disk
	step "set the disk online on the host"
	till '[ -e /sys/bus/ccw/devices/$device/online ]'
	run "chccwdev -e $device"
	till '[ -n "$(ls /sys/bus/ccw/devices/$device/block 2>/dev/null)" ]'
	disk=/dev/$(ls "/sys/bus/ccw/devices/$device/block")
	till '[ -b ${disk}1 ]'
	run "mount -o ro ${disk}1 /mnt"

	step "verify the same checksums on the host"
	run "cd /mnt"
	expect "sha256sum SUMS" "^$sums  SUMS"
	expect "md5sum -c SUMS" "file1: OK.file2: OK.file3: OK.file4: OK"
	run "cd / && umount /mnt"
}
