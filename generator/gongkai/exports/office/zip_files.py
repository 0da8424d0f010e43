"""Office files are zip archives: the same content always gives the same bytes."""

import io
import re
import zipfile
from collections.abc import Mapping

_DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip archive can tell."""


def repacked(
    data: bytes, changes: Mapping[str, tuple[re.Pattern[bytes], bytes]] | None = None
) -> bytes:
    """The same archive without the time at which it was made.

    `changes` gives by the name of a part what is to be replaced in it by what.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for entry in source.infolist():
            told = zipfile.ZipInfo(entry.filename, _DAY)
            told.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(entry)
            if changes and entry.filename in changes:
                pattern, other = changes[entry.filename]
                content = pattern.sub(other, content)
            target.writestr(told, content)
    return out.getvalue()
