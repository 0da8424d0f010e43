"""Errors that are not about the data: missing dependencies, files that cannot be read."""


class UnavailableError(ValueError):
    """A library is not installed, or a workspace file is missing or incomplete.

    The message is in Chinese.
    """


class UnreadableFileError(Exception):
    """A file cannot be imported; the Chinese message says why, and what to do."""
