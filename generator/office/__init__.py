"""Word and Excel: the official attachments as files, and files as they came back from the units."""
