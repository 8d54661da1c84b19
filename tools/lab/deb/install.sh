# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2317 # what steps.sh sets; the steps' functions are called
# The life of the packages on a Debian system: installed, used, upgraded, purged. The modules are
# built here by dkms, with the compiler of this system.

# shellcheck source-path=SCRIPTDIR/../guest source=steps.sh
. /lab/steps.sh

release=$(uname -r)
export DEBIAN_FRONTEND=noninteractive DPKG_COLORS=never
# What an installed kernel has beside its modules.
ln -sfn "/usr/src/linux-headers-$release" "/lib/modules/$release/build"

mkdir -p /run/source
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose ksrc /run/source || exit
export KERNEL_SOURCE=/run/source

ours() {
	find /usr/src /usr/share/doc /usr/share/man /usr/libexec /var/lib/dkms /lib/modules /etc \
		/var/lib/dpkg/info \( -iname '*vfio[-_]ccw*' -o -path '/lib/modules/*/updates/*' \
		-type f \) 2>/dev/null || :
}

installed() {	# VERSION
	dkms status
	dkms status "vfio-ccw/$1" -k "$release" | grep installed
	[ "$(dkms status | grep -c vfio-ccw)" = 1 ]
	case $(modinfo -n vfio_ccw) in */updates/dkms/vfio_ccw.ko*) ;; *) false ;; esac
	case $(modinfo -n mdev) in */updates/dkms/mdev.ko*) ;; *) false ;; esac
}

install_dkms() {
	ours >/run/before
	[ -d "/usr/src/linux-headers-$release" ]
	dpkg -i "/lab/debs/vfio-ccw-dkms_${1}_all.deb"
	installed "$1"
}

load() {
	modprobe vfio_ccw
	[ -d /sys/bus/css/drivers/vfio_ccw ]
	grep -q '^mdev ' /proc/modules
	modinfo -F vermagic vfio_ccw
}

install_tests() {
	dpkg -i /lab/debs/vfio-ccw-tests_*.deb
	/usr/libexec/vfio-ccw-tests/run.sh -t abi -t async 0.0.1234
}

# As README.Debian has it. There is no disk here for the other one.
bench() {
	local here=/usr/libexec/vfio-ccw-tests uuid
	uuid=$($here/setup.sh up 0.0.1235)
	VFIO_CCW_UUID=$uuid $here/vfio_ccw_bench -s -n 20 | tee /run/bench
	if VFIO_CCW_UUID=$uuid $here/vfio_ccw_disk_bench 2>/run/disk_bench; then false; fi
	$here/setup.sh down
	grep -q '^bench nop.warm [0-9]' /run/bench
	grep -q '^bench 128x4K.warm [0-9]' /run/bench
	grep 'an ECKD disk is wanted' /run/disk_bench
}

# Whoever ends the tests gets the device back, too.
interrupted() {
	if timeout 5 /usr/libexec/vfio-ccw-tests/run.sh -t storm 0.0.1234; then false; fi
	[ "$(basename "$(readlink -f /sys/bus/ccw/devices/0.0.1234/../driver)")" = io_subchannel ]
	if grep -s vfio_ccw_storm /proc/[0-9]*/comm; then false; fi
	[ -z "$(ls /sys/bus/mdev/devices)" ]
}

# Where dkms.conf expects them: SUBFOLDER MODULE
keep() {
	local file
	file=$(modinfo -n "$2")
	mkdir -p "$BUILT/drivers/$1"
	case $file in
	*.xz) xz -dc "$file" >"$BUILT/drivers/$1/$2.ko" ;;
	*) cp "$file" "$BUILT/drivers/$1/$2.ko" ;;
	esac
}

upgrade() {
	modprobe -r vfio_ccw
	keep s390/cio/vfio_ccw vfio_ccw
	keep vfio/mdev mdev
	dpkg -i "/lab/debs/vfio-ccw-dkms_${1}_all.deb"
	installed "$1"
	[ ! -e "/usr/src/vfio-ccw-$2" ]
	[ ! -e "/var/lib/dkms/vfio-ccw/$2" ]
	modprobe vfio_ccw
	[ -d /sys/bus/css/drivers/vfio_ccw ]
}

purge() {
	modprobe -r vfio_ccw mdev
	dpkg --purge vfio-ccw-tests vfio-ccw-dkms
	ours >/run/after
	diff /run/before /run/after
	if modinfo vfio_ccw; then false; fi
	if grep -q vfio_ccw "/lib/modules/$release/modules.dep"; then false; fi
}

step "dpkg -i of vfio-ccw-dkms: dkms builds and installs for the running kernel" \
	install_dkms "$VERSION"
[ "$ended" = 0 ] || exit
step "modprobe vfio_ccw takes what dkms installed" load
step "dpkg -i of vfio-ccw-tests, and its tests run" install_tests
step "the benchmarks of vfio-ccw-tests run, or say what device they want" bench
step "tests that are ended by a signal give the device back" interrupted
step "upgrade of vfio-ccw-dkms" upgrade "$NEXT" "$VERSION"
step "purging both leaves nothing behind" purge
