"""Right disclosures generated from every form, and changes of single figures in them."""
