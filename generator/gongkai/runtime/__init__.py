"""Clock, git, locks, processes, hashes, files: nothing here knows the field."""
