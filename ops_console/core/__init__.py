"""Knows nothing of operations: clock, periods, units, statistics, settings, database, logs, errors."""
