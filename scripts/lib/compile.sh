# Stand-alone programs: tools and unit tests. A source says in its first line
# what it is linked with, in files and flags, as compiler arguments:
#	/* links: src/platform/buffer.c src/platform/arena.c -lcrypto */

# The language and warnings of the module itself.
compile_flags()
{
	printf -- '-Isrc\n-isystem\n%s\n' "$(pg_config --includedir)"
	sed -n 's/^cflags=//p' build.conf | tr ' ' '\n'
}

# compile_links SOURCE: what its first line lists.
compile_links()
{
	sed -n '1s,^/\* links: *\(.*[^ ]\) *\*/$,\1,p' "$1"
}

# compile_program SOURCE PROGRAM FLAG...: build it unless it is up to date.
compile_program()
{
	local source=$1 program=$2 flags command

	shift 2
	mapfile -t flags < <(compile_flags)
	mkdir -p "$(dirname "$program")"
	# shellcheck disable=SC2046 # the links are words
	command=("${CC:-gcc}" "${flags[@]}" "$@" "$source"
	    $(compile_links "$source"))
	if [ "${command[*]}" = "$(cat "$program.command" 2>/dev/null)" ] &&
	    build_is_fresh "$program" "$program.d"; then
		return
	fi
	rm -f "$program"
	"${command[@]}" -o "$program" &&
	    "${command[@]}" -MM >"$program.d" &&
	    printf '%s\n' "${command[*]}" >"$program.command"
}
