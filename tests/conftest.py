"""Fixtures of all black-box tests.

cluster         PostgreSQL of this run
own_cluster     another one, which a test may stop and start
server          one server that most tests share: TLS and plain, two workers,
                no rate limits
start_server    more servers with other settings, each with a database of its
                own unless one is given: start_server(WORKERS=1); with
                wait=False it is only prepared (launch, refuses_to_start)
client          an HTTP client of that server without a token
people          makes users, families and chores on it
"""

import pathlib

import pytest

from support import coverage, ground
from support.cluster import Cluster
from support.people import People
from support.server import Server


@pytest.fixture(scope="session")
def run_folder():
    folder = ground.make_folder()
    yield folder
    ground.remove_folder(folder)


@pytest.fixture(scope="session")
def cluster(run_folder):
    return Cluster(run_folder)


@pytest.fixture(scope="session")
def own_cluster(run_folder):
    folder = run_folder / "outage"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def server(cluster, run_folder):
    server = Server(run_folder / "shared", cluster.create()).start()
    yield server
    server.stop()


@pytest.fixture
def start_server(cluster, run_folder):
    started = []

    def start(database_url=None, wait=True, ready="/api/v1/health/ready", **settings):
        number = sum(1 for _ in run_folder.iterdir())
        server = Server(
            run_folder / f"server-{number}", database_url or cluster.create(), **settings
        )
        started.append(server)
        return server.start(ready) if wait else server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client


@pytest.fixture
def people(server):
    people = People(server)
    yield people
    people.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failed test shows the end of its servers' logs."""
    report = (yield).get_result()
    if not report.failed:
        return
    folder = ground.STATE / f"test-{ground.os.getpid()}"
    for log in sorted(pathlib.Path(folder).glob("*/server.log")):
        lines = log.read_text(errors="replace").splitlines()[-25:]
        report.sections.append((f"end of {log.parent.name}'s log", "\n".join(lines)))


def _is_whole(config):
    """Whether all tests run, not a choice of them."""
    option = config.option
    return not (option.keyword or option.markexpr or option.lf or config.args_source.name == "ARGS")


def pytest_sessionfinish(session, exitstatus):
    """All tests together see all answers of the API: if not, the run fails."""
    if exitstatus == 0 and _is_whole(session.config) and coverage.missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if exitstatus > 1 or not _is_whole(config):
        return
    missing = coverage.missing()
    if missing:
        terminalreporter.section("answers of the API that no test has seen", red=True)
        terminalreporter.write_line("\n".join(missing))
