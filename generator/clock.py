"""The day on which the site is looked at or built."""

import datetime as dt
import os

EPOCH = "SOURCE_DATE_EPOCH"
"""The environment's word for it (reproducible-builds.org): seconds since 1970, UTC."""


def today() -> dt.date:
    """SOURCE_DATE_EPOCH where it is set, else the current date."""
    seconds = os.environ.get(EPOCH, "")
    if seconds.isdigit():
        return dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC).date()
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def set_today(day: dt.date) -> None:
    """Let this process, MkDocs included, take a day for today."""
    start = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    os.environ[EPOCH] = str(int(start.timestamp()))
