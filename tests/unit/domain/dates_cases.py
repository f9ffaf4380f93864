#!/usr/bin/env python3
"""Print dates_cases.def: odd texts and what Python 3.11 makes of them.

    tests/unit/domain/dates_cases.py >tests/unit/domain/dates_cases.def
"""

import random
import sys
from datetime import datetime, timedelta

COUNT = 300
SHARE_OF_DATES = 0.4

YEARS = ["2026", "2020", "1900", "0001", "9999", "0000"]
MONTHS = ["01", "02", "12", "13", "00"]
DAYS = ["01", "28", "29", "30", "31", "00"]
WEEKS = ["01", "47", "52", "53", "54", "00"]
WEEKDAYS = "123456708"
SIXTIES = ["00", "07", "59", "60"]
SEPARATORS = ["T", "T", "T", " ", "x", "-", "W", "0", "é", "😀", "\0"]
ZONES = ["", "", "", "Z", "z", "+", "+00:00", "-00:30", "+24:00", "+05:30Z"]
ODD = "0179-W:.,+ZT é€\0\n\t\r\x7f\xa0\u200b\u2028\ue000\U000e0041'\"\\"


def pick_date(dice):
    year, month, day, week, weekday = (
        dice.choice(choices) for choices in (YEARS, MONTHS, DAYS, WEEKS, WEEKDAYS)
    )
    return dice.choice(
        [
            f"{year}-{month}-{day}",
            f"{year}{month}{day}",
            f"{year}-{month}{day}",
            f"{year}-W{week}-{weekday}",
            f"{year}W{week}{weekday}",
            f"{year}-W{week}",
            f"{year}W{week}",
        ]
    )


def pick_clock(dice):
    hour = dice.choice(["00", "10", "23", "24"])
    minute, second = dice.choice(SIXTIES), dice.choice(SIXTIES)
    fraction = "123456789"[: dice.randrange(10)]
    return dice.choice(
        [
            hour,
            f"{hour}:{minute}",
            f"{hour}{minute}",
            f"{hour}:{minute}:{second}",
            f"{hour}{minute}{second}",
            f"{hour}:{minute}{second}",
            f"{hour}:{minute}:{second}.{fraction}",
            f"{hour}{minute}{second},{fraction}",
            f"{hour}:{minute}.{fraction}",
        ]
    )


def spoil(dice, text):
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(["", dice.choice(ODD)]) + text[at + dice.randrange(2) :]


def pick_text(dice):
    text = pick_date(dice)
    if dice.random() < 0.7:
        zone = dice.choice([*ZONES, "+" + pick_clock(dice), "-" + pick_clock(dice)])
        text += dice.choice(SEPARATORS) + pick_clock(dice) + zone
    return spoil(dice, text) if dice.random() < 0.25 else text


def answer(text):
    """The moment as dates_put_offset() writes it, or the error."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        return str(error)
    try:
        utc = moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
    except OverflowError:
        return None  # before year 1 or after 9999, in UTC
    return utc.isoformat() + "+00:00"


def literal(text):
    """A C string: escapes are octal, so that nothing can continue one."""
    return '"' + "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}"
        for byte in text.encode()
    ) + '"'


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit("needs Python 3.11: later ones read more")
    dice = random.Random(3339)
    dates, errors = {}, {}
    while len(dates) + len(errors) < COUNT:
        text = pick_text(dice)
        result = answer(text)
        kind, share = (errors, 1 - SHARE_OF_DATES)
        if result and result.endswith("+00:00") and not result.startswith("Inv"):
            kind, share = (dates, SHARE_OF_DATES)
        if result and len(kind) < COUNT * share:
            kind[text] = result
    print("/* CASE(text, what Python 3.11 makes of it): see dates_cases.py */")
    for text, result in sorted({**dates, **errors}.items()):
        print(f"CASE({literal(text)}, {literal(result)})")


main()
