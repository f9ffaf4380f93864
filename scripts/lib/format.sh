# The formatter, over all C of ours.

format_files()
{
	find src tests tools examples bench/*.c \( -name '*.c' -o -name '*.h' \) |
	    LC_ALL=C sort
}

# format_check: names what ./dev format would change.
format_check()
{
	local files

	mapfile -t files < <(format_files)
	clang-format --dry-run -Werror "${files[@]}"
}
