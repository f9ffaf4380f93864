"""Who did what, newest first."""

from support.answers import USER_KEYS, assert_answer, assert_refused, faults
from support.people import make_chore

ACTIVITY_KEYS = [
    "activity_type", "description", "target_user_id", "activity_data", "id", "user_id", "created_at", "user", "target_user",
]  # fmt: skip


def note(people, user, kind="chore_completed", target=None, data=None, ago="0 s"):
    return people.sql(
        "INSERT INTO activities (user_id, target_user_id, activity_type, description, activity_data, created_at)"
        " VALUES (%s, %s, %s, 'noted', %s::jsonb, now() - %s::interval) RETURNING id",
        user.id, target and target.id, kind, data, ago)[0][0]  # fmt: skip


def ids(answer):
    return [a["id"] for a in assert_answer(answer)["activities"]]


class TestRecent:
    def test_a_parents_people(self, people):
        parent, co_parent, child = people.family(parents=2)
        linked = people.child(parent, family_id=None)
        stranger, foreign = people.family()
        mine = [note(people, child, ago="5 s"), note(people, linked, ago="4 s"), note(people, co_parent, ago="3 s"),
                note(people, stranger, target=child, ago="2 s")]  # fmt: skip
        note(people, foreign)
        assert ids(parent.get("/activities/recent")) == mine[::-1]
        assert ids(co_parent.get("/activities/recent")) == [mine[3], mine[2], mine[0]]
        assert ids(child.get("/activities/recent")) == [mine[0]]

    def test_an_activity_whole(self, people):
        parent, child = people.family()
        chore = make_chore(parent, child, reward=7)
        body = assert_answer(parent.get("/activities/recent"))
        assert list(body) == ["activities", "total_count", "has_more"]
        assert (body["total_count"], body["has_more"]) == (None, False)
        (activity,) = body["activities"]
        assert list(activity) == ACTIVITY_KEYS
        assert list(activity["user"]) == list(activity["target_user"]) == USER_KEYS
        assert activity["activity_data"] == {"chore_id": chore["id"], "chore_title": "Dishes", "reward_amount": 7}
        assert (activity["user_id"], activity["target_user_id"]) == (parent.id, child.id)

    def test_data_is_shown_as_it_is_stored(self, people):
        parent = people.parent()
        note(people, parent, data='{"bb": -2.50, "a": "x: \\"y\\", z 1.50", "ccc": [1, {"d": null}, 1E-7, 1.0, 5e16, 0.30000000000000004]}')
        note(people, parent, kind="something_new")
        text = parent.get("/activities/recent").text
        assert '"activity_data":{"a":"x: \\"y\\", z 1.50","bb":-2.5,"ccc":[1,{"d":null},1e-7,1.0,50000000000000000,0.30000000000000004]}' in text
        assert '"activity_data":null' in text
        assert '"activity_type":"something_new"' in text

    def test_pages_and_types(self, people):
        parent, child = people.family()
        rows = [note(people, child, kind=k, ago=f"{9 - n} s") for n, k in enumerate("ababab")]
        _, foreign = people.family()
        note(people, foreign, kind="a")
        newest = rows[::-1]
        assert ids(parent.get("/activities/recent?limit=2&offset=1")) == newest[1:3]
        assert ids(parent.get("/activities/recent?activity_type=a&limit=2")) == [rows[4], rows[2]]
        assert ids(parent.get("/activities/recent?activity_type=a&limit=2&offset=2")) == [rows[0]]
        assert ids(parent.get("/activities/recent?activity_type=")) == newest
        assert ids(parent.get("/activities/recent?activity_type=A")) == []
        assert ids(parent.get("/activities/recent?offset=99999999999999999999")) == []
        for limit, more in ((5, True), (6, False), (7, False)):
            assert assert_answer(parent.get(f"/activities/recent?limit={limit}"))["has_more"] is more

    def test_numbers_are_checked(self, people):
        answer = people.parent().get("/activities/recent?limit=0&offset=-1")
        assert [f[:2] for f in faults(answer)] == [
            ("greater_than_equal", ["query", "limit"]), ("greater_than_equal", ["query", "offset"])]  # fmt: skip


class TestSummary:
    def test_counts_of_ones_people_by_type(self, people):
        parent, child = people.family()
        stranger, _ = people.family()
        note(people, child, kind="b")
        note(people, child, kind="a")
        note(people, parent, kind="a")
        note(people, stranger, kind="a", target=child)
        note(people, child, kind="a", ago="31 days")
        path = "/activities/summary"
        assert parent.get(path).text == '{"activity_counts":{"a":2,"b":1},"total_activities":3,"period_days":30}'
        assert child.get(path).text == '{"activity_counts":{"a":1,"b":1},"total_activities":2,"period_days":30}'
        assert assert_answer(parent.get(path + "?days_back=365"))["total_activities"] == 4
        assert faults(parent.get(path + "?days_back=366"))[0][0] == "less_than_equal"
        assert people.parent().get(path).text == '{"activity_counts":{},"total_activities":0,"period_days":30}'


class TestTypes:
    def test_the_catalogue(self, people):
        _, child = people.family()
        assert child.get("/activities/types").text == (
            '{"activity_types":["chore_completed","chore_approved","chore_rejected","chore_created","adjustment_applied"],'
            '"descriptions":{"chore_completed":"Child completed a chore","chore_approved":"Parent approved a completed chore",'
            '"chore_rejected":"Parent rejected a completed chore","chore_created":"Parent created a new chore",'
            '"adjustment_applied":"Parent applied a reward adjustment"}}'
        )


class TestDebug:
    def test_the_newest_three_of_five(self, people):
        parent, child = people.family()
        for n in range(7):
            note(people, child, ago=f"{9 - n} s")
        body = assert_answer(parent.get("/activities/debug"))
        assert list(body) == ["status", "user", "activities_count", "activities"]
        assert (body["status"], body["activities_count"], len(body["activities"])) == ("success", 5, 3)
        assert list(body["user"]) == ["id", "username", "is_parent", "email"]
        assert list(body["activities"][0]) == ["id", "type", "description", "created_at"]
        assert body["activities"][0]["created_at"].endswith("+00:00")


class TestOne:
    def test_of_ones_people(self, people):
        parent, co_parent, child = people.family(parents=2)
        stranger, foreign = people.family()
        row = note(people, parent, target=child)
        own = note(people, child)
        for person in (parent, co_parent, child):
            body = assert_answer(person.get(f"/activities/{row}"))
            assert list(body) == ACTIVITY_KEYS
            assert body["target_user"]["id"] == child.id
        assert assert_answer(child.get(f"/activities/{own}"))["target_user"] is None
        for person in (stranger, foreign):
            assert_refused(person.get(f"/activities/{row}"), 403, "Access denied to this activity")
        for unknown in ("0", "-1", "999999", "99999999999"):
            assert_refused(parent.get(f"/activities/{unknown}"), 404, "Activity not found")
        assert faults(parent.get("/activities/x"))[0][:2] == ("int_parsing", ["path", "activity_id"])
