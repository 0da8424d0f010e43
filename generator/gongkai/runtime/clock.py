"""The day on which the site is looked at or built."""

import contextlib
import datetime as dt
import os
import re

EPOCH = "SOURCE_DATE_EPOCH"
"""The environment's word for it (reproducible-builds.org): seconds since 1970, UTC."""
_START = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def today() -> dt.date:
    """SOURCE_DATE_EPOCH where it is set, else the current date."""
    seconds = os.environ.get(EPOCH, "")
    if re.fullmatch(r"-?[0-9]+", seconds):
        with contextlib.suppress(OverflowError):  # A day that no calendar has.
            return (_START + dt.timedelta(seconds=int(seconds))).date()
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def set_today(day: dt.date) -> None:
    """Let this process, MkDocs included, take a day for today."""
    start = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    os.environ[EPOCH] = f"{(start - _START) // dt.timedelta(seconds=1)}"
