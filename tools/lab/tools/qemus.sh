# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # what the others have; the steps are called
# The versions of QEMU, and what is done with the device in each. Whoever uses this has fail WHY,
# and names the device ($device), the mediated device ($mdev), and the releases of Debian whose
# QEMU it is ($SUITES).

# shellcheck source-path=SCRIPTDIR/../guest source=steps.sh
. /lab/steps.sh
# shellcheck source-path=SCRIPTDIR/../demo source=guest.sh
. /lab/demo/guest.sh

# QEMU 7.2, which emulates this host, takes a wrong address from LOAD ADDRESS RELATIVE LONG when
# that is more than 2 GiB away. A QEMU here uses it for constants within 4 GiB of its code, as
# its guest's kernel may be by chance: then the guest stays in its first interrupt. With the older
# layout of address spaces, which is setarch -L, the code is far from there.

qemu_of() {	# SUITE [OPTION]...
	local top=/opt/$1 libs=/lib/s390x-linux-gnu
	shift
	[ -d "$top" ] || exec setarch -L qemu-system-s390x "$@"
	QEMU_MODULE_DIR=$top/usr$libs/qemu exec setarch -L "$top/lib/ld64.so.1" \
		--library-path "$top$libs:$top/usr$libs" \
		"$top/usr/bin/qemu-system-s390x" -L "$top/usr/share/qemu" "$@"
}

# A QEMU with the libraries of its own Debian is on a share; what is on none is this system's.
qemu_versions() {
	local suite
	for suite in $SUITES; do
		[ "$suite" = bookworm ] || {
			mkdir -p "/opt/$suite"
			mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose \
				"$suite" "/opt/$suite"
		}
		(qemu_of "$suite" --version) | sed -n 's/.* version \([0-9.]*\).*/\1/p' \
			>"/run/version.$suite"
		grep . "/run/version.$suite"
	done
	[ -z "$(sort /run/version.* | uniq -d)" ]
}

# A step that makes no sense when the one before it failed.
more() {
	[ "$ended" != 0 ] || step "$@"
}

# No disk is here to load a guest from (make run ARGS=--ipl has one). The firmware gets as far as to
# ask the device what it is.
qemu_firmware() {	# SUITE [OPTION]...
	local before
	before=$(cat "$mdev/statistics/starts")
	# shellcheck disable=SC2046 # they are words
	guest_run qemu_of "$@" $(cat /lab/demo/options) \
		-device "vfio-ccw,devno=fe.0.1234,bootindex=1,sysfsdev=$mdev$backend"
	console_line "(unexpected device|cu) type.*3270"
	is_more "$before" "$mdev/statistics/starts"
	qemu_end || :	# it may have ended by itself
}

console_line() {	# WHAT-IT-HAS-TO-MATCH
	local line
	while IFS= read -r -t "$patience" line <&6; do
		echo "$line"
		[[ ! $line =~ $1 ]] || return 0
	done
	fail "the guest says nothing more"
} 2>/dev/null

# Up to here it was booted elsewhere, see snapshot.py.
qemu_start() {	# SUITE [OPTION]...
	state=/lab/demo/state-$1
	guest_launch qemu_of "$@" -kernel /lab/demo/kernel -initrd /lab/demo/initrd \
		-append "$CMDLINE"
}

qemu_end() {
	kill "$qemu"
	wait "$qemu"
	exec 5<&- 6<&- 7<&- 8<&-
}

qemu_resume() {
	guest_resume
	guest "lscss"
}

# How QEMU gets at the device: by its group, if nothing else is said.
backend=

qemu_plug() {
	guest_add "vfio-ccw,id=pass,devno=fe.0.1234,sysfsdev=$mdev$backend"
	guest "until [ -e /sys/bus/ccw/devices/$device/online ]; do sleep 1; done"
	guest "lscss -d $device" "3270"
	is_more 0 "$mdev/statistics/starts"
	if unplugged pass; then false; fi
}

unplugged() {	# ID
	person "info qtree"
	[[ $answer != *"vfio-ccw, id \\\"$1\\\""* ]]
}

is_more() {	# NUMBER FILE
	[ "$(cat "$2")" -gt "$1" ]
}

guest_without() {	# DEVICE
	guest "while [ -e /sys/bus/ccw/devices/$1 ]; do sleep 1; done"
}

# When its tty was opened once it is too late: Linux's driver would wait for ever.
qemu_offline() {
	guest "echo 1 >/sys/bus/ccw/devices/$device/online"
	guest "cat /sys/bus/ccw/devices/$device/online" "^1"
	guest "echo 0 >/sys/bus/ccw/devices/$device/online"
	guest "cat /sys/bus/ccw/devices/$device/online" "^0"
}

# The guest's own driver, and somebody before the screen who types what is asked for.
qemu_screen() {
	guest "echo 1 >/sys/bus/ccw/devices/$device/online"
	guest "{ echo PLEASE TYPE $1; read -r word; } <>/dev/3270/tty1 >&0; echo it was \$word" \
		"it was $1"
}

qemu_del() {
	person "device_del pass"
	till 30 unplugged pass
	guest_without "$device"
}

# Such a write waits until QEMU lets go of the device, and no signal ends it.
given_up() {	# FILE WORD
	echo "$2" >"$1" &
	till 120 ended "$!"
	wait "$!"
	[ ! -e "$mdev" ]
}

ended() {	# PID
	! kill -0 "$1"
}

qemu_reset() {
	local before
	before=$(cat "$mdev/statistics/resets")
	person system_reset
	till 60 is_more "$before" "$mdev/statistics/resets"
	person "info status"
	[[ $answer == *running* ]]
}

guest_reboot() {
	local before
	before=$(cat "$mdev/statistics/resets")
	printf 'reboot -f\n' >&5
	line=
	console_until_prompt
	guest "lscss -d $device" "3270"
	is_more "$before" "$mdev/statistics/resets"
}
