# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154 # what host.sh has
# What the demo does where there is no disk: start channel programs from a test program.

use_it() {
	step "start channel programs"
	local tests="-t nop -t sense_id -t write_and_read_back -t indirect_data -t segments_10000"
	local env="VFIO_CCW_UUID=$uuid VFIO_CCW_SCRATCH=1"
	expect "$env /lab/selftests/vfio_ccw_start_test -V iommufd $tests" \
		"pass:[1-9][0-9]* fail:0 .*error:0"
}

use_it_here() {
	step "use the device on the host"
	till '[ -e /sys/bus/ccw/devices/$device/driver ]'
	expect "lscss -d $device" "$models"
	expect "readlink /sys/bus/ccw/devices/$device/driver" "virtio_ccw$"
}
