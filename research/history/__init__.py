"""Versions of what the owner writes: recorded with every change, compared, and brought back."""
