"""Writes tests/data/zoneinfo.csv: 10,000 calculations of deadlines, with the results of Python's zoneinfo and numpy's busday_offset.

    python3 -m venv venv && venv/bin/pip install numpy tzdata
    PYTHONTZPATH= venv/bin/python tests/generate/zoneinfo_deadlines.py

Instants are seconds since 1970, in UTC. The lines are:

    holidays,NAME,DATE DATE …        a calendar, named below
    business,DATE,DAYS,NAME          DATE plus DAYS business days: a date
    business_at,ZONE,INSTANT,DAYS,NAME   the same time of day DAYS business days later: an instant
    days,ZONE,INSTANT,DAYS           the same time of day DAYS days later
    weekday,ZONE,INSTANT,NUMBER      the same time of day on the next Monday (0) … Sunday (6)
    end,ZONE,INSTANT                 the last second of that day: 23:59:59, the second one if it occurs twice (fold=1)
    at,ZONE,INSTANT,TIME             TIME on that day

each but the first followed by the result. A time that the clocks skip is read with the offset before the gap, and of a time
that occurs twice the first is used (fold=0), as in PEP 495. The years are 2000 to 2022, for which the time zone database no longer
changes.
"""

import csv
import random
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy

ZONES = """Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Windhoek America/Anchorage America/Argentina/Buenos_Aires
America/Asuncion America/Bogota America/Caracas America/Chicago America/Denver America/Godthab America/Halifax America/Havana
America/Los_Angeles America/Mexico_City America/Montevideo America/New_York America/Phoenix America/Santiago America/Sao_Paulo
America/St_Johns Asia/Amman Asia/Baku Asia/Beirut Asia/Damascus Asia/Dhaka Asia/Gaza Asia/Jerusalem Asia/Kathmandu Asia/Kolkata
Asia/Novosibirsk Asia/Pyongyang Asia/Shanghai Asia/Tehran Asia/Tokyo Asia/Yerevan Atlantic/Azores Atlantic/Reykjavik
Australia/Adelaide Australia/Lord_Howe Australia/Sydney Europe/Athens Europe/Berlin Europe/Dublin Europe/Istanbul Europe/Kyiv
Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow Europe/Volgograd Pacific/Apia Pacific/Auckland Pacific/Chatham
Pacific/Easter Pacific/Fiji Pacific/Kiritimati Pacific/Tongatapu""".split()
TIMES = ["00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "09:00", "17:00", "23:30", "23:59", "23:59:59"]
FIRST, LAST = date(2000, 1, 1), date(2022, 12, 31)

rng = random.Random(20250201)


def any_day():
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))


def local(zone, day, clock, fold=0):
    """Returns the instant of the local time `clock` on `day` in `zone`."""
    return int(datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).replace(fold=fold).timestamp())


def clock_change_days():
    """Yields each zone with the days on which its clocks change."""
    for zone in ZONES:
        day, days = FIRST, []
        while day < LAST:
            if local(zone, day + timedelta(days=1), time(12)) - local(zone, day, time(12)) != 86400:
                days.append(day)
            day += timedelta(days=1)
        yield zone, days


CHANGES = {zone: days for zone, days in clock_change_days()}


def random_time():
    """Returns a zone and a time in it; in three of four cases within two days of a clock change."""
    zone = rng.choice(ZONES)
    if CHANGES[zone] and rng.random() < 0.75:
        day = rng.choice(CHANGES[zone]) + timedelta(days=rng.randint(-1, 2))
    else:
        day = any_day()
    seconds = rng.choice([rng.randrange(86400), 60 * rng.randrange(300)])
    instant = local(zone, day, (datetime.min + timedelta(seconds=seconds)).time(), rng.randint(0, 1))
    return zone, instant, datetime.fromtimestamp(instant, ZoneInfo(zone))


def days_to_clock_change(zone, here, most):
    """Returns a number of days; in half of the cases it leads to a clock change or the day after."""
    changes = [(day - here.date()).days for day in CHANGES[zone] if abs((day - here.date()).days) <= most]
    if changes and rng.random() < 0.5:
        return rng.choice(changes) + rng.randint(0, 1)
    return rng.randint(-most, most)


def offset(day, days, holidays):
    if days == 0:
        return day
    roll = "backward" if days > 0 else "forward"
    return numpy.busday_offset(day, days, roll=roll, holidays=holidays).item()


def main():
    # Fixed holidays in every year, many scattered days including weekends, a run of consecutive days, and none.
    fixed = [(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)]
    calendars = {
        "fixed": sorted(date(year, *day) for year in range(FIRST.year, LAST.year + 1) for day in fixed),
        "many": sorted(any_day() for _ in range(400)),
        "fortnight": [date(2015, 12, 21) + timedelta(days=each) for each in range(17)],
        "none": [],
    }
    rows = [["holidays", name, " ".join(map(str, days))] for name, days in calendars.items()]
    for number in range(4000):
        name = rng.choice(list(calendars))
        day = date(2015, 12, 1) + timedelta(days=rng.randrange(60)) if name == "fortnight" else any_day()
        days = rng.choice([rng.randint(-12, 12), rng.randint(-12, 12), rng.randint(-400, 400)])
        rows.append(["business", day, days, name, offset(day, days, calendars[name])])
    for number in range(6000):
        zone, instant, here = random_time()
        kind = ["end", "at", "days", "weekday", "business_at", "at"][number % 6]
        given, result = [], None
        if kind == "end":
            result = local(zone, here.date(), time(23, 59, 59), fold=1)
        elif kind == "at":
            clock = rng.choice(TIMES)
            given, result = [clock], local(zone, here.date(), time.fromisoformat(clock))
        elif kind == "days":
            days = days_to_clock_change(zone, here, 200)
            given, result = [days], local(zone, here.date() + timedelta(days=days), here.time())
        elif kind == "weekday":
            weekday = rng.randrange(7)
            ahead = (weekday - here.weekday() - 1) % 7 + 1
            given, result = [weekday], local(zone, here.date() + timedelta(days=ahead), here.time())
        else:
            days, name = rng.choice([-1, 1]) * rng.randint(1, 60), rng.choice(list(calendars))
            given, result = [days, name], local(zone, offset(here.date(), days, calendars[name]), here.time())
        rows.append([kind, zone, instant, *given, result])
    path = Path(__file__).parent.parent / "data" / "zoneinfo.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
