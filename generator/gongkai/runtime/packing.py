"""Objects and plain values as bytes, for caches, for workers and to save memory.

Pickle runs code that stands in the bytes, so this module reads only what the program itself wrote:
files of the workspace, which belong to whoever runs the program, and bytes held in memory.
Nothing from the data folder or from a published site is unpacked.
"""

import marshal
import pickle
from typing import Any, Protocol

UNPACKING_ERRORS = (
    pickle.UnpicklingError,
    EOFError,
    LookupError,
    AttributeError,
    ImportError,
    TypeError,
    ValueError,
)
"""Errors of unpacking damaged bytes, or objects of classes that this program does not know."""
_MARSHAL_VERSION = 2
"""The newest version whose output does not depend on reference counts."""


class _Writer(Protocol):
    def write(self, data: bytes, /) -> int: ...


def pack_object(value: object) -> bytes:
    """Return an object as bytes."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def write_object(value: object, file: _Writer) -> None:
    """Write an object to a binary file."""
    pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)


def unpack_object(data: bytes | memoryview) -> Any:  # noqa: ANN401 - whatever was packed
    """Return the packed object; raise one of UNPACKING_ERRORS if that is impossible."""
    return pickle.loads(data)  # noqa: S301 - written by the program itself, see above


def pack_values(values: Any) -> bytes:  # noqa: ANN401 - marshal has no public type for them
    """Return lists, tuples and mappings of texts, bytes and integers as bytes; equal values, same bytes.

    With pickle, a unit's pages would take 0.3 % more instructions.
    """
    return marshal.dumps(values, _MARSHAL_VERSION)


def unpack_values(data: bytes) -> Any:  # noqa: ANN401 - whatever was packed
    """Return the packed values."""
    return marshal.loads(data)  # noqa: S302 - written by the program itself, see above
