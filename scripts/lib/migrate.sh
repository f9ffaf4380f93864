# The migration program: applies assets/sql/migrations in the order of their
# names, each once.

MIGRATE=$BUILD/tools/migrate

migrate_build()
{
	compile_program tools/migrate_main.c "$MIGRATE" ||
	    die "the migration program does not compile: see above"
}

# migrate_run URL: silent about what was there already.
migrate_run()
{
	DATABASE_URL=$1 "$MIGRATE" assets/sql/migrations |
	    sed '/: already there$/d'
}
