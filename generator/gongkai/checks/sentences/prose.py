"""All prose of a document: the body of a report and the long texts of its cells."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from gongkai.checks.sentences.clauses import Sentence, split_sentences
from gongkai.model.documents import Record, cache_on_record
from gongkai.model.problems import Position, position_within
from gongkai.model.values import Kind

_KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.MEASURED)
_SHORTEST = 8
_HAS_DIGIT = re.compile(r"[0-9０-９]").search


@dataclass(frozen=True)
class TextBlock:
    """A text of a document that has figures."""

    text: str
    where: str
    """The key path of its cell, or the document's name."""
    origin: Position
    is_body: bool
    """Whether it is the body of a report; else the value of a cell."""

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return list(accumulate(lengths, initial=0))

    def position_at(self, offset: int) -> Position:
        """Return the position of an offset in its file."""
        if not self.is_body:
            return position_within(self.origin, self.text, offset)
        line = bisect_right(self._line_starts, offset) - 1
        column = offset - self._line_starts[line] + 1
        return Position(self.origin.file, self.origin.line + line, column)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences, and those in brackets."""
        return split_sentences(self.text)

    @cached_property
    def _outer_sentences(self) -> list[Sentence]:
        return [sentence for sentence in self.sentences if not sentence.in_brackets]

    def outer_sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence, not one in brackets, around an offset."""
        after = bisect_right(self._outer_sentences, offset, key=lambda sentence: sentence.start)
        sentence = self._outer_sentences[after - 1] if after else None
        return sentence if sentence and offset < sentence.start + len(sentence.text) else None


@cache_on_record
def text_blocks(record: Record) -> tuple[TextBlock, ...]:
    """Return the texts of a document that have figures."""
    blocks = [
        TextBlock(cell.filed, cell.where, cell.position, is_body=False)
        for cell in record.cells_of_kind(*_KINDS)
        if len(cell.filed) > _SHORTEST and _HAS_DIGIT(cell.filed)
    ]
    if record.body:
        origin = Position(record.position.file, record.body_line)
        blocks.append(TextBlock(record.body, record.name, origin, is_body=True))
    return tuple(blocks)
