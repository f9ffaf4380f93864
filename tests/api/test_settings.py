"""Settings: how they are read, and what stops the start."""

import re

import pytest

from support.answers import assert_answer
from support.ground import ROOT
from support.people import People

TABLE = re.findall(
    r'^SETTING\((\w+), *\w+, *"(\w+)", *(\w+), *"([^"]*)", *(-?\d+), *(\d+), *"', (ROOT / "src/platform/settings.def").read_text(), re.M
)  # fmt: skip
LONG_KEY = "k" * 32
KNOWN_URL = "postgresql://somebody:hidden-word@127.0.0.1:1/nothing"


def complaints(server):
    """The lines in which the program says why it does not start."""
    status, log = server.refuses_to_start()
    assert status != 0, log
    return [line.removeprefix("chores: ") for line in log.splitlines() if line.startswith("chores: ")]


@pytest.fixture
def prepared(start_server, server):
    """A server that is not started, beside the shared one on its database."""

    def prepare(dotenv=None, **settings):
        other = start_server(server.database_url, wait=False, **settings)
        if dotenv is not None:
            (other.folder / ".env").write_text(dotenv)
        return other

    return prepare


def test_the_table_is_read_whole():
    text = (ROOT / "src/platform/settings.def").read_text()
    assert len(TABLE) == len(re.findall(r"^SETTING\(", text, re.M)) > 40


@pytest.mark.parametrize("name", [row[1] for row in TABLE])
def test_each_setting_is_put_to_use_by_a_test(name):
    """Set by a test, other than in the table of wrong values below."""
    here = (ROOT / "tests/api/test_settings.py").resolve()
    texts = [p.read_text() for p in (ROOT / "tests").rglob("*.py") if p.resolve() != here]
    assert any(re.search(rf"\b{name}\b", text) for text in texts)


class TestRefused:
    """One line that names the setting, and no start."""

    WRONG = [
        ("PORT", "88x", "must be an integer from 0 to 65535, is '88x'"),
        ("PORT", "65536", "must be an integer from 0 to 65535, is '65536'"),
        ("PORT", "-1", "must be an integer from 0 to 65535, is '-1'"),
        ("PORT", "", "must be an integer from 0 to 65535, is ''"),
        ("HTTP_PORT", "1.0", "must be an integer from 0 to 65535, is '1.0'"),
        ("WORKERS", "129", "must be an integer from 0 to 128, is '129'"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "soon", "must be an integer from -52560000 to 52560000, is 'soon'"),
        ("TESTING", "", "must be true or false, is ''"),
        ("TESTING", "maybe", "must be true or false, is 'maybe'"),
        ("TESTING", " true", "must be true or false, is ' true'"),
        ("RATE_LIMIT_ENABLED", "2", "must be true or false, is '2'"),
        ("ENABLE_METRICS", "si", "must be true or false, is 'si'"),
        ("LOG_LEVEL", "loud", "must be error, warning, info or debug, is 'loud'"),
        ("METRICS_ENDPOINT", "metrics", "must be a path that begins with '/', is 'metrics'"),
        ("METRICS_ENDPOINT", "/m?x", "must be a path that begins with '/', is '/m?x'"),
        ("METRICS_ENDPOINT", "/", "must have 2 to 255 bytes, is '/'"),
        ("SECURITY_CONTACT", "security@example.com", "must be a mailto:, tel: or https:// URI, is 'security@example.com'"),
        ("SECURITY_CONTACT", "mailto:a@b\nEncryption: x", "must be a mailto:, tel: or https:// URI, is 'mailto:a@b?"),
        ("SECURITY_CONTACT", "https://", "must be a mailto:, tel: or https:// URI, is 'https://'"),
        ("BIND_ADDRESS", "", "must have 1 to 255 bytes, is ''"),
        ("APP_NAME", "x" * 256, f"must have 0 to 255 bytes, is '{'x' * 80}'"),
        ("BACKEND_CORS_ORIGINS", '["http://a"', "must be a comma list or a JSON array of strings, is '[\"http://a\"'"),
        ("BACKEND_CORS_ORIGINS", "[1]", "must be a comma list or a JSON array of strings, is '[1]'"),
        ("BACKEND_CORS_ORIGINS", ",".join(map(str, range(257))), "must have at most 256 items, is '"),
        ("REGISTRATION_CODES", '["a"] b', "must be a comma list or a JSON array of strings, is '[\"a\"] b'"),
        ("PORT", "1\n2", "must be an integer from 0 to 65535, is '1?2'"),
    ]

    @pytest.mark.parametrize(("name", "value", "why"), WRONG)
    def test_a_wrong_value(self, prepared, name, value, why):
        (line,) = complaints(prepared(**{name: value}))
        assert line.startswith(f"{name}: {why}")

    def test_every_bound_is_kept(self):
        """Those above are examples; each integer of the table has bounds that mean something."""
        for kind, name, _, preset, least, most in TABLE:
            if kind == "integer":
                assert int(least) <= int(preset) <= int(most), name

    def test_a_secret_is_not_shown(self, prepared):
        (line,) = complaints(prepared(SECRET_KEY="s" * 4097))
        assert line == "SECRET_KEY: must have 0 to 4096 bytes"

    def test_no_listener_at_all(self, prepared):
        (line,) = complaints(prepared(PORT=0, HTTP_PORT=0))
        assert line == "PORT: must not be 0 where HTTP_PORT is 0 too"

    @pytest.mark.parametrize("setting", ["TLS_CERT_FILE", "TLS_KEY_FILE"])
    def test_a_certificate_that_is_not_there(self, prepared, setting):
        status, log = prepared(**{setting: "cert/nobody.pem"}).refuses_to_start()
        assert status != 0
        assert "cert/nobody.pem" in log

    SCHEMES = "begin with postgres://, postgresql://, postgresql+psycopg2://, postgresql+psycopg:// or postgresql+asyncpg://"

    @pytest.mark.parametrize("url", [None, ""])
    def test_no_database_named(self, prepared, url):
        status, log = prepared(DATABASE_URL=url).refuses_to_start()
        (line,) = [line for line in log.splitlines() if " error " in line]
        assert status != 0
        assert line.endswith(f"DATABASE_URL is not set: it must {self.SCHEMES}")

    @pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_REPORTS_URL"])
    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("mysql://u:hidden-word@h/d", f" *** must {SCHEMES}"),
            ("postgresql://u:hidden-word@h/d?nonsense=1", ' postgresql://u:***@h/d?nonsense=1: invalid URI query parameter: "nonsense"'),
            ("postgresql://u:hidden-word@h:nan/d", " postgresql://u:***@h:nan/d: a port must be from 1 to 65535"),
            (f"postgresql://u:{'%' * 8000}@h/d", " postgresql://u:***@h/d: too long"),  # each "%" is escaped
            (f"postgresql://h/d?password={chr(39) * 8100}", " postgresql://h/d?password=***: too long"),  # and each quote
            ("postgresql://u@h:5432,g:65536/d", " postgresql://u@h:5432,g:65536/d: a port must be from 1 to 65535"),
        ],
    )
    def test_a_database_that_is_none(self, prepared, name, url, why):
        status, log = prepared(**{name: url}).refuses_to_start()
        (line,) = [line for line in log.splitlines() if " error " in line]
        assert status != 0
        assert line.endswith(f" {name}{why}")
        assert "hidden-word" not in log

    def test_a_port_that_is_taken(self, prepared, server):
        status, log = prepared(PORT=server.port).refuses_to_start()
        assert status != 0
        assert f"cannot listen on 127.0.0.1 port {server.port}: another program may have it; set PORT to a free port" in log

    def test_an_address_that_is_none(self, prepared):
        status, log = prepared(BIND_ADDRESS="192.0.2.1").refuses_to_start()
        assert status != 0
        assert "192.0.2.1" in log


class TestProduction:
    def test_a_key_is_needed_outside_development(self, prepared):
        for key in ("", "development_secret_key", "k" * 31):
            (line,) = complaints(prepared(ENVIRONMENT="staging", SECRET_KEY=key))
            assert line == "SECRET_KEY: must have 32 bytes or more, unless ENVIRONMENT is development"

    def test_a_key_of_32_bytes_will_do(self, prepared):
        server = prepared(ENVIRONMENT="staging", SECRET_KEY=LONG_KEY).start()
        assert "SECRET_KEY is known or short" not in server.log()

    @pytest.mark.parametrize("codes", [None, "mine,beta2024", '["FAMILY_TRIAL"]'])
    @pytest.mark.parametrize("environment", ["production", "Production"])
    def test_codes_that_everybody_knows_are_none_in_production(self, prepared, codes, environment):
        server = prepared(ENVIRONMENT=environment, SECRET_KEY=LONG_KEY, REGISTRATION_CODES=codes)
        assert complaints(server) == [
            "REGISTRATION_CODES: must not hold the known default codes where ENVIRONMENT is production"
        ]

    @pytest.mark.parametrize("codes", ["mine", ""])
    def test_other_codes_or_none_will_do(self, prepared, codes):
        prepared(ENVIRONMENT="production", SECRET_KEY=LONG_KEY, REGISTRATION_CODES=codes).start()

    def test_development_warns_and_takes_the_known_key(self, prepared):
        from support.people import token_for

        server = prepared(SECRET_KEY=None).start()
        people = People(server)
        token = token_for(people.parent().id, key="development_secret_key")
        people.close()
        with server.client(token) as client:
            assert client.get_api("/users/me").status_code == 200
        assert "SECRET_KEY is known or short: others can make tokens; for development only" in server.log()


class TestReading:
    def test_the_environment_wins_over_the_file(self, prepared):
        server = prepared("APP_NAME=of the file\nBACKEND_CORS_ORIGINS=http://file\n", APP_NAME="of the environment").start()
        with server.client() as client:
            answer = client.get("/", headers={"origin": "http://file"})
        assert answer.json()["name"] == "of the environment"
        assert answer.headers["access-control-allow-origin"] == "http://file"

    def test_the_file_is_as_shells_write_it(self, prepared):
        text = (
            "# a comment\n\nexport APP_NAME = 'quoted # name'  # and another\n"
            'METRICS_ENDPOINT="/figures"\nunknown_one=1\nRATE_LIMIT_DEFAULT = 7 # seven\n'
        )
        server = prepared(text, TESTING="false").start()
        with server.client() as client:
            assert client.get("/").json()["name"] == "quoted # name"
            assert client.get("/").headers["x-ratelimit-limit"] == "7"
            assert client.get("/figures").status_code == 200

    def test_some_settings_are_the_process_own(self, prepared):
        """The file is for people; where we are and what we talk to is not theirs."""
        own = [row[1] for row in TABLE if row[2] == "process"]
        assert own == ["ENVIRONMENT", "LOG_LEVEL", "DATABASE_URL", "DATABASE_REPORTS_URL"]
        server = prepared(f"ENVIRONMENT=production\nDATABASE_URL={KNOWN_URL}\nLOG_LEVEL=debug\n").start()
        with server.client() as client:
            assert client.get("/").json()["environment"] == "development"

    def test_a_file_with_an_open_quote_stops_the_start(self, prepared):
        (line,) = complaints(prepared('APP_NAME="open\n'))
        assert line == ".env: cannot be read, or a quote is not closed"

    def test_a_wrong_value_in_the_file_stops_it_too(self, prepared):
        (line,) = complaints(prepared("WORKERS=many\n", WORKERS=None))
        assert line == "WORKERS: must be an integer from 0 to 128, is 'many'"

    def test_names_are_case_sensitive_and_unknown_ones_ignored(self, prepared):
        server = prepared(app_name="small", WHATEVER="x", TEMPLATES_DIR="/nowhere", API_V1_STR="/v2", DEBUG="no").start()
        with server.client() as client:
            assert client.get("/").json()["name"] == "Chores Tracker"

    @pytest.mark.parametrize("word", ["1", "T", "true", "Y", "YES", "on"])
    def test_booleans_are_of_many_words(self, prepared, word):
        assert complaints(prepared(TESTING=word, PORT="x"))[0].startswith("PORT: ")

    def test_integers_are_read_as_ever(self, prepared):
        prepared(ACCESS_TOKEN_EXPIRE_MINUTES=" +11_520 ").start()

    def test_what_is_set_is_logged_but_no_secret(self, prepared):
        server = prepared(APP_NAME="Shown", METRICS_AUTH_TOKEN="hidden-word").start()
        log = server.log()
        assert "setting APP_NAME=Shown" in log
        assert "setting METRICS_AUTH_TOKEN=***" in log
        assert "setting DATABASE_URL=***" in log
        assert "hidden-word" not in log
        assert server.settings["SECRET_KEY"] not in log
        assert "setting TLS_CERT_FILE" not in log


class TestLists:
    def test_origins_by_commas_or_as_json(self, prepared):
        for value in (" http://a , ,http://b", '[" http://a ", "http://b"]'):
            server = prepared(BACKEND_CORS_ORIGINS=value).start()
            with server.client() as client:
                for origin, allowed in (("http://a", True), ("http://b", True), ("http://A", False), ("http://a/", False)):
                    answer = client.get("/", headers={"origin": origin})
                    assert ("access-control-allow-origin" in answer.headers) == allowed, origin

    @pytest.mark.parametrize("value", ["12345", " abc ,, Def ", '["abc ", "d\\u00e9f"]'])
    def test_codes_are_trimmed_and_of_any_case(self, prepared, value):
        server = prepared(REGISTRATION_CODES=value).start()
        people = People(server)
        code = {"1": "12345", " ": "aBC", "[": "ABC"}[value[0]]
        assert people.register(registration_code=code).status_code == 201
        assert people.register(registration_code="BETA2024").status_code == 422
        status = assert_answer(people.parent().get("/users/admin/registration-status"))
        assert status["valid_codes_count"] == (1 if value == "12345" else 2)
        people.close()
