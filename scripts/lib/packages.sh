# Debian packages: what is missing is installed, and nothing is said or asked
# of apt when nothing is.

PACKAGES_KORE=(kore gcc libc6-dev libssl-dev)
PACKAGES_BUILD=("${PACKAGES_KORE[@]}" libpq-dev zlib1g-dev libcrypt-dev
    libunistring-dev)
PACKAGES_RUN=(postgresql openssl curl)
PACKAGES_TEST=(clang-format libcmocka-dev python3 python3-venv)
PACKAGES_CHECK=(clang-format clang-tidy cppcheck shellcheck)
PACKAGES_FUZZ=(clang libclang-rt-dev)
PACKAGES_COMPARE=(nginx python3 python3-venv)
PACKAGES_BENCH=(wrk python3 python3-venv)

# packages_missing NAME...: those that are not installed.
packages_missing()
{
	local name installed

	# It fails if it has never heard of one of them.
	installed=$({ dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
	    "$@" 2>/dev/null || true; } |
	    awk '$2 == "installed" { print $1 }')
	for name in "$@"; do
		grep -qx -- "$name" <<<"$installed" || printf '%s\n' "$name"
	done
}

# packages_need NAME...: install those that are missing, as root or with sudo.
packages_need()
{
	local missing as_root=()

	command -v dpkg-query >/dev/null ||
	    die "this needs Debian 12 or a system like it: no dpkg here"
	mapfile -t missing < <(packages_missing "$@")
	[ "${#missing[@]}" -eq 0 ] && return

	if ! is_root; then
		command -v sudo >/dev/null ||
		    die "packages are missing and there is no sudo: as root," \
		    "apt-get install ${missing[*]}"
		as_root=(sudo)
	fi
	say "installing packages: ${missing[*]}"
	"${as_root[@]}" true ||
	    die "sudo refused: as root, apt-get install ${missing[*]}"
	quietly "$STATE/apt.log" "${as_root[@]}" apt-get -q update ||
	    die "apt-get update failed: see .run/apt.log"
	quietly "$STATE/apt.log" "${as_root[@]}" env \
	    DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	    --no-install-recommends install "${missing[@]}" ||
	    die "apt-get install failed: see .run/apt.log"
}

# packages_unpacked PACKAGE PATH: the program of that path, of an installed
# package or of one that packages_unpack has had.
packages_unpacked()
{
	if [ -x "/$2" ]; then
		printf '/%s\n' "$2"
	else
		printf '%s\n' "$STATE/$1-package/$2"
	fi
}

# packages_unpack PACKAGE: its files in .run/, since installing it would start
# a service.
packages_unpack()
{
	local folder=$STATE/$1-package

	[ ! -d "$folder/usr" ] || return 0
	say "unpacking Debian's $1 into .run/"
	mkdir -p "$folder"
	(
		cd "$folder"
		if ! quietly "$STATE/apt.log" apt-get -q download "$1"; then
			is_root && quietly "$STATE/apt.log" apt-get -q update
			quietly "$STATE/apt.log" apt-get -q download "$1"
		fi
		dpkg-deb -x "$1"_*.deb .
		rm -f "$1"_*.deb
	) || die "Debian's $1 cannot be had: see .run/apt.log"
}
