"""Vendors, one folder each: manifest and role files, found by being there."""
