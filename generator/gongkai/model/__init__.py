"""The objects of the field: values, forms, documents, disclosures, problems."""
