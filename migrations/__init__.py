"""Alembic migrations; run by `ops-console migrate`."""
