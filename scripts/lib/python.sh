# The tests' own Python environment: Debian's Python, packages pinned in
# tests/requirements.txt, kept in .run/venv while that file stays the same.

VENV=$STATE/venv

python_need()
{
	cmp -s tests/requirements.txt "$VENV/requirements.txt" && return
	say "installing the test packages of tests/requirements.txt"
	rm -rf "$VENV"
	quietly "$STATE/venv.log" /usr/bin/python3 -m venv "$VENV" ||
	    die "python3 -m venv failed: see .run/venv.log"
	quietly "$STATE/venv.log" "$VENV/bin/pip" install --no-input \
	    --disable-pip-version-check -r tests/requirements.txt ||
	    die "pip failed: see .run/venv.log"
	cp tests/requirements.txt "$VENV/requirements.txt"
}
