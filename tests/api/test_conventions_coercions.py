"""What fields take for what, and how they say what is wrong: each type of fault, to the byte."""

import json

import pytest

from support.answers import assert_refused, faults

FRACTION = "Input should be a valid integer, got a number with a fractional part"
NO_INT = "Input should be a valid integer, unable to parse string as an integer"
INT_SIZE = "Unable to parse input string as an integer, exceeded maximum size"
INT_TYPE = "Input should be a valid integer"
BOOL_TYPE = "Input should be a valid boolean"
NO_BOOL = "Input should be a valid boolean, unable to interpret input"
FLOAT_TYPE = "Input should be a valid number"
NO_FLOAT = "Input should be a valid number, unable to parse string as a number"
DECIMAL_TYPE = "Decimal input should be an integer, float, string or Decimal object"
NO_DECIMAL = "Input should be a valid decimal"
PLACES = "Decimal input should have no more than 2 decimal places"
FINITE = "Input should be a finite number"
STRING = "Input should be a valid string"
LIST = "Input should be a valid list"
OBJECT = "Input should be a valid dictionary or object to extract fields from"


def fault(kind, loc, message, shown, context=None):
    """One element of "detail", as it stands on the wire; ${shown} is JSON already."""
    text = f'{{"type":"{kind}","loc":{json.dumps(loc, separators=(",", ":"))},"msg":{json.dumps(message, ensure_ascii=False)},"input":{shown}'
    return text + (f',"ctx":{context}}}' if context else "}")


def assert_faults(answer, *expected):
    assert answer.text == '{"detail":[' + ",".join(expected) + "]}"
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/json"


@pytest.fixture
def parent(people):
    return people.family(children=0)[0]


def send(person, method, path, body):
    """The body is JSON text, sent as it is."""
    return person.client.api(path, method, content=body.encode(), headers={"content-type": "application/json"})


class TestIntegers:
    TEXTS = ["0", "+1", "-0", "01", "0_1", "1_000", "1.0", "1.000", " 1 ", "1_000.0", "\u00a01\u3000", "00", "99999999999999999999"]
    NO_TEXTS = ["", " ", "1.", ".0", "1e3", "0x10", "1__0", "_1", "1_", "+-1", "- 1", "1.0_0", "1.5", "\u0661", "\ufeff1", "1\x1f", "one", "1,0"]

    @pytest.mark.parametrize("text", TEXTS)
    def test_texts_that_are_some(self, parent, text):
        assert parent.client.get("/api/v1/users/", params={"skip": text}).status_code == 200
        assert send(parent, "POST", "/users/", f'{{"username":"x","password":"password1","family_id":{json.dumps(text)}}}').json()[
            "detail"
        ][0]["loc"] == ["body", "username"]

    @pytest.mark.parametrize("text", NO_TEXTS)
    def test_texts_that_are_none(self, parent, text):
        shown = json.dumps(text, ensure_ascii=False)
        answer = parent.client.get("/api/v1/users/", params={"skip": text})
        assert_faults(answer, fault("int_parsing", ["query", "skip"], NO_INT, shown))
        answer = send(parent, "POST", "/families/invite-code/generate", f'{{"expires_in_days":{shown}}}')
        assert_faults(answer, fault("int_parsing", ["body", "expires_in_days"], NO_INT, shown))

    def test_texts_that_are_too_long(self, parent):
        assert parent.get(f"/users/?limit={'9' * 4300}").status_code == 200
        text = "9" * 4301
        assert_faults(parent.get(f"/users/?limit={text}"), fault("int_parsing_size", ["query", "limit"], INT_SIZE, f'"{text}"'))
        assert parent.get(f"/users/?skip={'0' * 4400}1").status_code == 200

    @pytest.mark.parametrize(("before", "after", "kind"), [("", "x", "size"), ("-", "_", "size"), ("%20", "", ""), ("0", "", ""), ("1_", "", "")])
    def test_too_long_is_what_begins_so(self, parent, before, after, kind):
        [[found, _, _]] = faults(parent.get(f"/users/?limit={before}{'9' * 4301}{after}"))
        assert found == f"int_parsing_{kind}".rstrip("_")

    @pytest.mark.parametrize("value", ["7", "7.0", "7e0", "0.7e1", '"7"', "true", "null", '" 7.00 "'])
    def test_json_that_is_some(self, parent, value):
        assert send(parent, "POST", "/families/invite-code/generate", f'{{"expires_in_days":{value}}}').status_code == 200

    @pytest.mark.parametrize(
        ("value", "shown", "kind", "message", "context"),
        [
            ("1.5", "1.5", "int_from_float", FRACTION, None),
            ("1.50", "1.5", "int_from_float", FRACTION, None),
            ("1e-7", "1e-07", "int_from_float", FRACTION, None),
            ("[]", "[]", "int_type", INT_TYPE, None),
            ('{"a": [1 , "b"]}', '{"a":[1,"b"]}', "int_type", INT_TYPE, None),
            ("0", "0", "greater_than_equal", "Input should be greater than or equal to 1", '{"ge":1}'),
            ("false", "false", "greater_than_equal", "Input should be greater than or equal to 1", '{"ge":1}'),
            ('"-3"', '"-3"', "greater_than_equal", "Input should be greater than or equal to 1", '{"ge":1}'),
            ("366", "366", "less_than_equal", "Input should be less than or equal to 365", '{"le":365}'),
            ("1e3", "1000.0", "less_than_equal", "Input should be less than or equal to 365", '{"le":365}'),
            ("9" * 30, "9" * 30, "less_than_equal", "Input should be less than or equal to 365", '{"le":365}'),
        ],
    )
    def test_json_that_is_none(self, parent, value, shown, kind, message, context):
        answer = send(parent, "POST", "/families/invite-code/generate", f'{{"expires_in_days":{value}}}')
        assert_faults(answer, fault(kind, ["body", "expires_in_days"], message, shown, context))

    @pytest.mark.parametrize(
        ("path", "name"),
        [("/users/children/{}", "parent_id"), ("/chores/{}", "chore_id"), ("/adjustments/child/{}", "child_id")],
    )
    def test_in_paths(self, parent, path, name):
        assert_faults(parent.get(path.format("abc")), fault("int_parsing", ["path", name], NO_INT, '"abc"'))
        for known in ("%2B0.0", "2147483648", "9" * 40, "-1"):
            assert parent.get(path.format(known)).status_code in (200, 404)


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "input_"),
        [("skip", ""), ("skip=", ""), ("skip=1&skip=x", "x"), ("skip=1;limit=2", "1;limit=2"), ("%73kip=x", "x"), ("skip=%C3%A9", "é"), ("skip=%FF", "\ufffd")],
    )
    def test_are_read_as_ever(self, parent, query, input_):
        assert_faults(parent.get(f"/users/?{query}"), fault("int_parsing", ["query", "skip"], NO_INT, json.dumps(input_, ensure_ascii=False)))

    @pytest.mark.parametrize("query", ["skip=x&skip=1", "skip=+1", "SKIP=x", "other=x", "&&skip=1&", "=x", "skip=1%20"])
    def test_and_so_are_these(self, parent, query):
        assert parent.get(f"/users/?{query}").status_code == 200

    def test_patterns(self, parent):
        context = '{"pattern":"^(weekly|monthly)$"}'
        for period in ("daily", "Weekly", "weekly%0A", ""):
            shown = json.dumps(period.replace("%0A", "\n"))
            assert_faults(
                parent.get(f"/statistics/trends?period={period}"),
                fault("string_pattern_mismatch", ["query", "period"], "String should match pattern '^(weekly|monthly)$'", shown, context),
            )


class TestBooleans:
    """POST /users/ with a name too short never makes anybody: its fault comes first."""

    def ask(self, parent, value):
        answer = send(parent, "POST", "/users/", f'{{"username":"x","password":"password1","is_parent":{value}}}')
        assert answer.status_code == 422
        return answer.text.split('"ctx":{"min_length":3}}', 1)[1]

    WORDS = ["1", "t", "true", "y", "yes", "on", "0", "f", "false", "n", "no", "off", "TRUE", "Yes", "oFF"]

    @pytest.mark.parametrize("value", ["true", "false", "0", "1", "0.0", "1.0", "-0.0", *(f'"{w}"' for w in WORDS)])
    def test_some(self, parent, value):
        assert self.ask(parent, value) == "]}"

    @pytest.mark.parametrize("value", ['"maybe"', "2", "-1", '""', '" true"', '"true "', '"2"', "2.0", '"1.0"'])
    def test_none(self, parent, value):
        assert self.ask(parent, value) == f",{fault('bool_parsing', ['body', 'is_parent'], NO_BOOL, value)}]}}"

    @pytest.mark.parametrize("value", ["null", "1.5", "[]", "{}", "9223372036854775808"])
    def test_none_at_all(self, parent, value):
        assert self.ask(parent, value) == f",{fault('bool_type', ['body', 'is_parent'], BOOL_TYPE, value)}]}}"


class TestFloats:
    """PUT of a chore that is not there: 404 once its fields are right."""

    def ask(self, parent, value):
        return send(parent, "PUT", "/chores/0", f'{{"reward":{value}}}')

    @pytest.mark.parametrize(
        "value", ["5", "5.5", "true", "false", '"5"', '" 5 "', '"+5"', '".5"', '"5."', '"1e2"', '"1_000"', '"0_0.5"', "1e-300", "1000", "1000.0"]
    )
    def test_some(self, parent, value):
        assert_refused(self.ask(parent, value), 404, "Chore not found")

    @pytest.mark.parametrize("value", ['""', '"abc"', '"0x10"', '"1 0"', '"٥"', '"1__0"', '"_1"', '"1e"', '"."', '"+"'])
    def test_none(self, parent, value):
        assert_faults(self.ask(parent, value), fault("float_parsing", ["body", "reward"], NO_FLOAT, value))

    @pytest.mark.parametrize("value", ["[]", "{}", "null"])
    def test_none_at_all(self, parent, value):
        assert_faults(self.ask(parent, value), fault("float_type", ["body", "reward"], FLOAT_TYPE, value))

    @pytest.mark.parametrize(
        ("value", "shown"), [("1000.01", "1000.01"), ("1001", "1001"), ('"inf"', '"inf"'), ('"nan"', '"nan"'), ('"1e400"', '"1e400"'), ("1e26", "1e+26")]
    )
    def test_too_large(self, parent, value, shown):
        expected = fault("less_than_equal", ["body", "reward"], "Input should be less than or equal to 1000", shown, '{"le":1000.0}')
        assert_faults(self.ask(parent, value), expected)

    def test_an_integer_that_no_float_holds(self, parent):
        value = "9" * 400
        expected = fault("float_type", ["body", "reward"], "Input should be a valid number", value)
        assert_faults(self.ask(parent, value), expected)

    @pytest.mark.parametrize("value", ["-0.01", "-1", '"-inf"'])
    def test_too_small(self, parent, value):
        expected = fault("greater_than_equal", ["body", "reward"], "Input should be greater than or equal to 0", value, '{"ge":0.0}')
        assert_faults(self.ask(parent, value), expected)


class TestDecimals:
    """Of a child that is not there: 404 once the fields are right."""

    def ask(self, parent, value):
        return send(parent, "POST", "/adjustments/", f'{{"child_id":0,"amount":{value},"reason":"abc"}}')

    @pytest.mark.parametrize("value", ["1", "1.5", "-2.25", '"5.100"', '" 1 "', '"+1"', '"1_0"', '"1e1"', '"٥"', "1e2", "0.1", '"-999.99"', "999.99"])
    def test_some(self, parent, value):
        assert_refused(self.ask(parent, value), 404, "Child user not found")

    @pytest.mark.parametrize("value", ['"abc"', '""', '"1.2.3"', '"0x1"', '"1 0"'])
    def test_none(self, parent, value):
        assert_faults(self.ask(parent, value), fault("decimal_parsing", ["body", "amount"], NO_DECIMAL, value))

    @pytest.mark.parametrize("value", ["true", "null", "[]", "{}"])
    def test_none_at_all(self, parent, value):
        assert_faults(self.ask(parent, value), fault("decimal_type", ["body", "amount"], DECIMAL_TYPE, value))

    @pytest.mark.parametrize("value", ['"5.555"', "5.555", '"1e-3"'])
    def test_too_fine(self, parent, value):
        assert_faults(self.ask(parent, value), fault("decimal_max_places", ["body", "amount"], PLACES, value, '{"decimal_places":2}'))

    @pytest.mark.parametrize("value", ['"NaN"', '"Infinity"', '"-inf"'])
    def test_no_numbers(self, parent, value):
        assert_faults(self.ask(parent, value), fault("finite_number", ["body", "amount"], FINITE, value))

    @pytest.mark.parametrize(
        ("value", "kind", "word", "bound", "context"),
        [("1000", "less_than_equal", "less", "999.99", '{"le":999.99}'), ('"-1000"', "greater_than_equal", "greater", "-999.99", '{"ge":-999.99}')],
    )
    def test_out_of_bounds(self, parent, value, kind, word, bound, context):
        message = f"Input should be {word} than or equal to {bound}"
        assert_faults(self.ask(parent, value), fault(kind, ["body", "amount"], message, value, context))

    @pytest.mark.parametrize("value", ["0", '"0.00"', "-0.0"])
    def test_nothing(self, parent, value):
        message = "Value error, Adjustment amount cannot be zero"
        assert_faults(self.ask(parent, value), fault("value_error", ["body", "amount"], message, value, '{"error":{}}'))


class TestTexts:
    def ask(self, parent, value):
        return send(parent, "POST", "/families/join", f'{{"invite_code":{value}}}')

    @pytest.mark.parametrize("value", ["1", "1.5", "true", "null", "[]", "{}"])
    def test_only_strings_are_texts(self, people, value):
        assert_faults(self.ask(people.parent(), value), fault("string_type", ["body", "invite_code"], STRING, value))

    def test_lengths_are_of_characters(self, people):
        single = people.parent()
        too_short = fault("string_too_short", ["body", "invite_code"], "String should have at least 8 characters", '"ÄÖÜ😀ABC"', '{"min_length":8}')
        assert_faults(self.ask(single, '"ÄÖÜ😀ABC"'), too_short)
        too_long = fault("string_too_long", ["body", "invite_code"], "String should have at most 8 characters", '"ABCDEFGH "', '{"max_length":8}')
        assert_faults(self.ask(single, '"ABCDEFGH "'), too_long)
        assert_refused(self.ask(single, '"ÄÖÜÄÖÜÄÖ"'), 404, "Invalid or expired invite code")

    def test_one_is_a_character(self, parent):
        one = fault("string_too_short", ["body", "title"], "String should have at least 1 character", '""', '{"min_length":1}')
        assert_faults(send(parent, "PUT", "/chores/1", '{"title":""}'), one)

    def test_rules_come_last(self, people):
        single = people.parent()
        for code, text in (("abcd-fgh", "be uppercase"), ("ABCD-FGH", "contain only letters and numbers"), ("ABCDEF 1", "contain only letters and numbers"), ("--------", "be uppercase")):
            message = f"Value error, Invite code must {text}"
            assert_faults(self.ask(single, f'"{code}"'), fault("value_error", ["body", "invite_code"], message, f'"{code}"', '{"error":{}}'))

    @pytest.mark.parametrize("code", ["ABCDEFG²", "ÄBCDEF½一", "ABCDEFGª", "ΑΒΓ٣Ⅷ൰AB"])
    def test_letters_and_numbers_are_of_any_script(self, people, code):
        wanted = (422, "uppercase") if code[-1] == "ª" else (404, "Invalid or expired")
        answer = self.ask(people.parent(), json.dumps(code))
        assert (answer.status_code, wanted[1] in answer.text) == (wanted[0], True)

    @pytest.mark.parametrize("code", ["ⒶABCDEFG", "ABCDEFG\u0301", "ABCDEFG☃"])
    def test_marks_and_symbols_are_neither(self, people, code):
        assert "contain only letters and numbers" in self.ask(people.parent(), json.dumps(code)).text

    @pytest.mark.parametrize(
        ("path", "field"),
        [("/families/join", "invite_code"), ("/assignments/0/approve", "reward_value"), ("/families/invite-code/generate", "expires_in_days"), ("/users/", "is_parent")],
    )
    def test_half_a_pair_of_surrogates_is_told_first(self, people, path, field):
        person = people.parent() if field == "invite_code" else people.family()[0]
        answer = send(person, "POST", path, f'{{"username":"abc","password":"abcd","{field}":"\\ud800"}}')
        message = "Input should be a valid string, unable to parse raw data as a unicode string"
        assert_faults(answer, fault("string_unicode", ["body", field], message, '"\\ud800"'))

    def test_nul_fits_into_no_column(self, people):
        message = "Value error, NUL characters are not allowed"
        expected = fault("value_error", ["body", "title"], message, '"a\\u0000b"', '{"error":{}}')
        assert_faults(send(people.parent(), "PUT", "/chores/0", '{"title":"a\\u0000b"}'), expected)

    def test_nul_is_no_letter_of_what_is_not_stored(self, people):
        for code, rule in (("ABCD\\u0000FGH", "contain only letters and numbers"), ("1234\\u0000567", "be uppercase")):
            expected = fault("value_error", ["body", "invite_code"], f"Value error, Invite code must {rule}", f'"{code}"', '{"error":{}}')
            assert_faults(self.ask(people.parent(), f'"{code}"'), expected)


class TestLists:
    def ask(self, parent, value):
        return send(parent, "PUT", "/chores/0", f'{{"assignee_ids":{value}}}')

    @pytest.mark.parametrize("value", ["[]", "[1]", '["1", 1.0, true]', "null"])
    def test_some(self, parent, value):
        assert_refused(self.ask(parent, value), 404, "Chore not found")

    @pytest.mark.parametrize("value", ["3", '"3"', '{"a":1}', "true"])
    def test_none(self, parent, value):
        assert_faults(self.ask(parent, value), fault("list_type", ["body", "assignee_ids"], LIST, value))

    def test_each_element_has_its_place(self, parent):
        assert_faults(
            self.ask(parent, '[1, "x", null, 1.5]'),
            fault("int_parsing", ["body", "assignee_ids", 1], NO_INT, '"x"'),
            fault("int_type", ["body", "assignee_ids", 2], INT_TYPE, "null"),
            fault("int_from_float", ["body", "assignee_ids", 3], FRACTION, "1.5"),
        )


class TestBodies:
    @pytest.mark.parametrize("value", ["[1, 2]", "5", '"abc"', "true", "null"])
    def test_no_object(self, people, value):
        shown = value.replace(" ", "")
        assert_faults(send(people.parent(), "POST", "/families/join", value), fault("model_attributes_type", ["body"], OBJECT, shown))

    def test_no_body(self, people):
        single = people.parent()
        assert_faults(send(single, "POST", "/families/join", ""), fault("missing", ["body"], "Field required", "null"))
        assert_faults(single.post("/families/join"), fault("missing", ["body"], "Field required", "null"))

    def test_what_is_missing_shows_what_is_there(self, people):
        body = '{"z":[1.50,{"y":null}],"a":"é\\u0001/","z2":1e2}'
        shown = '{"z":[1.5,{"y":null}],"a":"é\\u0001/","z2":100.0}'
        assert_faults(send(people.parent(), "POST", "/families/join", body), fault("missing", ["body", "invite_code"], "Field required", shown))

    def test_without_a_type_it_is_json(self, people):
        single = people.parent()
        answer = single.post("/families/join", content=b'{"invite_code": 1}')
        assert_faults(answer, fault("string_type", ["body", "invite_code"], STRING, "1"))
        answer = single.post("/families/join", content=b'{"invite_code"', headers={"content-type": ""})
        assert answer.text.startswith('{"detail":[{"type":"json_invalid","loc":["body",14],')

    def test_path_query_and_body_are_judged_together_and_in_the_schemas_order(self, parent):
        answer = send(parent, "PUT", "/chores/abc", '{"is_recurring":"?","reward":"x","title":""}')
        assert_faults(
            answer,
            fault("int_parsing", ["path", "chore_id"], NO_INT, '"abc"'),
            fault("string_too_short", ["body", "title"], "String should have at least 1 character", '""', '{"min_length":1}'),
            fault("float_parsing", ["body", "reward"], NO_FLOAT, '"x"'),
            fault("bool_parsing", ["body", "is_recurring"], NO_BOOL, '"?"'),
        )
        answer = parent.get("/users/?limit=b&skip=a")
        assert_faults(
            answer,
            fault("int_parsing", ["query", "skip"], NO_INT, '"a"'),
            fault("int_parsing", ["query", "limit"], NO_INT, '"b"'),
        )

    def test_secrets_are_not_repeated(self, parent):
        answer = send(parent, "POST", "/users/", '{"password":"abc","new_password":1,"username":[{"password":2}]}')
        assert_faults(
            answer,
            fault("string_type", ["body", "username"], STRING, '[{"password":"***"}]'),
            fault("string_too_short", ["body", "password"], "String should have at least 4 characters", '"***"', '{"min_length":4}'),
        )


class TestEmails:
    """The reasons, in the order in which they are looked for."""

    REASONS = [
        ("x" * 2049, "Length must not exceed 2048 characters"),
        ("a@b.co\n", "Carriage return and line feed characters are not allowed"),
        ("x", "An email address must have an @-sign."),
        ("", "An email address must have an @-sign."),
        ('"a@b"', "An email address must have an @-sign."),
        ("Name <a@b.co", "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end."),
        ("@b.co", "There must be something before the @-sign."),
        ("a b@c.de", "The email address contains invalid characters before the @-sign: SPACE."),
        ("(a,a)@c.de", "The email address contains invalid characters before the @-sign: '(', ')', ','."),
        ("a\\b@c.de", 'The email address contains invalid characters before the @-sign: "\\".'),
        ("a\x01b@c.de", "The email address contains invalid characters before the @-sign: U+0001."),
        ("a.@b.co", "An email address cannot have a period immediately before the @-sign."),
        (".a@b.co", "An email address cannot start with a period."),
        ("a..b@c.de", "An email address cannot have two periods in a row."),
        ('"a"@b.co', "Quoting the part before the @-sign is not allowed here."),
        ("a@", "There must be something after the @-sign."),
        ("a@[127.0.0.1]", "A bracketed IP address after the @-sign is not allowed here."),
        ("a@b_c.de", "The part after the @-sign contains invalid characters: '_'."),
        ("a@b.co.", "An email address cannot end with a period."),
        ("a@.b.co", "An email address cannot have a period immediately after the @-sign."),
        ("a@b..co", "An email address cannot have two periods in a row."),
        ("a@b.co-", "An email address cannot end with a hyphen."),
        ("a@-b.co", "An email address cannot have a hyphen immediately after the @-sign."),
        ("a@b-.co", "An email address cannot have a period and a hyphen next to each other."),
        ("a@ab--c.de", "An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode."),
        (f"a@{'x' * 64}.de", "After the @-sign, periods cannot be separated by so many characters (1 character too many)."),
        ("a@b", "The part after the @-sign is not valid. It should have a period."),
        ("a@b.c1", "The part after the @-sign is not valid. It is not within a valid top-level domain."),
        *((f"a@b.{tld}", "The part after the @-sign is a special-use or reserved name that cannot be used with email.")
          for tld in ("arpa", "invalid", "local", "localhost", "onion", "test")),
        (f"{'a' * 250}@b.co", "The email address is too long (1 character too many)."),
    ]  # fmt: skip

    @pytest.mark.parametrize(("email", "reason"), REASONS, ids=[f"{n}" for n, _ in enumerate(REASONS)])
    def test_refused(self, parent, email, reason):
        shown = json.dumps(email, ensure_ascii=False)
        answer = send(parent, "POST", "/users/", f'{{"username":"abc","password":"password1","email":{shown}}}')
        message = f"value is not a valid email address: {reason}"
        context = json.dumps({"reason": reason}, separators=(",", ":"), ensure_ascii=False)
        assert_faults(answer, fault("value_error", ["body", "email"], message, shown, context))

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("Jo.E@Example.COM", "Jo.E@example.com"),
            ("INFO@EXAMPLE.com", "info@example.com"),
            ("PostMaster@x.example.com", "postmaster@x.example.com"),
            (" Some One <o'k+1@EXAMPLE.com> ", "o'k+1@example.com"),
            ("<a@b.example.com>", "a@b.example.com"),
            ("jürgen@bücher.example.com", "jürgen@bücher.example.com"),
            ("x@xn--bcher-kva.example.com", "x@bücher.example.com"),
            (f"{'a' * 100}@example.com", f"{'a' * 100}@example.com"),
        ],
    )
    def test_normalised(self, people, parent, given, kept):
        body = {"username": people.name("mail"), "password": "password1", "email": given}
        answer = parent.post("/users/", body)
        assert (answer.status_code, answer.json().get("email")) == (201, kept), answer.text
        people.sql("DELETE FROM users WHERE id = %s", answer.json()["id"])
