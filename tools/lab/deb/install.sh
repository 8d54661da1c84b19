# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2317 # what steps.sh sets; the steps' functions are called
# The life of the packages on a Debian system: installed, used, upgraded, purged, while kernels come
# and go. The modules are built here by dkms, with the compiler of this system.

# shellcheck source-path=SCRIPTDIR/../guest source=steps.sh
. /lab/steps.sh

release=$(uname -r)
export DEBIAN_FRONTEND=noninteractive DPKG_COLORS=never
# An installed system has one folder for both names: Debian 13's kernels use the longer one.
[ /lib/modules -ef /usr/lib/modules ] ||
	{ mv /lib/modules /usr/lib/modules && ln -s /usr/lib/modules /lib/modules; }
# What an installed kernel has beside its modules.
ln -sfn "/usr/src/linux-headers-$release" "/lib/modules/$release/build"

mkdir -p /run/source
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose ksrc /run/source || exit
export KERNEL_SOURCE=/run/source

ours() {
	find /usr/src /usr/share/doc /usr/share/man /usr/libexec /var/lib/dkms /usr/lib/modules /etc \
		/var/lib/dpkg/info \( -iname '*vfio[-_]ccw*' -o -path '/usr/lib/modules/*/updates/*' \
		-type f \) 2>/dev/null || :
}

installed() {	# VERSION RELEASE...: for these kernels and no others
	local package=$1 kernel module
	shift
	dkms status | tee /run/dkms
	[ "$(grep -c vfio-ccw /run/dkms)" = $# ]
	[ "$(find /usr/lib/modules -name 'vfio_ccw.ko*' | wc -l)" = $# ]
	for kernel; do
		grep -Fx "vfio-ccw/$package, $kernel, s390x: installed" /run/dkms
		for module in vfio_ccw mdev; do
			case $(modinfo -k "$kernel" -n $module) in
			*/"$kernel/updates/dkms/$module".ko*) ;;
			*) false ;;
			esac
		done
	done
}

install_dkms() {
	ours >/run/before
	[ -d "/usr/src/linux-headers-$release" ]
	dpkg -i "/lab/debs/vfio-ccw-dkms_${1}_all.deb"
	installed "$1" "$release"
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

# Whoever ends the tests gets the device back, too: while it is set up, while a test binds it,
# while one creates mediated devices.
interrupted() {
	local after
	for after in 0.2 0.5 1 2 3 5 8; do
		if timeout $after /usr/libexec/vfio-ccw-tests/run.sh -t storm 0.0.1234; then false; fi
		[ ! -e /run/vfio-ccw-tests.setup ]
		is_driver "$(basename "$(readlink -f /sys/bus/ccw/devices/0.0.1234/..)")" io_subchannel
		if grep -s vfio_ccw_storm /proc/[0-9]*/comm; then false; fi
		[ -z "$(ls /sys/bus/mdev/devices)" ]
	done
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
	installed "$1" "$release"
	[ ! -e "/usr/src/vfio-ccw-$2" ]
	[ ! -e "/var/lib/dkms/vfio-ccw/$2" ]
	modprobe vfio_ccw
	[ -d /sys/bus/css/drivers/vfio_ccw ]
}

# In a step for another kernel than the one that runs: is there a package of it?
known() {	# RELEASE
	[ "$1" ] || cannot "the archive does not have the kernel now"
}

# As they come with their package, whose own script has dkms act; without what it depends on.
headers() {	# RELEASE
	dpkg -i --force-depends "/lab/debs/linux-headers-$1"_*.deb
}

# What the package of a kernel does when it is removed.
removed() {	# RELEASE
	linux-run-hooks image prerm "$1" "/boot/vmlinuz-$1" -- remove
}

# What there is to build of is away, as a linux-source that was forgotten, and then is not.
later() {
	local status=0
	known "$2"
	mv "$BUILT" "$BUILT.away"
	headers "$2" >/run/headers 2>&1 || status=$?
	cat /run/headers
	[ $status != 0 ]
	grep 'Error! Bad return status for module build' /run/headers
	installed "$1" "$release"
	mv "$BUILT.away" "$BUILT"
	dpkg --configure --force-depends "linux-headers-$2"
	installed "$1" "$release" "$2"
}

gone() {
	known "$2"
	removed "$2"
	[ ! -e "/lib/modules/$2/updates" ]
	installed "$1" "$release"
}

left_alone() {
	local status=0
	known "$2"
	headers "$2"
	if grep '^CONFIG_VFIO=' "/lib/modules/$2/build/.config"; then false; fi
	installed "$1" "$release"
	[ ! -e "/lib/modules/$2/updates" ]
	dkms build "vfio-ccw/$1" -k "$2" 2>/run/excluded || status=$?
	[ $status = 77 ]
	grep BUILD_EXCLUSIVE /run/excluded
}

last() {
	removed "$release"
	[ -z "$(dkms status)" ]
	if modinfo vfio_ccw; then false; fi
	dpkg -i "/lab/debs/vfio-ccw-dkms_${1}_all.deb"
	installed "$1" "$release"
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
step "a later kernel's headers: an error while dkms cannot build, modules once it can" \
	later "$NEXT" "$LATER"
step "a kernel that goes takes its modules with it, and no others" gone "$NEXT" "$LATER"
step "dkms leaves alone a kernel without vfio whose headers come" left_alone "$NEXT" "$OLD"
step "dkms forgets the package with the last kernel, and knows it when it is installed again" \
	last "$NEXT"
step "purging both leaves nothing behind" purge
