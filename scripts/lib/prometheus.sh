# Prometheus and promtool of Debian's package: the installed ones, or unpacked.
# Sourced behind packages.sh.

# prometheus_program NAME: the path of prometheus or promtool.
prometheus_program()
{
	packages_unpacked prometheus "usr/bin/$1"
}

prometheus_need()
{
	[ -x "$(prometheus_program prometheus)" ] &&
	    [ -x "$(prometheus_program promtool)" ] && return
	packages_unpack prometheus
}
