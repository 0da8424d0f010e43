"""Sentences: figures, totals with parts, shares and changes, as texts state them."""
