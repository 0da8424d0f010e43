"""View objects, one for each template."""
