"""What is needed and is not there."""


class MissingError(ValueError):
    """What is asked for cannot be made: a library is not installed, or a file of the workspace is not as it was.

    The message says so in Chinese.
    """
