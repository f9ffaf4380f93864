"""The migrator, as a program, against a private PostgreSQL cluster.

Needs gcc, libpq and PostgreSQL's server programs; nothing of the rest of the
harness. The cluster has no TCP port and vanishes with the tests.
"""

import decimal
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "assets" / "sql" / "migrations"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql"))
LOCK = int.from_bytes(b"chores", "big")
NEW_YORK = "America/New_York"
TABLES = ("families", "users", "chores", "chore_assignments", "reward_adjustments", "activities", "alembic_version")

# Everything that a schema is, a line each. Oids and physical order are left out; the order of columns is not.
CATALOG = """
SELECT 'column ' || c.relname || ' ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'sequence ' || s.relname || ' ' || format_type(q.seqtypid, NULL) || ' ' || q.seqstart || ' ' || q.seqincrement
       || ' of ' || d.refobjid::regclass || ' ' || d.refobjsubid
  FROM pg_sequence q JOIN pg_class s ON s.oid = q.seqrelid
  LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a' AND d.refobjsubid > 0
UNION ALL
SELECT 'function ' || oid::regprocedure || ' ' || prorettype::regtype || ' ' || regexp_replace(trim(prosrc, E' \\n'), '\\s+', ' ', 'g')
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""

ADDITIONS = {
    "column chores_migrations 1 number integer not null",
    "column chores_migrations 2 name text not null",
    "column chores_migrations 3 applied_at timestamp with time zone not null default CURRENT_TIMESTAMP",
    "column reward_adjustments 7 kind text",
    "column reward_adjustments 8 assignment_id integer",
    "constraint chores_migrations pk_chores_migrations PRIMARY KEY (number)",
    "constraint reward_adjustments ck_adjustments_kind CHECK ((kind = ANY (ARRAY['approval'::text, 'manual'::text, 'payout'::text])))",
}


def bindir():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1].parent) if found else os.path.dirname(shutil.which("initdb") or "")


class Cluster:
    """A PostgreSQL of our own, reached through a socket in its folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="chores-db-")
        self.count = 0
        self.be = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.be:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o",
                 f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off "
                 "-c synchronous_commit=off -c full_page_writes=off -c max_wal_size=4GB", "start")

    def run(self, program, *arguments):
        subprocess.run([*self.be, f"{bindir()}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL)

    def close(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def database(self, zone="UTC"):
        self.count += 1
        name = f"t{self.count}"
        Database.finish(Database(self, "postgres").psql("-c", f"CREATE DATABASE {name}"))
        database = Database(self, name)
        database.sql(f"ALTER DATABASE {name} SET timezone = '{zone}'")
        return database


class Database:
    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.url = f"postgresql+asyncpg://postgres@/{name}?host={cluster.folder}"

    def psql(self, *arguments):
        environment = {**os.environ, "PGHOST": self.cluster.folder, "PGUSER": "postgres", "PGDATABASE": self.name}
        return subprocess.Popen([f"{bindir()}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments],
                                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sql(self, text):
        """Run a text, one transaction; the lines of what it returned."""
        return self.finish(self.psql("-1", "-c", text))

    def load(self, path, *arguments):
        return self.finish(self.psql(*arguments, "-f", str(path)))

    @staticmethod
    def finish(process):
        out, err = process.communicate()
        assert process.returncode == 0, err
        return out.splitlines()

    def one(self, text):
        (line,) = self.sql(text)
        return line

    def catalog(self):
        return set(self.sql(CATALOG))

    def rows(self, condition="true"):
        """All rows of the original's tables, as UTC, without our columns."""
        return [self.sql(f"SET LOCAL timezone = 'UTC'; SELECT to_jsonb(t) - 'kind' - 'assignment_id' FROM {table} t "
                         f"WHERE {condition} ORDER BY 1::text") for table in TABLES]


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("migrate") / "migrate"
    include = subprocess.run(["pg_config", "--includedir"], check=True, capture_output=True, text=True)
    sources = ["tools/migrate_main.c", "src/db/migrate.c", "src/db/conninfo.c", "src/platform/buffer.c",
               "src/platform/log.c", "src/platform/clock.c"]
    subprocess.run(["gcc", "-std=gnu11", "-O1", "-g", "-fsanitize=address,undefined", "-D_GNU_SOURCE", "-Isrc",
                    f"-I{include.stdout.strip()}", "-o", path, *sources, "-lpq"], cwd=ROOT, check=True)
    return path


@pytest.fixture
def migrate(program):
    def start(database, *arguments, folder=FOLDER):
        return subprocess.Popen([program, *arguments, folder], env={**os.environ, "DATABASE_URL": database.url},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(database, *arguments, folder=FOLDER):
        process = start(database, *arguments, folder=folder)
        out, err = process.communicate(timeout=120)
        return process.returncode, out.splitlines(), err.splitlines()

    run.start = start
    return run


@pytest.fixture
def empty(cluster):
    return cluster.database()


def original(database):
    database.load(HERE / "original.sql", "-1")
    return database


def occupied(database):
    original(database)
    database.load(HERE / "original_rows.sql", "-1")
    return database


def verdicts(lines):
    return [line.split(": ")[1].split(" in ")[0] for line in lines]


class TestAnEmptyDatabase:
    def test_every_migration_runs_and_says_so(self, migrate, empty):
        status, out, err = migrate(empty)
        assert (status, err) == (0, [])
        assert [line.split(":")[0] for line in out] == NAMES
        assert set(verdicts(out)) == {"applied"}
        assert empty.sql("SELECT name FROM chores_migrations ORDER BY number") == NAMES

    def test_a_second_run_changes_nothing(self, migrate, empty):
        migrate(empty)
        before = empty.catalog(), empty.sql("TABLE chores_migrations")
        status, out, err = migrate(empty)
        assert (status, err, set(verdicts(out))) == (0, [], {"already there"})
        assert (empty.catalog(), empty.sql("TABLE chores_migrations")) == before

    def test_it_gets_exactly_the_original_and_our_additions(self, migrate, empty, cluster):
        migrate(empty)
        theirs = original(cluster.database()).catalog()
        assert theirs - empty.catalog() == set()
        added = {line for line in empty.catalog() - theirs if not line.startswith(("index ", "function "))}
        assert added == ADDITIONS
        assert all(" idx_" in line or "pk_chores_migrations" in line
                   for line in empty.catalog() - theirs if line.startswith("index "))
        assert empty.sql("TABLE alembic_version") == ["001_pg_initial"]

    def test_it_ends_as_a_database_that_was_taken_over(self, migrate, empty, cluster):
        taken = original(cluster.database())
        migrate(empty)
        migrate(taken)
        assert empty.catalog() == taken.catalog()

    def test_other_tables_are_left_alone(self, migrate, empty):
        empty.sql("CREATE TABLE recipes (id integer); INSERT INTO recipes VALUES (7)")
        assert migrate(empty)[0] == 0
        assert empty.sql("TABLE recipes") == ["7"]

    def test_the_generator_fills_it_with_rows_that_keep_their_keys(self, migrate, empty):
        migrate(empty)
        empty.load(HERE / "generate.sql", "-v", "families=3")
        assert empty.sql("SELECT count(*) FROM chore_assignments UNION ALL SELECT count(*) FROM activities") == ["3000", "9000"]
        # Foreign keys are checked again by making them anew.
        for line in empty.sql("SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) "
                              "FROM pg_constraint WHERE contype = 'f'"):
            table, name, definition = line.split(" ", 2)
            empty.sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}; ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        empty.sql("INSERT INTO chores (title, description, creator_id) VALUES ('next', '', 1)")


@pytest.mark.parametrize("zone", ["UTC", NEW_YORK])
class TestADatabaseOfTheOriginal:
    @pytest.fixture
    def taken(self, migrate, cluster, zone):
        database = occupied(cluster.database(zone))
        database.old = database.rows()
        status, out, err = migrate(database)
        assert status == 0, err
        database.out, database.err = out, err
        return database

    def test_the_first_migration_counts_as_done(self, taken):
        assert verdicts(taken.out) == ["taken over, as 001_pg_initial made it"] + ["applied"] * (len(NAMES) - 1)

    def test_no_old_row_changes(self, taken):
        now = taken.rows()
        assert [row for table in taken.old for row in table if row not in now[TABLES.index("reward_adjustments")]] == \
            [row for i, table in enumerate(taken.old) if TABLES[i] != "reward_adjustments" for row in table]
        for name, before, after in zip(TABLES, taken.old, now):
            if name == "reward_adjustments":
                assert set(before) < set(after) and len(after) == len(before) + 9
            else:
                assert after == before, name

    def test_every_old_row_of_the_ledger_gets_its_kind(self, taken):
        manual = "SELECT id FROM reward_adjustments WHERE kind = 'manual' ORDER BY id"
        assert taken.sql(manual) == ["13", "14"]
        assert taken.one("SELECT count(*) FROM reward_adjustments WHERE kind IS NULL") == "0"

    def test_approvals_without_a_row_get_one(self, taken):
        assert taken.sql("SET LOCAL timezone = 'UTC'; "
                         "SELECT assignment_id, child_id, parent_id, amount, left(reason, 30), created_at, kind "
                         "FROM reward_adjustments WHERE id > 40 ORDER BY id") == [
            "3|10|1|2.50|Approved chore: unpaid|2026-03-02 14:00:00.011+00|approval",
            "4|10|1|4.00|Approved chore: one of two|2026-03-03 14:00:00.011+00|approval",
            "9|10|1|7.00|Approved chore: no reward|2026-03-06 14:00:00.011+00|approval",
            "11|10|1|2.67|Approved chore: halves unpaid|2026-03-08 14:00:00.011+00|approval",
            "15|10|1|1.50|Approved chore: undated|2026-03-12 14:00:00+00|approval",
            "17|10|1|-3.00|Approved chore: |2026-03-14 14:00:00.011+00|approval",
            "18|11|3|1.25|Approved chore: tttttttttttttt|2026-03-15 14:00:00.011+00|approval",
            "20|10|1|2.00|Approved chore: twins|2026-03-17 14:00:00.011+00|approval",
            "6|10|1|2.00|Approved chore: cycles|2026-03-22 14:00:00.011+00|approval"]

    def test_balances_are_the_sums_of_the_ledger(self, taken):
        assert taken.sql("SELECT child_id, sum(amount) FROM reward_adjustments GROUP BY 1 ORDER BY 1") == \
            ["10|59.17", "11|5.75", "12|2.00"]

    def test_old_rows_name_their_assignment_where_it_is_certain(self, taken):
        assert taken.sql("SELECT id, assignment_id FROM reward_adjustments WHERE id <= 16 AND kind = 'approval' "
                         "AND assignment_id IS NOT NULL AND id NOT IN (1, 2) ORDER BY id") == \
            ["3|5", "4|6", "5|6", "6|6", "7|7", "8|8", "9|10", "10|13", "11|16", "12|21", "15|3"]
        assert taken.sql("SELECT assignment_id FROM reward_adjustments WHERE id IN (1, 2) ORDER BY 1") == ["1", "2"]

    def test_impossible_rewards_are_named_in_a_warning(self, taken):
        (line,) = taken.err
        assert line.endswith("approved with an impossible reward, not in the ledger: assignments 12, 19")

    def test_a_second_run_adds_nothing(self, taken, migrate):
        before = taken.sql("TABLE reward_adjustments ORDER BY id")
        assert migrate(taken)[0] == 0
        assert taken.sql("TABLE reward_adjustments ORDER BY id") == before

    def test_the_original_still_runs_on_it(self, taken):
        taken.sql("""
            INSERT INTO reward_adjustments (child_id, parent_id, amount, reason) VALUES
                (10, 1, 1.5, 'Approved chore: paid'), (10, 1, -1, 'broken window');
            INSERT INTO families (name, invite_code) VALUES ('new', 'ZZZZZZZZ');
            INSERT INTO users (username, hashed_password) VALUES ('new', 'x');
            INSERT INTO chores (title, description, creator_id) VALUES ('new', '', 1);
            INSERT INTO activities (user_id, activity_type, description, activity_data) VALUES (1, 'x', '', '{}');
            UPDATE chore_assignments SET is_approved = true WHERE id = 14;
            DELETE FROM chores WHERE id = 1""")
        assert taken.sql("SELECT r.amount, COALESCE(r.kind, CASE WHEN starts_with(r.reason, 'Approved chore: ') "
                         "THEN 'approval' ELSE 'manual' END) FROM reward_adjustments r WHERE r.kind IS NULL "
                         "ORDER BY 1") == ["-1.00|manual", "1.50|approval"]
        assert taken.one("SELECT updated_at > now() - interval '1 minute' FROM chore_assignments WHERE id = 14") == "t"
        assert taken.one("SELECT count(*) FROM reward_adjustments WHERE assignment_id = 1") == "1"


class TestWhatIsRefused:
    @pytest.mark.parametrize("change, why", [
        ("UPDATE alembic_version SET version_num = '002_next'", '"002_next"'),
        ("INSERT INTO alembic_version VALUES ('002_next')", "holds 2 rows"),
        ("DELETE FROM alembic_version", "holds 0 rows"),
        ("DROP TABLE alembic_version", "but no alembic_version"),
        ("DROP TABLE activities", "but no table activities"),
        ("DROP TABLE families, users, chores, chore_assignments, reward_adjustments, activities", "but no table "),
        ("DROP TABLE alembic_version, users, chores, chore_assignments, reward_adjustments, activities CASCADE",
         "a table families"),
        ("CREATE TABLE chores_migrations (number integer, name text); DROP TABLE alembic_version",
         "a table chores_migrations"),
    ])
    def test_a_database_that_is_not_as_we_know_it(self, migrate, empty, change, why):
        original(empty).sql(change)
        before = empty.catalog()
        status, out, err = migrate(empty)
        assert (status, out, len(err)) == (1, [], 1)
        assert "refused, nothing was changed" in err[0] and why in err[0]
        assert empty.catalog() == before

    def test_a_number_that_ran_under_another_name(self, migrate, empty):
        migrate(empty)
        empty.sql("UPDATE chores_migrations SET name = '0002_other' WHERE number = 2")
        status, out, err = migrate(empty)
        assert status == 1 and err[0].endswith("refused: 0002_cents ran here as 0002_other")

    @pytest.mark.parametrize("name, why", [("12_short.sql", "not named"), ("0002_twice.sql", "is taken by"),
                                           ("notes.sql", "not named")])
    def test_a_folder_with_a_misnamed_file(self, migrate, empty, tmp_path, name, why):
        shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
        (tmp_path / name).write_text("SELECT 1")
        status, out, err = migrate(empty, folder=tmp_path)
        assert (status, out, len(err)) == (1, [], 1) and why in err[0]
        assert empty.catalog() == set()

    def test_a_folder_that_is_missing_or_empty(self, migrate, empty, tmp_path):
        assert migrate(empty, folder=tmp_path / "none")[0] == 1
        status, out, err = migrate(empty, folder=tmp_path)
        assert status == 1 and err[0].endswith("holds no 0001_*.sql")

    def test_a_database_that_is_not_there(self, migrate, cluster):
        status, out, err = migrate(Database(cluster, "nowhere"))
        assert (status, out, len(err)) == (1, [], 1) and 'database "nowhere" does not exist' in err[0]


class TestFailing:
    def test_a_migration_that_fails_leaves_nothing_and_runs_later(self, migrate, empty, tmp_path):
        shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
        last = tmp_path / "9999_last.sql"
        last.write_text("CREATE TABLE half (id integer); SELECT 1 / 0;")
        status, out, err = migrate(empty, folder=tmp_path)
        assert status == 1 and len(out) == len(NAMES)
        assert err[0].endswith("9999_last: division by zero")
        assert empty.one("SELECT to_regclass('half') IS NULL") == "t"
        last.write_text("CREATE TABLE half (id integer);")
        status, out, err = migrate(empty, folder=tmp_path)
        assert status == 0 and out[-1].startswith("9999_last: applied")

    def test_a_migration_that_commits_by_itself_is_an_error(self, migrate, empty, tmp_path):
        shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
        (tmp_path / "9999_last.sql").write_text("SELECT 1; COMMIT;")
        assert migrate(empty, folder=tmp_path)[0] == 1

    def test_a_newer_programs_migrations_are_no_error(self, migrate, empty):
        migrate(empty)
        empty.sql("INSERT INTO chores_migrations VALUES (9999, '9999_future')")
        status, out, err = migrate(empty)
        assert (status, out[-1]) == (0, "9999_future: already there, by a newer program")

    def test_an_approval_in_flight_is_waited_for(self, migrate, empty):
        """The original commits an approval first and its row in the ledger a moment later."""
        occupied(empty).sql("DELETE FROM chore_assignments WHERE id <> 14; DELETE FROM reward_adjustments")
        empty.sql("UPDATE chore_assignments SET is_approved = true, approval_date = now(), approval_reward = 9")
        process = migrate.start(empty)
        time.sleep(0.7)
        empty.sql("INSERT INTO reward_adjustments (child_id, parent_id, amount, reason) "
                  "VALUES (10, 1, 9, 'Approved chore: pending')")
        process.communicate()
        assert process.returncode == 0
        assert empty.sql("SELECT amount, kind, assignment_id FROM reward_adjustments") == ["9.00|approval|14"]


class TestSeveralAtOnce:
    def test_migrators_that_start_together_do_everything_once(self, migrate, empty):
        processes = [migrate.start(empty) for _ in range(3)]
        outs = [process.communicate()[0].splitlines() for process in processes]
        assert [process.returncode for process in processes] == [0, 0, 0]
        applied = sorted(line.split(":")[0] for out in outs for line in out if ": applied" in line)
        assert applied == NAMES

    @staticmethod
    def hold(database, sql, seconds):
        holder = database.psql("-1", "-c", f"{sql}; SELECT pg_sleep({seconds})")
        while database.one("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(%' "
                           "AND pid <> pg_backend_pid() AND datname = current_database() "
                           "AND wait_event = 'PgSleep'") == "0":
            time.sleep(0.05)
        return holder

    def test_one_waits_for_another(self, migrate, empty):
        holder = self.hold(empty, f"SELECT pg_advisory_xact_lock({LOCK})", 1.5)
        start = time.monotonic()
        assert migrate(empty)[0] == 0
        assert time.monotonic() - start > 1
        empty.finish(holder)

    def test_one_gives_up_with_a_line_when_another_takes_too_long(self, migrate, empty):
        holder = self.hold(empty, f"SELECT pg_advisory_xact_lock({LOCK})", 4)
        status, out, err = migrate(empty, "-w", "1")
        assert (status, out, len(err)) == (1, [], 1)
        assert err[0].endswith("another migrator was at work for 1000 ms: try again when it is done")
        holder.terminate()
        holder.communicate()

    def test_a_table_in_use_stops_it_with_a_line(self, migrate, empty):
        holder = self.hold(original(empty), "LOCK TABLE reward_adjustments IN ACCESS SHARE MODE", 9)
        status, out, err = migrate(empty)
        assert status == 1 and err[0].endswith("0003_ledger: a table was in use for 5000 ms: try again")
        holder.terminate()
        holder.communicate()
        assert migrate(empty)[0] == 0


@pytest.fixture(scope="module")
def migrated(cluster, program):
    database = cluster.database()
    subprocess.run([program, FOLDER], env={**os.environ, "DATABASE_URL": database.url}, check=True,
                   stdout=subprocess.DEVNULL)
    return database


class TestCents:
    @staticmethod
    def ask(database, values):
        array = ",".join(repr(value) for value in values)
        return database.sql(f"SELECT COALESCE(chores_cents(x)::text, '') FROM unnest('{{{array}}}'::float8[]) "
                            "WITH ORDINALITY u (x, n) ORDER BY n")

    def test_the_contracts_examples(self, migrated):
        assert self.ask(migrated, [1.005, 2.675, 0.125, 0.135, 99.995, 3.333]) == \
            ["1.00", "2.67", "0.13", "0.14", "100.00", "3.33"]

    def test_what_the_ledger_cannot_hold_is_null(self, migrated):
        assert self.ask(migrated, [float("nan"), float("inf"), float("-inf"), 1e8, -1e8, 1e300]) == [""] * 6
        assert self.ask(migrated, [99999999.99, -99999999.99, 0.0, -0.0, 5e-324]) == \
            ["99999999.99", "-99999999.99", "0.00", "0.00", "0.00"]

    def test_it_agrees_with_exact_decimals_everywhere(self, migrated):
        randomly = random.Random(20260301)
        values = [randomly.uniform(-1000, 1000) for _ in range(5000)]
        values += [randomly.uniform(-1, 1) * 10.0 ** randomly.randint(-12, 7) for _ in range(5000)]
        # On, just above and just below each tie that a reward may meet.
        for tie in [n / 200 for n in range(1, 4000, 2)] + [randomly.randrange(1, 10 ** 10, 2) / 200 for _ in range(4000)]:
            bits = struct.unpack("<q", struct.pack("<d", tie))[0]
            values += [struct.unpack("<d", struct.pack("<q", bits + step))[0] for step in (-1, 0, 1)]
        values = [value for value in values if abs(value) < 99999999]
        cents = decimal.Decimal("0.01")
        exact = [str(abs(c) if (c := decimal.Decimal(v).quantize(cents, decimal.ROUND_HALF_UP)) == 0 else c)
                 for v in values]
        for i in range(0, len(values), 4000):
            assert self.ask(migrated, values[i:i + 4000]) == exact[i:i + 4000]
