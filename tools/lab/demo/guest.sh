# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A guest in QEMU, whose console and monitor are on pipes. Who uses this has fail WHY.

patience=600		# seconds that the guest may say nothing

# The guest was booted elsewhere, where it is quick, up to its prompt; here it goes on.
guest_start() {
	guest_launch qemu-system-s390x
	guest_resume
}

# Hercules has no channel paths that Linux could see, and QEMU wants to know the type of each.
# So QEMU gets to see its devices with paths beside them.
sysfs_with_paths() {
	local view=/run/css0 entry path
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
	cat /sys/bus/css/devices/*/chpids | tr -s ' ' '\n' | while read -r path; do
		mkdir -p "$view/chp0.$path"
		echo 1a >"$view/chp0.$path/type"
	done
	mount --rbind $view /sys/devices/css0 || fail "cannot lay the view over sysfs"
}

# Start QEMU: guest_run QEMU [OPTION]...
guest_run() {
	rm -f /run/{console,monitor}.{in,out}
	mkfifo /run/{console,monitor}.{in,out}
	echo "host# $* &"
	"$@" -chardev pipe,id=console,path=/run/console \
		-chardev pipe,id=monitor,path=/run/monitor -mon chardev=monitor,mode=control &
	qemu=$!
	exec 5<>/run/console.in 6<>/run/console.out 7<>/run/monitor.in 8<>/run/monitor.out
	line=
}

# Start it with what it was saved as in $state: guest_launch QEMU [OPTION]...
state=/lab/demo/state
guest_launch() {
	# shellcheck disable=SC2046 # they are words
	guest_run "$@" $(cat /lab/demo/options) -incoming "exec:cat $state"
	line='guest:0# '		# was there when the state was saved
}

# What is typed the moment a guest goes on may be lost, so that is tried until it answers.
guest_resume() {
	local try
	monitor '{"execute": "qmp_capabilities"}'
	person "info status"
	while [[ $answer == *inmigrate* ]]; do
		sleep 1
		person "info status"
	done
	person cont
	for try in 1 2 3 4; do
		printf 'echo awake %s\n' "$try" >&5
		said=
		while console_prompt $((patience / 4)); do
			[[ $said != *$'\n'"awake $try"* ]] || return 0
		done
		echo "(no answer to the try $try)"
	done
	person "info registers"
	echo "$answer"
	fail "the guest does not go on"
}

# These two do not show each character that they wait for, where a caller has "set -x".

# Ask QEMU's monitor; what it says goes to $answer. As JSON, because the one for people repaints
# the whole line for each character that is typed, which takes minutes here.
monitor() {
	echo "$1" >&7
	while IFS= read -r -t "$patience" answer <&8; do
		[[ $answer != *'"return": '* && $answer != *'"error": '* ]] || return 0
	done
	fail "QEMU's monitor does not answer"
} 2>/dev/null

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
	console_prompt "$patience" || fail "the guest says nothing"
}

console_prompt() {	# SECONDS that it may say nothing
	local c
	while IFS= read -r -N1 -t "$1" c <&6; do
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
	return 1
} 2>/dev/null

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
