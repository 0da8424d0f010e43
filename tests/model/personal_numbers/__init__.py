"""Texts with personal numbers in many writings, and harmless look-alikes."""
