"""Builders with defaults: a test names only what matters to it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ops_console.records.costs import Budget

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def budget(**changes: Any) -> Budget:
    return Budget(
        **{
            "source": "test",
            "external_id": "1",
            "ingested_at": NOW,
            "fingerprint": "",
            "scope": "workspace",
            "period": "2026-10",
            "starts_at": NOW,
            "ends_at": NOW,
            "amount": Decimal(1),
            "currency": "USD",
        }
        | changes
    )
