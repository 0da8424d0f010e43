"""Archive of replaced pages, published under as-of/."""
