"""Texts of web pages, text files and PDFs in a second way, for the account of an import.

The reader's cells are the sources of the account, as far as the second way finds the same texts
in the same order (in PDFs, the same number of every character); a text that the reader does not
have is a source without a place, and a cell with a text that the file does not have is no source.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser
from itertools import accumulate

from gongkai.authoring.office.cells import OfficeDocument, Slot, distinct_cells, remove_invisible
from gongkai.authoring.office.source_parts import SourceText

UNREAD_PLACE = "原文"
"""Place of a text that the reader does not have."""
_INVISIBLE = frozenset({
    "script", "style", "title", "template", "noscript", "object", "audio", "video", "canvas",
    "svg", "rp", "datalist", "iframe", "noframes",
})  # fmt: skip
_TYPED = frozenset({"text", "number", "date", "tel"})
"""Form controls that show their value."""
_GRID = re.compile(r"(?:第(\d+)个表)?第(\d+)行第(\d+)列$")
_NO_TEXT = re.compile(r"[\s,;|，；\"=]+")
"""What divides cells in text files, or spaces texts."""
_SEPARATOR_LINE = re.compile(r'\A"?sep=."?\n')
_WINDOW, _MIN_LENGTH, _MAX_STATES = 500, 4, 50
"""How far a text is searched that does not come next; how long it has to be; how many ways are tried."""


class _PageParser(HTMLParser):
    """Collects the texts that a web page has, shown or hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[str] = []
        self._invisible: Counter[str] = Counter()
        self._options: list[tuple[bool, str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _INVISIBLE:
            self._invisible[tag] += 1
        elif tag == "select":
            self._options = []
        elif tag == "option" and self._options is not None:
            self._options.append(("selected" in values, ""))
        elif tag == "input" and not self._invisible.total():
            kind = (values.get("type") or "text").lower()
            if kind in {"checkbox", "radio"}:
                self.runs.append("☑" if "checked" in values else "□")
            elif kind in _TYPED:
                self.runs.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._invisible[tag]:
            self._invisible[tag] -= 1
        elif tag == "select" and self._options is not None:
            chosen = [text for is_chosen, text in self._options if is_chosen]
            self.runs.append("、".join(chosen or [text for _, text in self._options[:1]]))
            self._options = None

    def handle_data(self, data: str) -> None:
        if self._invisible.total():
            return
        if self._options is None:
            self.runs.append(data)
        elif self._options:
            is_chosen, text = self._options[-1]
            self._options[-1] = (is_chosen, text + data.strip())


def page_runs(text: str) -> list[str]:
    """Return the texts of a web page in their order."""
    parser = _PageParser()
    parser.feed(text)
    parser.close()
    return parser.runs


def text_runs(text: str) -> list[str]:
    """Return the texts between the delimiters and spaces of a text file."""
    return _NO_TEXT.split(_SEPARATOR_LINE.sub("", text))


def sources_of(runs: Iterable[str], document: OfficeDocument) -> tuple[SourceText, ...]:
    """Return the sources of the account: the reader's texts, as far as they are among the runs."""
    body = list(dict.fromkeys(slot for line in document.lines for _, slot in distinct_cells(line)))
    compared = _Comparison(body, document.outside_text)
    unread = list(compared.unread(run for run in map(_bare, runs) if run))
    return _sources(document, compared.foreign, unread)


def counted_sources(
    unread: Iterable[str], foreign: Counter[str], document: OfficeDocument
) -> tuple[SourceText, ...]:
    """Return the sources of the account where texts have no order, and characters are counted.

    Cells that have one of the foreign characters are no sources, for as many as there are.
    """
    slots: set[Slot] = set()
    for slot in (slot for line in document.lines for _, slot in distinct_cells(line)):
        signs = Counter(slot.text) & foreign
        if signs and slot not in slots:
            slots.add(slot)
            foreign -= signs
    return _sources(document, slots, unread)


def _sources(
    document: OfficeDocument, foreign: AbstractSet[Slot], unread: Iterable[str]
) -> tuple[SourceText, ...]:
    """Return the reader's texts without the foreign ones, and the texts that it does not have."""
    positions = Counter(slot for line in document.lines for slot in line if slot)
    sources = [
        SourceText(
            slot.place,
            slot.text,
            grid=_grid(slot),
            is_in_body=slot in positions,
            is_merged=positions[slot] > 1,
        )
        for slot in (*positions, *document.outside_text)
        if slot.text and slot not in foreign
    ]
    return (*sources, *(SourceText(UNREAD_PLACE, text) for text in unread))


def _bare(text: str) -> str:
    """Return a text without spaces, invisible signs and what divides cells."""
    return _NO_TEXT.sub("", remove_invisible(text))


def _grid(slot: Slot) -> tuple[int, int, int]:
    """Return the table, row and column of a cell by its place."""
    match = _GRID.search(slot.place)
    return (int(match[1] or 1), int(match[2]), int(match[3])) if match else (0, 0, 0)


class _Comparison:
    """The reader's texts, in the body and outside, compared with those of the file."""

    def __init__(self, body: Sequence[Slot], outside: Sequence[Slot]) -> None:
        self._streams = [_Stream(body), _Stream(outside)]
        self.foreign: set[Slot] = set()
        """Slots with texts that the file does not have."""

    def unread(self, runs: Iterable[str]) -> Iterator[str]:
        """Yield the runs that the reader does not have."""
        states = {(0, 0)}
        for run in runs:
            following = {
                (body + step, outside + len(run) - step)
                for body, outside in states
                for step, stream, start in (
                    (len(run), self._streams[0], body),
                    (0, self._streams[1], outside),
                )
                if stream.text.startswith(run, start)
            }
            if not following:
                found = self._search(run, max(states))
                if found is None:
                    yield run
                    continue
                following = {found}
            states = set(sorted(following, reverse=True)[:_MAX_STATES])
        for stream, end in zip(self._streams, max(states), strict=True):
            self.foreign |= stream.slots(end, len(stream.text))

    def _search(self, run: str, state: tuple[int, int]) -> tuple[int, int] | None:
        """Return the state after a run that comes later; what is before it is foreign."""
        for number, stream in enumerate(self._streams):
            start = state[number]
            position = stream.text.find(run, start, start + _WINDOW)
            if position >= 0 and len(run) >= _MIN_LENGTH:
                self.foreign |= stream.slots(start, position)
                end = position + len(run)
                return (end, state[1]) if number == 0 else (state[0], end)
        return None


class _Stream:
    """The texts of slots, one after another."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = [slot for slot in slots if _bare(slot.text)]
        texts = [_bare(slot.text) for slot in self._slots]
        self.text = "".join(texts)
        self._starts = [0, *accumulate(map(len, texts))]

    def slots(self, start: int, end: int) -> set[Slot]:
        """Return the slots that have a character from start to end."""
        if start >= end:
            return set()
        return set(
            self._slots[bisect_right(self._starts, start) - 1 : bisect_right(self._starts, end - 1)]
        )
