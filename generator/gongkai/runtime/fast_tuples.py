"""Named tuples built without their constructor, where a site is read and listed value by value."""

from typing import Any, Protocol, TypeVar, cast

TupleT = TypeVar("TupleT", bound=tuple[Any, ...])


class _Builder(Protocol):
    def __call__(self, kind: type[TupleT], values: tuple[Any, ...], /) -> TupleT: ...


build_tuple = cast("_Builder", tuple.__new__)
"""Build a named tuple from the values of all its fields, in order; nothing is checked."""
