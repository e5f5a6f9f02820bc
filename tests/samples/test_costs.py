"""Real FOCUS files: every charge is kept, every quirk is said."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from ops_console.core.columns import exact_sum
from ops_console.core.db import reading
from ops_console.records.costs import Cost, CostPartition
from tests.samples import exports as real
from tests.samples.exports import load

pytestmark = [pytest.mark.samples, pytest.mark.xdist_group("samples of costs")]

NANO = Decimal("1e-9")


def totals(engine: Engine, by: object) -> dict[str, tuple[Decimal, Decimal, Decimal, int]]:
    """Billed, effective, listed and rows by a column."""
    wanted = select(
        by, exact_sum(Cost.billed), exact_sum(Cost.effective), exact_sum(Cost.listed), func.sum(col(Cost.rows))
    ).group_by(by)
    with reading(engine) as session:
        return {row[0]: (row[1], row[2] or Decimal(0), row[3], int(row[4])) for row in session.execute(wanted)}


@pytest.mark.parametrize(
    ("provider", "billed", "effective", "rows"),
    [
        ("AWS", "18.0066386184", "13.0", 942),
        ("Microsoft", "1.97651418586", "1.97651418586", 51),
        ("Oracle", "0.53707392473", "0", 7),
    ],
)
def test_the_total_of_each_provider_is_the_published_one(
    provider: str, billed: str, effective: str, rows: int, measured: Callable[..., Engine]
) -> None:
    found = totals(measured(*real.FOCUS), col(Cost.provider))[provider]
    assert abs(found[0] - Decimal(billed)) < NANO
    assert abs(found[1] - Decimal(effective)) < NANO
    assert found[3] == rows


def test_the_total_of_each_billing_period_is_the_published_one(measured: Callable[..., Engine]) -> None:
    found = totals(measured(*real.FOCUS), col(Cost.billing_period))
    assert {"2024-09", "2024-10"} == set(found)
    assert abs(found["2024-09"][0] - Decimal("20.28022672899")) < NANO
    assert abs(found["2024-10"][0] - Decimal("0.24")) < NANO
    assert abs(sum(row[2] for row in found.values()) - Decimal("20.39090575119")) < NANO


def test_a_late_charge_stays_in_the_month_it_was_used_in(measured: Callable[..., Engine]) -> None:
    with reading(measured(*real.FOCUS)) as session:
        late = session.exec(select(Cost).where(Cost.billing_period == "2024-10")).one()
    assert (f"{late.charged_at:%Y-%m-%d}", late.rows) == ("2024-09-30", 1)


def test_the_synthetic_file_of_focus_1_3_is_summed_to_the_last_digit(measured: Callable[..., Engine]) -> None:
    found = totals(measured(*real.FOCUS_AWS), col(Cost.currency))["USD"]
    assert abs(found[0] - Decimal("36044.77639578967267")) < NANO
    assert abs(found[2] - Decimal("48895.18109393798215")) < NANO
    assert found[3] == 2000


@pytest.mark.parametrize(
    "words",
    [
        "'NULL'",
        "no offset",
        "not usable for AWS",
        "not usable for Oracle",
        "'Usage-based'",
        "outside their billing period",
        "stray spaces",
        "Columns that are not used: Id",
        "3 invoice issuers",
        "1 row of credit",
        "289 rows without tags: -1.7023496992 USD",
    ],
)
def test_every_quirk_of_the_real_file_is_said(words: str, exports: Path, sqlite: Engine) -> None:
    [summary] = load(sqlite, exports, *real.FOCUS)
    assert any(words in warning for warning in summary.warnings), summary.warnings


def test_importing_the_real_file_again_changes_nothing(exports: Path, sqlite: Engine) -> None:
    load(sqlite, exports, *real.FOCUS)
    [again] = load(sqlite, exports, *real.FOCUS)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1000)
    with reading(sqlite) as session:
        assert sum(partition.rows for partition in session.exec(select(CostPartition))) == 1000
