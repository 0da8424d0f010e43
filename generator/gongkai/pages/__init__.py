"""Pages of the site: views, tables, charts, templates."""
