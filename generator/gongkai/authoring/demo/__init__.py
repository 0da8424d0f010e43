"""A made-up county: 示例县, with everything that the pages can show."""
