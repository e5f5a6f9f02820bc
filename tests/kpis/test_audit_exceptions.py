"""Audit exceptions: what is open past its day, as it was on that day."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.periods import parse
from ops_console.measures.figures import Figure
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE
from ops_console.reporting import words
from ops_console.scorecard.rows import records
from tests.kpis.governance_records import finding, live_model
from tests.kpis.records import NOW, at, minutes
from tests.scorecard.measuring import UTC_ZONE, Kind, books, figure, read_one

SEEN = at("08-01")


def found_in(session: Session, period: str = "2026-10", scope: str = "workspace") -> Figure:
    return figure(session, "audit_exceptions", period, scope)


def test_what_is_open_past_its_day_is_overdue_of_all_that_is_open(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        finding(written, SEEN, "10-10", entry_id=model, severity="critical")
        finding(written, SEEN, "10-30", entry_id=model)
        finding(written, SEEN, "11-20", entry_id=model)
        finding(written, SEEN, "11-20", entry_id=model, severity=None)

        found = found_in(written.session)
        assert (found.value, found.k, found.n) == (2, 2, 4)
        assert found.detail["by_severity"] == {
            "critical": {"k": 1, "n": 1},
            "high": {"k": 1, "n": 2},
            "unknown": {"k": 0, "n": 1},
        }


def test_one_closed_since_was_overdue_all_the_same(database: Engine) -> None:
    with books(database) as written:
        finding(written, SEEN, "09-10", fixed_at=at("10-05"))

        assert found_in(written.session, "2026-09").value == 1
        assert found_in(written.session, "2026-10") == Figure(
            detail={"closed_on_time": {"n": 1, "k": 0, "value": 0.0, "excluded": {}}}, value=0.0, k=0, n=0
        )


def test_the_due_day_itself_is_in_time(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "10-31")

        assert found_in(written.session, "2026-10").value == 0
        assert found_in(written.session, "2026-10-01..2026-11-01").value == 1


def test_a_waiver_defers_and_closes_nothing(database: Engine) -> None:
    with books(database) as written:
        finding(written, SEEN, "09-10", waived="11-30")

        found = found_in(written.session)
        assert (found.value, found.n, found.detail["waived"]) == (0, 1, 1)


def test_a_waiver_given_late_excuses_nothing_of_the_time_before(database: Engine) -> None:
    with books(database) as written:
        finding(written, SEEN, "08-10", waived="11-30", granted=at("10-05"))

        assert found_in(written.session, "2026-09").value == 1
        assert found_in(written.session, "2026-10").value == 0


def test_a_waiver_given_after_it_was_closed_makes_it_no_sooner(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "10-10", fixed_at=at("10-12"), waived="10-20", granted=at("10-13"))

        assert found_in(written.session).detail["closed_on_time"]["k"] == 0


def test_once_a_waiver_has_run_out_it_is_overdue_again(database: Engine) -> None:
    with books(database) as written:
        finding(written, SEEN, "08-10", waived="10-15")

        assert found_in(written.session, "2026-09").value == 0
        assert found_in(written.session, "2026-10").value == 1


def test_without_a_due_day_it_is_never_overdue_and_counted_apart(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN)

        found = found_in(written.session)
        assert (found.value, found.n, found.detail["without_due_date"]) == (0, 1, 1)


def test_what_was_dismissed_as_none_is_left_out(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "09-10", dismissed_reason="a test asset")

        found = found_in(written.session)
        assert (found.n, found.excluded) == (0, {"dismissed": 1})


def test_what_its_source_deleted_was_open_until_then(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "09-10", deleted_at=at("10-05"))

        assert found_in(written.session, "2026-09").value == 1
        assert found_in(written.session, "2026-10") == Figure()


@pytest.mark.parametrize("kind", ["exception", "policy", "access_review"])
def test_exceptions_policies_and_access_reviews_count(sqlite: Engine, kind: str) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "09-10", kind=kind)

        assert found_in(written.session).value == 1


def test_vulnerabilities_stand_beside_and_are_not_in_the_number(database: Engine) -> None:
    with books(database) as written:
        finding(written, at("10-01"), "10-10", kind="vulnerability", severity="critical")
        finding(written, at("10-21"), "12-10", kind="vulnerability")
        finding(written, SEEN, "10-20", kind="vulnerability", fixed_at=at("10-15"))

        found = found_in(written.session)
        assert (found.value, found.n) == (0, 0)
        beside = found.detail["vulnerabilities"]
        assert (beside["k"], beside["n"], beside["by_severity"]["critical"]) == (1, 2, {"k": 1, "n": 1})
        assert found.detail["vulnerability_age"]["median"] == pytest.approx(20.5 * 86_400, abs=1)
        assert found.detail["vulnerabilities_closed_on_time"]["value"] == 1


def test_closed_on_time_is_the_share_of_those_closed_in_the_period(database: Engine) -> None:
    with books(database) as written:
        finding(written, SEEN, "10-10", fixed_at=at("10-10"))
        finding(written, SEEN, "10-10", fixed_at=at("10-12"))
        finding(written, SEEN, "10-10", fixed_at=at("10-12"), waived="10-20")
        finding(written, SEEN, fixed_at=at("10-12"))
        finding(written, SEEN, "10-10", fixed_at=at("09-12"))

        beside = found_in(written.session).detail["closed_on_time"]
        assert (beside["k"], beside["n"], beside["excluded"]) == (2, 3, {"no due date": 1})


def test_one_that_names_no_model_counts_for_all_models_alone(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "09-10")
        finding(written, SEEN, "09-10", entry_id=live_model(written))

        assert found_in(written.session).value == 2
        assert found_in(written.session, scope="team:Search").value == 1


def test_none_overdue_is_on_target_and_says_how_many_are_open(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "12-01")

        found = read_one(written.session, "audit_exceptions")
        assert (found.data_state, found.value, found.status) == (DataState.REAL_ZERO, 0, Status.ON_TARGET)
        assert (words.value(found), words.target(found)) == ("0 overdue, 1 open", "0 overdue")


def test_a_single_one_overdue_is_off_target(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "10-01")

        found = read_one(written.session, "audit_exceptions")
        assert (found.status, words.value(found)) == (Status.OFF_TARGET, "1 overdue, 1 open")


def test_before_the_register_began_nothing_is_known(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "10-01")
        began = {"findings": Kind(covers_from=SEEN)}

        found = read_one(written.session, "audit_exceptions", "2026-07", fresh=began)
        assert (found.value, found.data_state, found.status) == (None, DataState.PARTIAL, Status.NONE)


def test_a_month_in_which_the_register_began_ends_with_a_state(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN + minutes(60), "08-10")
        began = {"findings": Kind(covers_from=SEEN + minutes(60))}

        found = read_one(written.session, "audit_exceptions", "2026-08", fresh=began)
        assert (found.value, found.data_state) == (1, DataState.COMPLETE)


def test_what_is_overdue_stands_first_among_the_records_and_each_says_how_it_stands(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        finding(written, SEEN, "12-01", entry_id=model)
        finding(written, SEEN, "10-01", asset="s3://cards")
        finding(written, SEEN, "10-01", waived="12-01")
        finding(written, SEEN)
        finding(written, SEEN, "10-01", dismissed_reason="none")

        month = parse("2026-10", UTC_ZONE)
        page = records(written.session, "audit_exceptions", WORKSPACE, month.start, month.end)
        assert [(row.note, row.excluded) for row in page.rows] == [
            ("overdue", None),
            ("no due date", None),
            ("waived", None),
            ("not due yet", None),
            ("overdue", "dismissed"),
        ]
        assert (page.rows[0].label, page.rows[0].url) == ("no approval: s3://cards", "")
        assert page.rows[3].url == "/models/ranker"


def test_the_running_month_is_as_of_now(sqlite: Engine) -> None:
    with books(sqlite) as written:
        finding(written, SEEN, "11-02")
        finding(written, SEEN, "11-20")

        assert read_one(written.session, "audit_exceptions", "2026-11", now=NOW).value == 1
