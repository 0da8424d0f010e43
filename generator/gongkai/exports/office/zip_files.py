"""Reproducible zip archives for Office files."""

import io
import re
import zipfile
from collections.abc import Mapping

_EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)
"""Earliest timestamp of the zip format."""


def repack_zip(
    data: bytes, changes: Mapping[str, tuple[re.Pattern[bytes], bytes]] | None = None
) -> bytes:
    """Repack an archive without timestamps.

    `changes` gives, by part name, a pattern and its replacement.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _EARLIEST_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(entry)
            if changes and entry.filename in changes:
                pattern, replacement = changes[entry.filename]
                content = pattern.sub(replacement, content)
            target.writestr(info, content)
    return out.getvalue()
