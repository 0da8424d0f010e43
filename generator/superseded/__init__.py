"""What stood here: versions of pages that a later release, or the present data, has replaced."""
