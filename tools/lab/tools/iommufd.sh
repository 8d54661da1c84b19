# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # what qemus.sh has; the steps are called
# The versions of QEMU that know iommufd, on a kernel that has it. Debian's for s390x have none, so
# this host has the debug kernel, and starts no more than a shell.

fail() {
	echo "$1"
	exit 1
}

# shellcheck source-path=SCRIPTDIR source=qemus.sh
. /lab/tools/qemus.sh

device=0.0.1234
backend=,iommufd=iommufd0
patience=600

give_away() {
	sh /lab/setup.sh up "$device" >/run/uuid
	[ -d "$(echo /sys/bus/mdev/devices/"$(cat /run/uuid)"/vfio-dev/vfio*)" ]
}

# Nothing is open that would do as well: neither the group nor a container.
opened() {
	find "/proc/$qemu/fd/" -exec readlink {} ";" >/run/opened
	grep -x /dev/iommu /run/opened
	grep -x "/dev/vfio/devices/vfio[0-9]*" /run/opened
	if grep -x "/dev/vfio/vfio\|/dev/vfio/[0-9]*" /run/opened; then false; fi
}

request() {
	given_up "$mdev/remove" 1
	till 60 unplugged pass
	guest_without "$device"
	echo "$uuid" >"$types/vfio_ccw-io/create"
}

qemu() {	# SUITE
	local name
	name="QEMU $(cat "/run/version.$1")"
	set -- "$1" -object iommufd,id=iommufd0
	step "$name: the firmware asks the device what it is" qemu_firmware "$@"
	qemu_start "$@"
	step "$name: a guest that was saved by the same version goes on" qemu_resume
	more "$name: device_add, the guest finds the device" qemu_plug
	more "$name: the device is opened by its character device alone" opened
	more "$name: device_del" qemu_del
	more "$name: device_add again" qemu_plug
	more "$name: the host takes the device back by the request interrupt" request
	more "$name: device_add of the device that was made anew" qemu_plug
	more "$name: the guest writes to the terminal's screen and reads from it" qemu_screen "${1^^}"
	more "$name: system_reset resets the device" qemu_reset
	qemu_end
}

step "versions of QEMU" qemu_versions
step "the device is given away" give_away
uuid=$(cat /run/uuid)
mdev=/sys/bus/mdev/devices/$uuid
types=$(readlink -f "$mdev/../mdev_supported_types")
for suite in $SUITES; do
	qemu "$suite"
done
step "the device is given back" sh /lab/setup.sh down
