"""The small language KPIs are written in: scopes, definitions, aggregates, signals, readings."""
