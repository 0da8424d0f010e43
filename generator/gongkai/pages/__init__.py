"""What pages show: views, tables, charts, templates."""
