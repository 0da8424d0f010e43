"""What can be wrong with the names in a form: used twice, or meaning nothing."""

from collections.abc import Iterable, Iterator, Sequence

from generator.schema import nearest
from generator.specs import braces

Fault = tuple[str, str]
"""Where in the form's file, as a path of keys and numbers, and what is wrong there."""


def repeated(named: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Fault]:
    """Names that stand twice; each thing is given with its path and all its names."""
    seen: set[str] = set()
    for path, names in named:
        for name in names:
            if name in seen:
                yield path, f"“{name}”用了两次，填报时分不清；请改掉一处的“键”或“别名”"
        seen.update(names)


def unknown_words(path: str, label: str, known: Sequence[str]) -> Iterator[Fault]:
    """Words in braces that nothing stands for."""
    for word in braces(label):
        if word not in known:
            yield path, f"不认识 {{{word}}}；{nearest(word, known)}"


def missing(path: str, what: str, names: Iterable[str], known: Sequence[str]) -> Iterator[Fault]:
    """Names of things that do not exist."""
    for name in names:
        if name not in known:
            yield path, f"{what}“{name}”不存在；{nearest(name, known)}"
