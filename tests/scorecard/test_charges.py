"""Charges add up to the figure that the KPI tells, however they are told apart."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.measures.scopes import parse
from ops_console.scorecard.charges import KEY, MODEL, SERVICE, Charges, last_day, totals
from tests.emptying import empty
from tests.examples import examples
from tests.kpis.records import Books, at
from tests.scorecard.measuring import UTC_ZONE, books, figure

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
DAY = at("10-14 00:00")


def charges(written: Books, scope: str = "workspace", currency: str = "USD") -> Charges:
    return Charges(written.session, parse(scope), currency)


def test_what_names_no_model_or_purpose_is_unallocated(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "10.5", written.model("ranker"), purpose="training")
        written.cost(DAY, "2")

        found = charges(written).sums(START, END, MODEL, "purpose")
        assert sorted(found) == [("ranker", "training", Decimal("10.5")), ("unallocated", "unallocated", Decimal(2))]


def test_only_what_falls_into_the_stretch_counts(database: Engine) -> None:
    with books(database) as written:
        written.cost(at("09-30 00:00"), "1")
        written.cost(at("10-01 00:00"), "2")
        written.cost(at("11-01 00:00"), "4")

        assert charges(written).sums(START, END, "day") == [(date(2026, 10, 1), Decimal(2))]


def test_another_currency_is_never_added(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "10")
        written.cost(DAY, "70", currency="EUR")

        assert charges(written).sums(START, END, SERVICE) == [("unallocated", Decimal(10))]
        assert charges(written, currency="EUR").sums(START, END, SERVICE) == [("unallocated", Decimal(70))]


def test_one_service_can_be_asked_for_alone(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "10", service_name="Vertex AI")
        written.cost(DAY, "70", service_name="S3")

        assert charges(written).sums(START, END, "day", service="S3") == [(DAY.date(), Decimal(70))]


def test_what_belongs_to_no_model_is_told_by_account_the_dearest_first(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "5", service_name="S3", sub_account="prod")
        written.cost(DAY, "4", service_name="S3", sub_account="prod")
        written.cost(DAY, "20", service_name="EC2")
        written.cost(DAY, "99", written.model("ranker"))

        found = [tuple(row) for row in charges(written).of_no_model(START, END)]
        assert found == [("AWS", None, "EC2", Decimal(20)), ("AWS", "prod", "S3", Decimal(9))]


def test_the_bill_reaches_as_far_as_its_last_day(database: Engine) -> None:
    with books(database) as written:
        assert last_day(written.session, UTC_ZONE) is None
        written.cost(DAY, "5")
        assert last_day(written.session, UTC_ZONE) == DAY.date()


AMOUNTS = st.decimals("-1000", "1000", places=4)
CHARGE = st.tuples(
    st.sampled_from(["09-30", "10-01", "10-14", "10-31", "11-01"]),
    AMOUNTS,
    st.sampled_from([None, "ranker", "fraud"]),
    st.sampled_from([None, "training", "inference"]),
    st.sampled_from([None, "EC2", "S3"]),
)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHARGE, min_size=1, max_size=8))
def test_parts_of_any_charges_add_up_to_the_figure_of_every_scope(database: Engine, told: list[tuple]) -> None:
    with database.begin() as connection:
        empty(connection)
    with books(database) as written:
        entries = {
            name: written.model(name, team=team, tier=tier)
            for name, team, tier in (("ranker", "Search", 1), ("fraud", "Risk", 2))
        }
        for day, amount, model, purpose, service in told:
            written.cost(at(f"{day} 00:00"), str(amount), entries.get(model), purpose=purpose, service_name=service)
        for scope in ("workspace", "team:Search", "tier:2", "model:ranker"):
            expected = figure(written.session, KEY, scope=scope).k or Decimal(0)
            for by in ((MODEL, "purpose"), (SERVICE, "day"), ("provider", "category", "day")):
                found = charges(written, scope).sums(START, END, *by)
                assert sum((row[-1] for row in found), Decimal(0)) == expected
                assert sum(totals(found, 0).values(), Decimal(0)) == expected
