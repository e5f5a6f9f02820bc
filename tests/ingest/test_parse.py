"""Values become a fact or a sentence that names the field, what was there, and the way out."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import DeploymentFact
from ops_console.ingest.parse import Parser
from ops_console.ingest.shapes import Shape, required, shapes
from ops_console.ingest.unfit import Unfit
from tests.ingest.deliveries import values


def parsed(kind: str = "deployments", zone: ZoneInfo | None = None, **changes: Any) -> Fact:
    return Parser(kind, "cd", zone)(values(kind, **changes))


def reason(kind: str = "deployments", **changes: Any) -> str:
    with pytest.raises(Unfit) as refused:
        parsed(kind, **changes)
    return f"{refused.value.field}: {refused.value.reason}"


def test_a_row_without_a_source_is_the_deliverys() -> None:
    assert parsed().source == "cd"
    assert parsed(source="registry").source == "registry"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": None}, "version"),
        ({"status": "done"}, "translate it in the mapping's values"),
        ({"finished_at": "2026-10-05T09:00:00"}, "declare the zone"),
        ({"finished_at": "05/10/2026"}, "declare a time format"),
        ({"traffic_percent": "1,234.5"}, "thousands separators"),
        ({"traffic_percent": "120"}, "traffic_percent '120'"),
        ({"is_bot": "perhaps"}, "neither true nor false"),
        ({"service": None}, "neither model nor service"),
        ({"colour": "red"}, "no field 'colour'"),
    ],
)
def test_what_cannot_be_taken_says_why(changes: dict[str, Any], says: str) -> None:
    assert says in reason(**changes)


def test_a_missing_field_says_how_to_fill_it() -> None:
    given = values("deployments")
    del given["version"]
    with pytest.raises(Unfit) as refused:
        Parser("deployments", "cd", None)(given)
    assert refused.value.reason == "version is missing; map a column onto it or give it a constant"


@pytest.mark.parametrize("time", ["2026-03-29T01:30:00", "2026-10-25T01:30:00"])
def test_times_in_the_clock_change_are_refused(time: str) -> None:
    assert "the clocks went" in reason(zone=ZoneInfo("Europe/London"), finished_at=time)


def test_a_declared_zone_reads_times_without_an_offset() -> None:
    fact = parsed(zone=ZoneInfo("Europe/London"), finished_at="2026-07-01T09:00:00")
    assert isinstance(fact, DeploymentFact)
    assert fact.finished_at and fact.finished_at.isoformat() == "2026-07-01T08:00:00+00:00"


def test_a_deletion_needs_no_more_than_the_identity() -> None:
    fact = Parser("deployments", "cd", None)({"external_id": "d1", "deleted": "true"})
    assert type(fact) is Fact
    assert fact.deleted


def test_a_deletion_that_names_no_subject_is_one_by_identity() -> None:
    fact = Parser("incidents", "pd", None)({"external_id": "i1", "title": "Slow", "deleted": True})
    assert type(fact) is Fact


def test_a_whole_fact_may_be_deleted_too() -> None:
    assert type(parsed(deleted="yes")) is DeploymentFact


def test_shapes_are_read_off_the_fact_classes() -> None:
    assert shapes("deployments")["finished_at"] is Shape.INSTANT
    assert shapes("deployments")["traffic_percent"] is Shape.NUMBER
    assert shapes("sli_slices")["seconds"] is Shape.NUMBER
    assert shapes("survey_responses")["answered_on"] is Shape.DAY
    assert shapes("models")["aliases"] is Shape.NAMES
    assert shapes("incidents")["maintenance"] is Shape.TRUTH
    assert required("people") == ("source", "external_id", "name")
