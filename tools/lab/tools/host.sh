# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # what guest.sh has; the steps are called
# The tools that people manage devices and virtual machines with, each tried on a host that
# starts as Debian does: at last the host is started again, and has to be as it was left.

# shellcheck source-path=SCRIPTDIR source=qemus.sh
. /lab/tools/qemus.sh

device=0.0.1234
uuid=7e270a25-e163-4922-af60-757fc8ed48c6
mdev=/sys/bus/mdev/devices/$uuid
stage=$(cat /out/stage 2>/dev/null || echo first)
if [ "$stage" = first ]; then
	sch=$(readlink -f "/sys/bus/ccw/devices/$device")
	basename "$(dirname "$sch")" >/out/sch
fi
sch=$(cat /out/sch)

# Two devices that the emulator can unplug: one for the guest, with nobody's driver at work on
# it, and one that stays the host's. What is plugged gets the first subchannel that is free, so
# the other one is plugged first.
leaver=0.0.5678
leaver_uuid=16d3ae65-9a1f-4ac4-8bfb-3ac1b9d8ef1b
leaver_mdev=/sys/bus/mdev/devices/$leaver_uuid
other=0.0.5679
export LIBVIRT_DEFAULT_URI=qemu:///system

fail() {
	echo "$1"
	exit 1
}

s390_tools() {
	lscss -d "$device" | grep -E "$device +$sch .*3270"
	lszdev generic-ccw "$device" | grep "$device"
	chccwdev -e "$device"
	[ "$(cat "/sys/bus/ccw/devices/$device/online")" = 1 ]
	chccwdev -d "$device"
	[ "$(cat "/sys/bus/ccw/devices/$device/online")" = 0 ]
	lszdev generic-ccw "$device" --columns ID,ON | grep "$device *no"
}

driverctl_override() {
	driverctl -b css list-devices | grep "^$sch io_subchannel"
	driverctl -b css set-override "$sch" vfio_ccw
	is_driver "$sch" vfio_ccw
	driverctl -b css list-overrides | grep "^$sch vfio_ccw"
}

# The udev rule of Debian's mdevctl starts the program where it is not.
mdevctl_rule() {
	[ -x /usr/bin/mdevctl ]
	[ ! -e /usr/sbin/mdevctl ]
	grep /usr/sbin/mdevctl /lib/udev/rules.d/60-mdevctl.rules
	sed s,/usr/sbin/mdevctl,/usr/bin/mdevctl, /lib/udev/rules.d/60-mdevctl.rules \
		>/etc/udev/rules.d/60-mdevctl.rules
}

mdevctl_define() {
	mdevctl types | grep -A 3 "^$sch" | grep vfio_ccw-io
	mdevctl define -u "$uuid" -p "$sch" -t vfio_ccw-io -a
	mdevctl list -d | grep "$uuid $sch vfio_ccw-io auto"
	mdevctl start -u "$uuid"
	mdevctl list | grep "$uuid $sch vfio_ccw-io"
	[ -e "$mdev/iommu_group" ]
}

mdevctl_modify() {
	mdevctl modify -u "$uuid" --manual
	mdevctl list -d | grep "$uuid $sch vfio_ccw-io manual"
	mdevctl modify -u "$uuid" --auto
	mdevctl list -d | grep "$uuid $sch vfio_ccw-io auto"
}

lscss_vfio() {
	lscss --vfio | grep -E "$uuid +$sch"
	if lscss -d "$device" | grep "$sch"; then false; fi
	if lszdev generic-ccw "$device"; then false; fi
}

libvirt_devices() {
	local name
	mkdir -p /etc/libvirt /var/lib/libvirt /var/log/libvirt/qemu
	cat >/etc/libvirt/qemu.conf <<-EOF
		stdio_handler = "file"
		cgroup_controllers = []
		namespaces = []
	EOF
	echo 'auth_unix_rw = "none"' >/etc/libvirt/libvirtd.conf
	# as the packages' scripts would have it
	echo 'libvirt-qemu:x:64055:106::/var/lib/libvirt:/usr/sbin/nologin' >>/etc/passwd
	echo 'libvirt-qemu:x:64055:' >>/etc/group
	# It would ask each emulator of the package what it can do.
	for name in /usr/bin/qemu-system-*; do
		case $name in *-s390x) ;; *) rm "$name" ;; esac
	done
	LIBVIRT_LOG_OUTPUTS=2:stderr setarch -L libvirtd >/run/libvirtd.log 2>&1 &
	till 180 connected || {
		cat /run/libvirtd.log
		false
	}
	virsh version
	name=css_${sch//./_}
	virsh nodedev-list --cap css | grep "^$name"
	virsh nodedev-list --cap mdev_types | grep "^$name"
	virsh nodedev-dumpxml "$name" | grep "<type id='vfio_ccw-io'>"
	name=$(virsh nodedev-list --cap mdev | grep "^mdev_${uuid//-/_}")
	virsh nodedev-dumpxml "$name" | grep "<type id='vfio_ccw-io'/>"
}

connected() {
	virsh uri 2>&1 | grep qemu
}

hostdev() {
	cat <<-EOF
		<hostdev mode='subsystem' type='mdev' model='vfio-ccw'>
		  <source><address uuid='$uuid'/></source>
		  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x1234'/>
		</hostdev>
	EOF
}

# QEMU is no root there: it can open the group and lock memory only because libvirt has seen to it.
libvirt_domain() {
	local before pid
	before=$(cat "$mdev/statistics/starts")
	hostdev >/run/hostdev.xml
	cat >/run/domain.xml <<-EOF
		<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
		  <name>lab</name><memory unit='MiB'>256</memory><vcpu>1</vcpu>
		  <os>
		    <type arch='s390x' machine='s390-ccw-virtio'>hvm</type>
		    <kernel>/lab/demo/kernel</kernel><initrd>/lab/demo/initrd</initrd>
		    <cmdline>$CMDLINE</cmdline>
		  </os>
		  <devices>
		    <emulator>/usr/bin/qemu-system-s390x</emulator>
		    <console type='file'><source path='/run/domain.log'/><target type='sclp'/></console>
		    $(hostdev)
		  </devices>
		  <qemu:commandline>
		    <qemu:arg value='-icount'/><qemu:arg value='shift=5,sleep=off'/>
		  </qemu:commandline>
		</domain>
	EOF
	virsh define /run/domain.xml
	virsh start lab
	[ "$(virsh domstate lab)" = running ]
	virsh qemu-monitor-command lab --hmp info qtree | grep -A 3 'dev: vfio-ccw'
	pid=$(cat /run/libvirt/qemu/lab.pid)
	grep "^Uid:.*$(id -u libvirt-qemu)" "/proc/$pid/status"
	[ "$(awk '/Max locked memory/ { print $4 }' "/proc/$pid/limits")" -ge $((256 << 20)) ]
	till 900 is_more "$before" "$mdev/statistics/starts" || {
		cat /run/domain.log
		false
	}
	virsh detach-device lab /run/hostdev.xml --live
	# QEMU is quicker than libvirt, for whom the number is in use until it hears of it
	till 60 hmp_without vfio-ccw
	till 60 xml_without hostdev
	virsh attach-device lab /run/hostdev.xml --live
	virsh qemu-monitor-command lab --hmp info qtree | grep 'dev: vfio-ccw'
	virsh destroy lab
	virsh undefine lab
}

# A command that hangs would hold up all the rest.
virsh() {
	timeout 240 /usr/bin/virsh "$@"
}

xml_without() {
	! virsh dumpxml lab | grep "$1"
}

hmp_without() {
	! virsh qemu-monitor-command lab --hmp info qtree | grep "$1"
}

libvirt_gone() {
	if virsh list --name | grep lab; then virsh destroy lab; fi
	kill "$(cat /run/libvirtd.pid)"
	till 30 test ! -e /run/libvirtd.pid
}

qemu_request() {
	given_up "$mdev/remove" 1
	till 30 unplugged pass
	guest_without "$device"
	mdevctl start -u "$uuid"
	[ -e "$mdev" ]
}

# The mdev comes back by udev, when the driver has the subchannel again.
qemu_unbind() {
	given_up /sys/bus/css/drivers/vfio_ccw/unbind "$sch"
	till 30 unplugged pass
	guest_without "$device"
	echo "$sch" >/sys/bus/css/drivers_probe
	is_driver "$sch" vfio_ccw
	till 60 test -e "$mdev"
}

# The guest does not set it online, for a driver of virtio's must not be at work there.
leaver_plug() {
	guest_add "vfio-ccw,id=leaver,devno=fe.0.5678,sysfsdev=$leaver_mdev"
	if unplugged leaver; then false; fi
	guest "until [ -e /sys/bus/ccw/devices/$leaver/online ]; do sleep 1; done"
	guest "cat /sys/bus/ccw/devices/$leaver/cutype" "3832"
	guest "cat /sys/bus/ccw/devices/$leaver/online" "^0"
}

# What is left is that its channel subsystem finds out what it is, over and over.
guest_works() {
	local before
	before=$(cat "$leaver_mdev/statistics/starts")
	guest "cd -P /sys/bus/ccw/devices/$leaver/.. && sch=\${PWD##*/}"
	guest "cd /sys/bus/css/drivers/io_subchannel"
	guest "again() { echo \$sch >unbind && echo \$sch >bind && echo 1 >/proc/cio_settle; }"
	guest "while again; do :; done 2>/dev/null &"
	guest "cd"
	till 60 is_more "$((before + 3))" "$leaver_mdev/statistics/starts"
}

lost_at_work() {
	guest_works
	labmon "device_del leaver"
	host_goes_on
	guest wait
	leaver_is_gone
}

# Its processors are stopped, QEMU is not.
lost_while_stopped() {
	person stop
	labmon "device_del leaver"
	till 60 unplugged leaver
	person cont
	leaver_is_gone
}

# Nobody hears of the loss.
lost_while_frozen() {
	kill -STOP "$qemu"
	trap 'kill -CONT "$qemu"' EXIT
	labmon "device_del leaver"
	host_goes_on
	[ -e "/sys/devices/css0/$leaver_sch/$leaver_uuid" ]
	kill -CONT "$qemu"
	leaver_is_gone
}

leaver_is_gone() {
	till 60 unplugged leaver
	till 60 test ! -e "/sys/devices/css0/$leaver_sch"
	guest_without "$leaver"
}

# Another device goes and comes, and the host's channel subsystem has nothing left to do.
host_goes_on() {
	labmon "device_del other"
	till 60 test ! -e "/sys/bus/ccw/devices/$other"
	till 60 labmon "$PLUG_OTHER"
	till 60 test -e "/sys/bus/ccw/devices/$other/online"
	settle
}

settle() {
	rm -f /run/settled
	(echo 1 >/proc/cio_settle && echo >/run/settled) &
	till 60 test -e /run/settled
}

# udev has a service of driverctl's give it to the driver, but once only; mdevctl starts the mdev.
leaver_back() {
	local once
	once=$(systemctl is-active "driverctl@css-$leaver_sch") || :
	till 60 labmon "$PLUG_LEAVER"
	if [ "$once" = active ]; then
		till 60 test -e "/sys/bus/ccw/devices/$leaver/online"
		settle
		driverctl -b css load-override "$leaver_sch"
	fi
	till 60 test -e "$leaver_mdev"
	is_driver "$leaver_sch" vfio_ccw
	leaver_plug
}

qemu() {	# SUITE
	local name word=${1^^}
	name="QEMU $(cat "/run/version.$1")"
	patience=240
	step "$name: bootindex, the firmware asks the device what it is" qemu_firmware "$1"
	qemu_start "$1"
	step "$name: a guest that was saved by the same version goes on" qemu_resume
	more "$name: device_add, the guest finds the device" qemu_plug
	more "$name: device_del" qemu_del
	more "$name: device_add again" qemu_plug
	more "$name: the host takes the device back by the request interrupt" qemu_request
	more "$name: device_add of the device that was made anew" qemu_plug
	more "$name: the driver is unbound by name, and bound; udev starts the mdev" qemu_unbind
	more "$name: device_add of the device that udev has started" qemu_plug
	more "$name: the guest sets the terminal online and offline" qemu_offline
	more "$name: the guest writes to the terminal's screen and reads from it" qemu_screen "$word"
	more "$name: device_add of a second device, which the host can lose" leaver_plug
	more "$name: the host loses it while the guest works" lost_at_work
	more "$name: it is back in the host, and the guest gets it again" leaver_back
	more "$name: the host loses it while the guest is stopped" lost_while_stopped
	more "$name: it is back once more" leaver_back
	more "$name: the host loses it while QEMU is stopped, and goes on" lost_while_frozen
	more "$name: it is back after that, too" leaver_back
	# A kernel that boots in an emulator in an emulator says nothing for minutes.
	patience=900
	more "$name: the guest reboots and finds the device" guest_reboot
	more "$name: the guest uses the terminal again" qemu_screen "$word-AGAIN"
	more "$name: system_reset resets the device" qemu_reset
	qemu_end
}

leaver_ready() {
	driverctl -b css set-override "$leaver_sch" vfio_ccw
	mdevctl define -u "$leaver_uuid" -p "$leaver_sch" -t vfio_ccw-io -a
	mdevctl start -u "$leaver_uuid"
}

leaver_given_back() {
	mdevctl stop -u "$leaver_uuid"
	mdevctl undefine -u "$leaver_uuid"
	driverctl -b css unset-override "$leaver_sch"
	is_driver "$leaver_sch" io_subchannel
}

watch_on() {
	echo 1 >/sys/kernel/tracing/events/vfio_ccw/enable
	echo 6 >/sys/kernel/debug/s390dbf/vfio_ccw/level
}

watch() {
	local what
	grep . "$mdev"/statistics/*
	grep . "$mdev"/limits/*
	timeout 10 cat /sys/kernel/tracing/trace_pipe >/run/trace || :
	for what in event translated instruction status quiesce memory; do
		grep "vfio_ccw_$what:" /run/trace | head -n 2
		grep -q "vfio_ccw_$what:" /run/trace
	done
	[ -n "$(cat /sys/kernel/debug/s390dbf/vfio_ccw/sprintf)" ]
	echo 0 >/sys/kernel/tracing/events/vfio_ccw/enable
}

troubleshooting() {
	cio_ignore -l
	cio_ignore -L | grep -i "$device\|-0.0.ffff\|0.0.0000"
	prlimit --memlock
}

back_again() {
	till 60 test -e "$mdev"
	is_driver "$sch" vfio_ccw
	driverctl -b css list-overrides | grep "^$sch vfio_ccw"
	mdevctl list | grep "$uuid $sch vfio_ccw-io"
	lscss --vfio | grep -E "$uuid +$sch"
}

given_back() {
	mdevctl stop -u "$uuid"
	mdevctl undefine -u "$uuid"
	driverctl -b css unset-override "$sch"
	is_driver "$sch" io_subchannel
	till 30 test -e "/sys/bus/ccw/devices/$device/online"
	lscss -d "$device" | grep "$device"
	if driverctl -b css list-overrides; then false; fi
	[ -z "$(mdevctl list -d)" ]
	chccwdev -e "$device"
	[ "$(cat "/sys/bus/ccw/devices/$device/online")" = 1 ]
}

if [ "$stage" = first ]; then
	step "a udev rule that starts mdevctl where it is" mdevctl_rule
	step "lscss -d, lszdev, chccwdev on the host's device" s390_tools
	step "driverctl set-override" driverctl_override
	step "mdevctl types, define, start, list" mdevctl_define
	step "mdevctl modify" mdevctl_modify
	step "lscss --vfio; the device is no longer the host's" lscss_vfio
	# Debian's libvirt is used with Debian's QEMU.
	if [[ $SUITES == *bookworm* ]]; then
		step "libvirt: nodedev-list --cap css, mdev_types, mdev" libvirt_devices
		more "libvirt: a domain is defined and started, its guest finds the device; detach, attach" \
			libvirt_domain
		[ ! -e /run/libvirtd.pid ] || step "libvirt ends" libvirt_gone
	fi
	step "versions of QEMU" qemu_versions
	leaver_sch=$(readlink -f "/sys/bus/ccw/devices/$leaver/..")
	leaver_sch=${leaver_sch##*/}
	step "a second device is given away, which the host can lose" leaver_ready
	step "tracepoints and debug feature are switched on" watch_on
	for suite in $SUITES; do
		qemu "$suite"
	done
	step "statistics, tracepoints and debug feature show what happened" watch
	step "the second device is given back" leaver_given_back
	step "cio_ignore -l, cio_ignore -L, prlimit --memlock" troubleshooting
	echo second >/out/stage
	sync
	systemctl --no-block reboot
	sleep 120
	exit 1
fi
step "the host was started again: the override and the mdev are back" back_again
step "all of it is given back" given_back
