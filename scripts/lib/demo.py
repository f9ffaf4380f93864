"""Fill a running server with the history of a few families, as clients do.

    demo.py URL CERTIFICATE

Names are new each time, so it may run again and again. It keeps to the rate
limits by waiting where one refuses; with TESTING=true the server has none.
"""

import json
import random
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

FAMILIES = 3
CHORES = ["Dishes", "Bins", "Hoover the stairs", "Feed the cat", "Lay the table", "Water the plants", "Tidy the room"]
PASSWORD = "demo-password"


class Api:
    def __init__(self, url, certificate):
        self.url = url + "/api/v1"
        self.context = ssl.create_default_context(cafile=certificate)

    def __call__(self, method, path, token=None, body=None, form=None):
        """The decoded answer, or None for an error; waits where it must."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif form is not None:
            data = urllib.parse.urlencode(form).encode()
        while True:
            request = urllib.request.Request(self.url + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, context=self.context) as answer:
                    return json.loads(answer.read() or "null")
            except urllib.error.HTTPError as error:
                wait = int(error.headers.get("Retry-After") or 0)
                if error.code not in (429, 503) or not wait:
                    return None
                print(f"  {path}: rate limit, waiting {wait} s", flush=True)
                time.sleep(wait)

    def log_in(self, username, password=PASSWORD):
        form = {"username": username, "password": password}
        answer = self("POST", "/users/login", form=form)
        return answer and answer["access_token"]


def found_family(api, name, dice):
    """A parent, its family and two or three children: their tokens and ids."""
    form = {"username": name, "password": PASSWORD, "is_parent": "true", "email": f"{name}@example.com",
            "registration_code": "BETA2024"}  # fmt: skip
    api("POST", "/users/register", form=form)
    parent = api.log_in(name)
    api("POST", "/families/create", parent, {"name": f"The {name.title()}s"})
    children = {}
    for number in range(dice.choice([2, 3])):
        child = f"{name}-kid{number + 1}"
        made = api("POST", "/users/", parent, {"username": child, "password": PASSWORD})
        if made:
            children[made["id"]] = api.log_in(child)
    return parent, children


def live(api, parent, children, dice):
    """Some days of chores: set, done, approved or sent back, paid and fined."""
    for title in dice.sample(CHORES, 5):
        mode = dice.choice(["single", "multi_independent", "unassigned"])
        ids = {"single": [dice.choice(list(children))], "multi_independent": list(children), "unassigned": []}[mode]
        ranged = dice.random() < 0.3
        chore = {"title": title, "description": "As agreed", "reward": round(dice.uniform(0.5, 5), 2),
                 "assignment_mode": mode, "assignee_ids": ids, "is_recurring": dice.random() < 0.5}  # fmt: skip
        if ranged:
            chore |= {"is_range_reward": True, "min_reward": 1, "max_reward": 4}
        api("POST", "/chores", parent, chore)
    for token in children.values():
        offers = api("GET", "/chores/available", token) or {"assigned": [], "pool": []}
        for offer in offers["assigned"] + offers["pool"]:
            if dice.random() < 0.8:
                api("POST", f"/chores/{offer['chore']['id']}/complete", token)
    for item in api("GET", "/chores/pending-approval", parent) or []:
        path, luck = f"/assignments/{item['assignment_id']}", dice.random()
        if luck < 0.7:
            api("POST", f"{path}/approve", parent, {"reward_value": 2.5})
        elif luck < 0.85:
            api("POST", f"{path}/reject", parent, {"rejection_reason": "Not quite, have another look"})
    for child in children:
        amount, reason = dice.choice([(2, "Good report"), (5, "Birthday"), (-0.5, "Broke a glass")])
        api("POST", "/adjustments/", parent, {"child_id": child, "amount": amount, "reason": reason})
    for token in [parent, *children.values()]:
        for path in ("/users/me", "/activities/recent", "/chores"):
            api("GET", path, token)
    api("GET", "/reports/allowance-summary", parent)
    api("GET", "/chores/99999999", parent)  # an error, for the dashboard of errors


def main():
    url, certificate = sys.argv[1:]
    api = Api(url, certificate)
    seed = int(time.time())
    dice = random.Random(seed)
    try:
        for number in range(FAMILIES):
            name = f"demo{seed}{chr(ord('a') + number)}"
            print(f"family {number + 1} of {FAMILIES}: {name}, password {PASSWORD}", flush=True)
            parent, children = found_family(api, name, dice)
            if not parent or not children:
                sys.exit("demo: the server made no accounts: are its registration codes the default ones?")
            live(api, parent, children, dice)
        api.log_in(f"demo{seed}a", "wrong")
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"demo: no server at {url} ({error}): start ./dev run first")


if __name__ == "__main__":
    main()
