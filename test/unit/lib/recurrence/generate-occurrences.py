#!/usr/bin/env python3
"""Writes random recurrences and what dateutil (2.9.0.post0), an independent library, says of them.

    pip install python-dateutil==2.9.0.post0
    python3 generate-occurrences.py SEED ROWS > occurrences.jsonl

A row: rule, start, after, next (null when there is none). All are in UTC, since dateutil knows no gaps.
Left out is what dateutil reads in another way than RFC 5545: weekdays with and without a number in one rule, BYWEEKNO
without a weekday, and the first week of a weekly rule with BYSETPOS, of which dateutil takes only the rest.
"""

import json
import random
import signal
import sys
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FREQUENCIES = ["MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
STEP = {"SECONDLY": timedelta(seconds=1), "MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}


def some(values, most=4):
    return sorted(random.sample(values, random.randint(1, min(most, len(values)))))


def signed(most, count=4):
    return some([n for n in range(-most, most + 1) if n != 0], count)


def chance(probability):
    return random.random() < probability


def random_rule():
    frequency = random.choices(["SECONDLY", *FREQUENCIES], [1, 4, 6, 8, 8, 10, 10])[0]
    parts = {"FREQ": frequency}
    if chance(0.5):
        parts["INTERVAL"] = random.choice([2, 3, 4, 5, 7, 10, 12, 13, 30, 45, 100, 1440])
        if frequency == "YEARLY":
            parts["INTERVAL"] = random.randint(2, 9)
    if chance(0.3):
        parts["BYMONTH"] = some(range(1, 13))
    if frequency != "WEEKLY" and chance(0.25):
        parts["BYMONTHDAY"] = signed(31)
    if frequency not in ("DAILY", "WEEKLY", "MONTHLY") and chance(0.1):
        parts["BYYEARDAY"] = signed(366, 6)
    if chance(0.35):
        parts["BYDAY"] = random_weekdays(frequency)
    if frequency == "YEARLY" and chance(0.15):
        parts["BYWEEKNO"] = [n for n in signed(53) if n > -52] or [53]
        parts["BYDAY"] = some(WEEKDAYS, 7)
    if chance(0.3):
        parts["BYHOUR"] = some(range(24), 6)
    if chance(0.3):
        parts["BYMINUTE"] = some(range(60), 6)
    if chance(0.1):
        parts["BYSECOND"] = some(range(60))
    if any(name.startswith("BY") for name in parts) and chance(0.25):
        parts["BYSETPOS"] = signed(8, 3)
    if chance(0.3):
        parts["WKST"] = random.choice(WEEKDAYS)
    return parts


def random_weekdays(frequency):
    if frequency in ("MONTHLY", "YEARLY") and chance(0.5):
        return [f"{number}{random.choice(WEEKDAYS)}" for number in signed(5 if frequency == "MONTHLY" else 53, 3)]
    return some(WEEKDAYS, 7)


def text_of(parts):
    values = {name: ",".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in parts.items()}
    return ";".join(f"{name}={value}" for name, value in values.items())


def random_time(first, last):
    return first + timedelta(seconds=random.randint(0, int((last - first).total_seconds())))


def next_of(parts, start, after):
    """Those of a stepping rule do not depend on how many steps ago it began; dateutil takes each of them."""
    begin = start
    if parts["FREQ"] in STEP and "COUNT" not in parts:
        interval = STEP[parts["FREQ"]] * parts.get("INTERVAL", 1)
        begin = max(start, start + (after - start) // interval * interval - 2 * interval)
        begin = begin if begin < after else start
    kept = {name: value for name, value in parts.items() if name != "COUNT"}
    rule = rrulestr(text_of(kept), dtstart=begin)
    if "COUNT" not in parts:
        return rule.after(after)
    # The start always counts as the first, also when the rule would not have it.
    seen = 1
    for time in rule.xafter(start):
        seen += 1
        if seen > parts["COUNT"]:
            return None
        if time > after:
            return time
    return None


def random_row():
    parts = random_rule()
    frequency = parts["FREQ"]
    now = random_time(datetime(2020, 1, 1), datetime(2036, 1, 1))
    years = 20 * random.random() ** 2
    start = now - timedelta(days=years * 365.25) - timedelta(seconds=random.randint(0, 86399))
    after = now
    if chance(0.25):
        # dateutil counts one by one, so what comes often begins not long ago.
        most = {"SECONDLY": 0.05, "MINUTELY": 3, "HOURLY": 60, "DAILY": 3650}.get(frequency, 7300)
        start = after - timedelta(days=random.random() * most)
        parts["COUNT"] = random.choice([1, 2, 3, 10, 50, 100, 500, 1000, 5000])
    elif chance(0.2):
        parts["UNTIL"] = random_time(start, after + (after - start)).strftime("%Y%m%dT%H%M%SZ")
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        first = WEEKDAYS.index(parts.get("WKST", "MO"))
        start -= timedelta(days=(start.weekday() - first) % 7)
    start = start.replace(microsecond=0)
    after = max(after.replace(microsecond=0), start)
    if "UNTIL" in parts:
        rule = {**parts, "UNTIL": parts["UNTIL"].rstrip("Z")}
    else:
        rule = parts
    return text_of(parts), start, after, next_of(rule, start, after)


def give_up(*_):
    raise TimeoutError


def main(seed, rows):
    random.seed(seed)
    signal.signal(signal.SIGALRM, give_up)
    iso = lambda time: time and time.strftime("%Y-%m-%dT%H:%M:%SZ")
    far = timedelta(days=146_000)
    while rows > 0:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            rule, start, after, following = random_row()
        except (TimeoutError, ValueError, IndexError):
            # Too slow for dateutil, known to it never to come true, or one at which it fails.
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if following and following - after > far:
            continue
        print(json.dumps({"rule": rule, "start": iso(start), "after": iso(after), "next": iso(following)}))
        rows -= 1


main(int(sys.argv[1]), int(sys.argv[2]))
