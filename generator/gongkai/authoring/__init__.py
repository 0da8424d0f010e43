"""Tools for authors of data: new files, JSON Schemas, Excel templates, import of Word and Excel."""
