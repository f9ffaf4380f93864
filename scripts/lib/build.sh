# Building with kodev, which names the application after the folder that it
# runs in and knows neither headers nor flavors. So each flavor is built in a
# folder of its own named chores, whose parts are links back to the checkout,
# and objects whose headers have changed are removed first.

# build_folder FLAVOR: where kodev builds and where the server is started.
build_folder()
{
	printf '%s/%s/chores\n' "$BUILD" "$1"
}

# build_need FLAVOR: bring chores.so up to date; silent when it is.
build_need()
{
	local flavor=$1 folder stamp status=0

	folder=$(build_folder "$flavor")
	mkdir -p "$folder"
	exec 9>"$BUILD/lock"
	flock 9
	stamp=$(build_stamp "$flavor")
	if [ ! -f "$folder/chores.so" ] ||
	    [ "$stamp" != "$(cat "$folder/stamp" 2>/dev/null)" ]; then
		rm -f "$folder/stamp"
		build_prepare "$folder" "$flavor"
		say "building ($flavor)"
		build_kodev "$folder" "$flavor" || status=1
		[ "$status" -ne 0 ] || printf '%s\n' "$stamp" >"$folder/stamp"
	fi
	exec 9>&-
	[ "$status" -eq 0 ] || die "the build failed: see above"
}

# Everything that the result depends on, in one word.
build_stamp()
{
	{
		find src assets build.conf -type f ! -name '.*' \
		    -printf '%p %T@ %s\n' | LC_ALL=C sort
		build_flags "$1"
		dpkg-query -W -f '${Version}\n' kore gcc
	} | sha256sum | cut -d ' ' -f 1
}

# What makes every object stale when it changes.
build_flags()
{
	printf '%s|' "$1" "${CC:-}" "${CFLAGS:-}" "${LDFLAGS:-}"
	cat "$ROOT/build.conf"
}

build_prepare()
{
	local folder=$1 part depends

	mkdir -p "$ROOT/cert"
	for part in src assets conf cert; do
		ln -sfn "$ROOT/$part" "$folder/$part"
	done
	cd "$folder"
	if ! build_flags "$2" | cmp -s - flags; then
		rm -rf .objs chores.so
		build_flags "$2" >flags
	fi

	# A source or asset that came or went changes what is linked, and
	# the list of assets that sources see.
	find src/ assets/ -type f ! -name '.*' | LC_ALL=C sort >files.new
	cmp -s files.new files || rm -f chores.so
	for depends in .objs/*.d; do
		[ -f "$depends" ] || continue
		if ! build_is_fresh "$depends" "$depends" ||
		    { [ ! -f chores.so ] && grep -q '/assets\.h' "$depends"; }
		then
			rm -f "${depends%.d}.o"
		fi
	done
	mv files.new files
	cd "$ROOT"
}

# build_is_fresh FILE DEPENDS...: is ${FILE} newer than all that the compiler's
# dependency files name?
build_is_fresh()
{
	local file=$1 source sources

	shift
	[ -e "$file" ] || return 1
	sources=$(sed -e 's/^[^ ]*://' -e 's/\\$//' "$@" | tr -s ' ' '\n' |
	    sed -e '/^$/d' -e '/\/assets\.h$/d')
	while read -r source; do
		[ -e "$source" ] && [ ! "$source" -nt "$file" ] || return 1
	done <<<"$sources"
}

build_kodev()
{
	local folder=$1 log=$1/kodev.log

	if ! (cd "$folder" && KORE_BUILD_FLAVOR=$2 \
	    CFLAGS="-MMD ${CFLAGS:-}" kodev build) >"$log" 2>&1; then
		grep -v '^compiling ' "$log" >&2
		return 1
	fi
}
