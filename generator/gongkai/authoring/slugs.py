"""Slugs in pinyin, for names that become addresses or file names."""

from gongkai.reading.files import is_slug

_MAX_SLUG = 40


def pinyin_slug(name: str, default: str) -> str:
    """Return a slug in pinyin; the default if the name gives none."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - takes 60 MB, and only new names need it

    syllables = "".join(lazy_pinyin(name)).lower()
    slug = "".join(sign for sign in syllables if sign.isascii() and sign.isalnum())[:_MAX_SLUG]
    return slug if is_slug(slug) else default
