"""Errors that are not about the data: missing dependencies, files that cannot be read."""


class MissingError(ValueError):
    """What is asked for cannot be made: a library is not installed, or a file of the workspace is not as it was.

    The message says so in Chinese.
    """


class RefusedError(Exception):
    """A file is not read; the message says in Chinese why, and what to do."""
