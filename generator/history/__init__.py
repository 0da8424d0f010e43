"""What was published when, and what was changed since: told from git, in words."""
