# examples/hits, another application of src/metrics: built by kodev in a
# folder of its own, from scratch whenever something has changed.

EXAMPLE=$BUILD/examples/hits

# example_need: bring hits.so up to date; silent when it is.
example_need()
{
	local stamp

	stamp=$(find -L examples/hits -type f -printf '%p %T@ %s\n' |
	    LC_ALL=C sort | sha256sum)
	[ "$stamp" != "$(cat "$EXAMPLE/stamp" 2>/dev/null)" ] || return 0
	rm -rf "$EXAMPLE"
	mkdir -p "$EXAMPLE"
	ln -s "$ROOT/examples/hits/src" "$ROOT/examples/hits/conf" "$EXAMPLE"
	(cd "$EXAMPLE" && quietly "$EXAMPLE/kodev.log" kodev build) ||
	    die "examples/hits does not build: see above"
	printf '%s\n' "$stamp" >"$EXAMPLE/stamp"
}
