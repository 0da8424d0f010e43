"""Text attached to pictures (EXIF, XMP, PNG text, comments), and text in files of unknown formats."""

import re
import zlib
from collections.abc import Iterator

_PNG, _JPEG, _RIFF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"
_OTHER_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")
_PIXELS = frozenset({b"IDAT", b"fdAT", b"VP8 ", b"VP8L", b"ALPH", b"ANMF"})
_MAX_TEXT = 16 * 1024 * 1024
"""Number of bytes of a compressed text that are read."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]+")
_WIDE_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\ufffd]+")
_EXIF_WIDE = b"UNICODE\0"
"""Says in EXIF that a text in UTF-16 follows."""
_FEW_ERRORS = 0.05
"""Share of characters that may be wrong in a text among other bytes, such as its length before it."""


def is_picture(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a picture."""
    is_webp = head.startswith(_RIFF) and head[8:12] == b"WEBP"
    return is_webp or head.startswith((_PNG, _JPEG, *_OTHER_PICTURES))


def attached_texts(data: bytes) -> Iterator[str]:
    """Yield what can be read as text in a picture or another binary file: 8-bit texts, then UTF-16."""
    for part in _parts(data):
        yield "\x02".join(map(_decode, _CONTROLS.split(part)))
        wide = part.replace(_EXIF_WIDE, bytes(len(_EXIF_WIDE)))
        for start in (0, 1):
            yield _WIDE_CONTROLS.sub("\x02", wide[start:].decode("utf-16-le", "replace"))


def _decode(text: bytes) -> str:
    """Return a text that is in UTF-8, or in the GB 18030 of older programs."""
    decoded = text.decode("utf-8", "replace")
    is_utf8 = decoded.count("\ufffd") <= 1 + _FEW_ERRORS * len(decoded)
    return decoded if is_utf8 else text.decode("gb18030", "replace")


def _parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a file that may hold text: of pictures all but the pixels."""
    if data.startswith(_PNG):
        yield from _png_parts(data)
    elif data.startswith(_JPEG):
        yield from _jpeg_parts(data)
    elif is_picture(data) and data.startswith(_RIFF):
        yield from _webp_parts(data)
    else:
        yield data


def _png_parts(data: bytes) -> Iterator[bytes]:
    position = len(_PNG)
    while position + 8 <= len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 :][:4]
        body = data[position + 8 : position + 8 + size]
        position += size + 12
        if kind not in _PIXELS:
            yield body
        if kind in {b"zTXt", b"iTXt"}:
            yield _decompressed(body)
        if kind == b"IEND":
            yield data[position:]
            return


def _decompressed(body: bytes) -> bytes:
    """Return the text of a compressed PNG chunk, which begins after one NUL of several."""
    for match in re.finditer(b"\0", body):
        try:
            start = body.index(b"\x78", match.end())
            return zlib.decompressobj().decompress(body[start:], _MAX_TEXT)
        except (zlib.error, ValueError):
            continue
    return b""


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:  # noqa: PLR2004 - begins a marker
        marker, size = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xDA:  # noqa: PLR2004 - pixels begin
            break
        if marker >= 0xE0:  # noqa: PLR2004 - application data and comments
            yield data[position + 4 : position + 2 + size]
        position += 2 + size
    end = data.rfind(b"\xff\xd9")
    yield data[end + 2 :] if end >= 0 else b""


def _webp_parts(data: bytes) -> Iterator[bytes]:
    position = 12
    while position + 8 <= len(data):
        kind, size = (
            data[position : position + 4],
            int.from_bytes(data[position + 4 :][:4], "little"),
        )
        if kind not in _PIXELS:
            yield data[position + 8 : position + 8 + size]
        position += 8 + size + size % 2
