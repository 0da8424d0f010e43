"""What this installation lacks."""


class MissingError(ValueError):
    """A library is needed for what is asked, and is not installed; the message says so in Chinese."""
