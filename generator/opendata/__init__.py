"""What the site gives away as data: every value as a row, in files of many kinds."""
