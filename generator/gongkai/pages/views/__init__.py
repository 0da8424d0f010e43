"""View objects, one per page template."""
