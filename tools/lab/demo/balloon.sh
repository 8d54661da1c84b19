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

# How often memory went: anywhere, and where the driver had pages of.
balloon_moves() {
	cat /sys/bus/mdev/devices/"$uuid"/statistics/{memory_events,cache_generations}
}

balloon_starts() {
	counted
	step "give the guest a balloon"
	guest_add "virtio-balloon-ccw,devno=fe.0.00ba"
	guest "until [ -e /sys/bus/virtio/drivers/virtio_balloon/virtio* ]; do sleep 1; done"
	mapfile -t balloon_before < <(balloon_moves)
	breathe &
	breather=$!
}

balloon_ends() {
	local moves
	touch /run/breathless
	wait "$breather" || fail "the monitor does not answer"
	step "see what the balloon did"
	mapfile -t moves < <(balloon_moves)
	moves=($((moves[0] - balloon_before[0])) $((moves[1] - balloon_before[1])))
	echo "it went down and up $(cat /run/breaths) times; memory went ${moves[0]} times," \
	     "${moves[1]} of them where the driver had pages of"
	[ "$(cat /run/breaths)" -ge 3 ] || fail "the balloon hardly moved"
	[ "${moves[0]}" -ge 1000 ] || fail "the balloon took no memory"
	[ "${moves[1]}" -ge 3 ] || fail "the balloon took nothing that the driver had"
}
