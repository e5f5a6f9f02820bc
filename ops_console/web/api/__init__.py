"""The machine-readable side, under /api/v1."""
