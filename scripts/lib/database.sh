# A private PostgreSQL cluster: Debian's programs, but data, port and password
# of our own. It listens on the loopback address only and knows one role,
# chores. The clusters that Debian manages are never touched.
#
# As root PostgreSQL refuses to run, so it runs as the user postgres then.
# DATABASE_FOLDER names another cluster than the checkout's own, DATABASE_FAST
# gives up its durability: both are for tests.

CLUSTER_USER=postgres	# who runs it when we are root

# Where it lives: in the checkout, if the user that runs it can get there.
cluster_folder()
{
	local folder=${DATABASE_FOLDER:-$STATE/postgres}

	mkdir -p "$folder"
	if is_root && ! { chown "$CLUSTER_USER" "$folder" 2>/dev/null &&
	    (cd / && runuser -u "$CLUSTER_USER" -- test -w "$folder"); }; then
		rmdir "$folder" 2>/dev/null || true
		folder=/var/lib/chores-dev/$(cksum <<<"$folder" | cut -d ' ' -f 1)
		mkdir -p "$folder"
		chown "$CLUSTER_USER" "$folder"
	fi
	printf '%s\n' "$folder"
}

# cluster_do COMMAND...: as the user that owns the cluster.
cluster_do()
{
	if is_root; then
		(cd / && runuser -u "$CLUSTER_USER" -- "$@")
	else
		(cd / && "$@")
	fi
}

# cluster_program FOLDER NAME: its path, of the version that made the data.
cluster_program()
{
	local version

	version=$(cat "$1/data/PG_VERSION" 2>/dev/null ||
	    find /usr/lib/postgresql/*/bin/initdb 2>/dev/null |
	    cut -d / -f 5 | sort -V | tail -n 1)
	[ -x "/usr/lib/postgresql/$version/bin/$2" ] ||
	    die "PostgreSQL ${version:-} is not installed, but the data in $1" \
	    "needs it: install postgresql-${version:-15}, or remove that folder"
	printf '/usr/lib/postgresql/%s/bin/%s\n' "$version" "$2"
}

cluster_is_running()
{
	[ -f "$1/data/postmaster.pid" ] &&
	    cluster_do "$(cluster_program "$1" pg_ctl)" -D "$1/data" status \
	    >/dev/null 2>&1
}

# cluster_url FOLDER [NAME]: of a database in it.
cluster_url()
{
	printf 'postgresql://chores:%s@127.0.0.1:%s/%s\n' \
	    "$(cat "$1/password")" "$(cat "$1/port")" "${2:-chores}"
}

cluster_make()
{
	local folder=$1

	openssl rand -hex 16 |
	    cluster_do sh -c 'umask 077; cat >"$0/password"' "$folder"
	quietly "$STATE/initdb.log" cluster_do \
	    "$(cluster_program "$folder" initdb)" -D "$folder/data.new" \
	    --username=chores --pwfile="$folder/password" \
	    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 \
	    ${DATABASE_FAST:+--no-sync} ||
	    die "initdb failed: see .run/initdb.log"
	cluster_do sh -c 'cat >>"$0/data.new/postgresql.conf"' "$folder" <<-EOF

	# Of ./dev: reachable from this machine only; the port is given at the start.
	listen_addresses = '127.0.0.1'
	unix_socket_directories = ''
	max_connections = 200
	timezone = 'UTC'
	log_timezone = 'UTC'
	${DATABASE_FAST:+fsync = off}
	${DATABASE_FAST:+synchronous_commit = off}
	${DATABASE_FAST:+full_page_writes = off}
	EOF
	cluster_do mv "$folder/data.new" "$folder/data"
}

# cluster_start FOLDER: make it if need be, and start it on its port or, if
# that is taken, on another.
cluster_start()
{
	local folder=$1 port attempt

	cluster_is_running "$folder" && return
	if [ ! -f "$folder/data/PG_VERSION" ]; then
		cluster_do rm -rf "$folder/data.new"
		cluster_make "$folder"
	elif [ ! -r "$folder/password" ]; then
		die "the database in $folder belongs to another user: go on as" \
		    "that user, or remove the folder"
	fi
	for attempt in 1 2 3; do
		port=$(cat "$folder/port" 2>/dev/null || true)
		if [ -z "$port" ] || [ "$attempt" -gt 1 ] || port_taken "$port"; then
			port=$(port_pick)
		fi
		cluster_do sh -c 'echo "$1" >"$0/port"' "$folder" "$port"
		if cluster_do "$(cluster_program "$folder" pg_ctl)" -s -w -t 60 \
		    -D "$folder/data" -l "$folder/log" -o "-p $port" start \
		    >/dev/null 2>&1 </dev/null 9>&-; then
			cluster_create "$folder" chores
			return
		fi
	done
	tail -n 5 "$folder/log" >&2
	die "the private PostgreSQL cluster does not start: see $folder/log"
}

# cluster_create FOLDER NAME: that database, if it is not there.
cluster_create()
{
	cluster_psql "$1" "SELECT 'CREATE DATABASE $2' WHERE NOT EXISTS
	    (SELECT FROM pg_database WHERE datname = '$2')" |
	    cluster_psql "$1"
}

# cluster_psql FOLDER [STATEMENT]: or the statements on standard input.
cluster_psql()
{
	"$(cluster_program "$1" psql)" -X -A -t -q -v ON_ERROR_STOP=1 \
	    -d "$(cluster_url "$1" postgres)" ${2:+-c "$2"}
}

cluster_stop()
{
	cluster_is_running "$1" || return 0
	cluster_do "$(cluster_program "$1" pg_ctl)" -s -w -t 60 -m fast \
	    -D "$1/data" stop >/dev/null ||
	    die "the private PostgreSQL cluster does not stop: see $1/log"
}
