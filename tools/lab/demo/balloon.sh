# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # what host.sh and dasd.sh have
# A balloon that takes memory from the guest of dasd.sh and gives it back all the time. It takes
# what was freed last: pages of files that were read and written a moment ago, which the driver
# still knows. If one of them were used again as it was, the guest would read and write memory
# that is not its own any more, and the sums would be wrong.

all=192			# MiB: the guest's memory, see snapshot.py
least=176

# Let the balloon have its way for a while: it may not get all that it is asked for.
balloon() {
	local _
	person "balloon $1"
	for _ in {1..20}; do
		person "info balloon"
		[[ $answer == *"actual=$1"* ]] && return
		sleep 1
	done
}

breathe() {
	local times=0
	while [ ! -e /run/breathless ]; do
		balloon $least
		[[ $answer == *"actual=$all"* ]] || times=$((times + 1))
		balloon $all
		echo $times >/run/breaths
	done
}

balloon_generations() {
	cat /sys/bus/mdev/devices/"$uuid"/statistics/cache_generations
}

balloon_starts() {
	counted
	step "give the guest a balloon"
	guest_add "virtio-balloon-ccw,devno=fe.0.00ba"
	guest "until [ -e /sys/bus/virtio/drivers/virtio_balloon/virtio* ]; do sleep 1; done"
	balloon_before=$(balloon_generations)
	breathe &
	breather=$!
}

balloon_ends() {
	local moved
	touch /run/breathless
	wait "$breather" || fail "the monitor does not answer"
	step "see what the balloon did"
	moved=$(($(balloon_generations) - balloon_before))
	echo "it went down and up $(cat /run/breaths) times; memory went $moved times"
	[ "$(cat /run/breaths)" -ge 3 ] || fail "the balloon hardly moved"
	[ $moved -ge 1000 ] || fail "the balloon took no memory"
}
