# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For jobs of many steps: each is a function, its commands are shown, what comes of it is a line
# that lablib/steps.py counts.

# step NAME FUNCTION [ARG]...: run it; the first command that fails ends it, and only it. What it
# ended with is in $ended: after "||" or "if" bash would go on behind a command that fails.
step() {
	local name=$1 status started=$SECONDS
	shift
	echo "== $name"
	(
		set -eE
		trap 'dmesg | tail -n 5' ERR
		PS4='# '
		set -x
		"$@"
	) 2>&1
	status=$?
	case $status in
	0) echo "@step ok $name ($((SECONDS - started)) s)" ;;
	4) echo "@step skip $name: $(cat /run/skip)" ;;
	*) echo "@step not-ok $name" ;;
	esac
	# shellcheck disable=SC2034 # for the caller
	ended=$status
}

# In a step: it cannot be done here
cannot() {
	echo "$*" >/run/skip
	exit 4
}

# Wait for a command to succeed: till SECONDS COMMAND...
till() {
	local end=$((SECONDS + $1))
	shift
	until "$@" 2>/dev/null; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
} 2>/dev/null

is_driver() {	# SUBCHANNEL DRIVER
	[ "$(basename "$(readlink "/sys/bus/css/devices/$1/driver")")" = "$2" ]
}
