# What every command needs. Sourced first, with the checkout as the folder.
set -Eeuo pipefail
trap 'printf "dev: %s: line %s: %s failed\n" "${BASH_SOURCE[0]}" "$LINENO" \
    "${BASH_COMMAND%% *}" >&2' ERR

ROOT=$PWD
STATE=$ROOT/.run	# databases, logs, the test environment: all disposable
BUILD=$ROOT/.build	# objects and programs

say()
{
	printf '%s\n' "$*"
}

# die MESSAGE: one line that says what is wrong and what to do about it.
die()
{
	printf 'dev: %s\n' "$*" >&2
	exit 1
}

is_root()
{
	[ "$(id -u)" -eq 0 ]
}

# quietly LOG COMMAND...: run it with its output in ${LOG}; show the end of
# that if it fails.
quietly()
{
	local log=$1 status=0

	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 || status=$?
	if [ "$status" -ne 0 ]; then
		tail -n 40 "$log" >&2
	fi
	return "$status"
}

# port_taken PORT: does any program of this machine listen on it?
port_taken()
{
	local hex files=(/proc/net/tcp)

	printf -v hex '%04X' "$1"
	[ -r /proc/net/tcp6 ] && files+=(/proc/net/tcp6)
	awk -v port=":$hex" '$4 == "0A" && index($2, port) == length($2) - 4 {
		found = 1 } END { exit !found }' "${files[@]}"
}

# port_pick: a free port below those that outgoing connections get.
port_pick()
{
	local port

	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		port_taken "$port" || break
	done
	printf '%s\n' "$port"
}

# The process of this checkout's ./dev run, if there is one.
RUN_PID_FILE=$STATE/server.pid

run_pid()
{
	local pid

	pid=$(cat "$RUN_PID_FILE" 2>/dev/null) &&
	    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null |
	    grep -q 'scripts/run' && printf '%s\n' "$pid"
}
