"""Clock, git, locks, processes, hashes, files: infrastructure that knows nothing of the field."""
