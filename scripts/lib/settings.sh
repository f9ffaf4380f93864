# The README's table of settings, which is made from src/platform/settings.def.

SETTINGS=$BUILD/tools/settings

# The README as it should be.
settings_readme()
{
	compile_program tools/settings_main.c "$SETTINGS" ||
	    die "the program that prints the settings does not compile"
	"$SETTINGS" | awk '
	/^<!-- end of settings -->$/ { inside = 0 }
	!inside { print }
	/^<!-- Made by .\/dev settings/ {
		inside = 1
		while ((getline line < "-") > 0)
			print line
	}' README.md
}

settings_check()
{
	settings_readme | cmp -s - README.md ||
	    die "README.md has another table of settings than" \
	    "src/platform/settings.def: ./dev settings --write"
}
