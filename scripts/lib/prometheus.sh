# Prometheus and promtool of Debian's package: the installed ones, or unpacked
# into .run/, since installing the package would start a service.

PROMETHEUS_FOLDER=$STATE/prometheus-package

# prometheus_program NAME: the path of prometheus or promtool.
prometheus_program()
{
	command -v "$1" 2>/dev/null || printf '%s\n' "$PROMETHEUS_FOLDER/usr/bin/$1"
}

prometheus_need()
{
	[ -x "$(prometheus_program prometheus)" ] &&
	    [ -x "$(prometheus_program promtool)" ] && return
	say "unpacking Debian's prometheus into .run/"
	mkdir -p "$PROMETHEUS_FOLDER"
	(
		cd "$PROMETHEUS_FOLDER"
		if ! quietly "$STATE/apt.log" apt-get -q download prometheus; then
			is_root && quietly "$STATE/apt.log" apt-get -q update
			quietly "$STATE/apt.log" apt-get -q download prometheus
		fi
		dpkg-deb -x prometheus_*.deb .
		rm -f prometheus_*.deb
	) || die "Debian's prometheus cannot be had: see .run/apt.log"
}
