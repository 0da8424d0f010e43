"""Detection and masking of personal data: personal numbers, addresses, notes on persons."""

from collections.abc import Iterator

from gongkai.model.digit_runs import fold_digits
from gongkai.model.personal_accounts import find_online_accounts
from gongkai.model.personal_kinds import MASKED_KINDS, PersonalDataKind, PersonalDataMatch
from gongkai.model.personal_notes import find_personal_notes
from gongkai.model.personal_numbers import find_personal_numbers


def find_personal_data(text: str) -> Iterator[PersonalDataMatch]:
    """Yield all personal data in a text."""
    yield from find_personal_numbers(text)
    yield from find_online_accounts(text)
    yield from find_personal_notes(text)


def find_unpublishable_data(text: str) -> Iterator[PersonalDataMatch]:
    """Yield the personal data in a text that must never be published."""
    for match in (*find_personal_numbers(text), *find_online_accounts(text)):
        if match.kind in MASKED_KINDS:
            yield match


def mask_personal_data(text: str) -> str:
    """Mask the personal data that must never be stored: 138****3461."""
    parts: list[str] = []
    position = 0
    matches = find_unpublishable_data(text)
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if match.start >= position:
            is_mobile = match.kind is PersonalDataKind.MOBILE
            last = fold_digits(text[match.start : match.end])[-4:] if is_mobile else ""
            parts += [text[position : match.start], match.masked, last]
            position = match.end
    return "".join([*parts, text[position:]])
