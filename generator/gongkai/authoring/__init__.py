"""Help for authors of data: new files, schemas, Excel templates, import."""
