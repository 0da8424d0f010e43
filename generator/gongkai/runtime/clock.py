"""Today's date, which SOURCE_DATE_EPOCH overrides."""

import contextlib
import datetime as dt
import os
import re

_SOURCE_DATE_EPOCH = "SOURCE_DATE_EPOCH"
"""Environment variable of reproducible-builds.org: seconds since 1970, UTC."""
_UNIX_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def today() -> dt.date:
    """Return the date of SOURCE_DATE_EPOCH if it is set, else the current date."""
    seconds = os.environ.get(_SOURCE_DATE_EPOCH, "")
    if re.fullmatch(r"-?[0-9]+", seconds):
        with contextlib.suppress(OverflowError):  # Beyond the years that datetime supports.
            return (_UNIX_EPOCH + dt.timedelta(seconds=int(seconds))).date()
    return dt.datetime.now(tz=dt.UTC).astimezone().date()
