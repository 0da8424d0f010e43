"""The editor (填报台): values changed in place, drafts, saving, merging by value, handing in."""
