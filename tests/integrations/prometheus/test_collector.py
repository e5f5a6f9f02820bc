"""Asking Prometheus: every hour is asked for once, and every refusal says what to do."""

import json
from typing import Any

import pytest
import time_machine
from werkzeug import Response

from integrations.prometheus import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.ingest.parse import Parser
from tests.integrations.collectors import RefusalContract, until_trouble
from tests.integrations.prometheus.asked import DAY, HOUR, OWN, facts, pages, slices, slices_of, steady
from tests.integrations.prometheus.conftest import NOW
from tests.integrations.prometheus.watchtower import BEGAN, TOKEN, Watchtower, ratio


def answered(status: int, error: str = "", kind: str = "execution", **headers: str) -> Response:
    said = {"status": "error", "errorType": kind, "error": error}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(said), status, headers=named, content_type="application/json")


class TestTheContract(RefusalContract):
    collector, secret = collector, TOKEN
    refusals = (
        (Response("Unauthorized", 401), "does not accept who is asking", "Name the token"),
        (answered(403, "no org id"), r"does not let us read the rules \(no org id\)", "see the rules"),
        (Response("404 page not found", 404), "does not know the rules", "https://HOST/prometheus"),
        (answered(400, "bad thing", "bad_data"), r"answers 400 when asked for the rules \(bad thing\)", "address"),
        (Response("<html>moved</html>", 418), "answers 418", "address"),
    )
    waits = (
        (answered(429, "slow down", Retry_After="600"), 600),
        (answered(429, "slow down"), 60),
        (answered(503), None),
        (answered(502), None),
        (Response("<html>maintenance</html>", 200), None),
        (Response('{"status":"success","data":{"gro', 200), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, tower: Watchtower) -> None:
        self.vendor = tower

    def happen(self, count: int) -> None:
        for number in range(count):
            self.vendor.serve(f"ranker-{number}", steady)


def test_objectives_and_their_hours_come_in_full(tower: Watchtower) -> None:
    tower.serve("ranker", steady, model="ranker-v2")
    found = facts(pages(tower))
    assert dict(found["ranker-requests"].values) == {
        "external_id": "ranker-requests",
        "name": "ranker-requests",
        "model": "ranker-v2",
        "objective_percent": "99.9",
        "window": "30d",
        "sli": ratio("ranker"),
        "budgeting": "occurrences",
    }
    assert len(found) == 1 + 34 * 24 + 12
    assert dict(found["ranker-requests/2026-10-01T00:00:00Z"].values) == {
        "external_id": "ranker-requests/2026-10-01T00:00:00Z",
        "slo": "ranker-requests",
        "started_at": "2026-10-01T00:00:00Z",
        "seconds": 3600,
        "good": "997.5",
        "total": "1000",
        "covered_seconds": "3600",
    }
    for told in found.values():
        assert Parser(told.kind, "prometheus", None)(dict(told.values)).external_id


def test_a_backfill_stays_far_within_the_limit_of_points(tower: Watchtower) -> None:
    tower.retention, tower.days = "3y", 1000
    tower.serve("ranker", steady)
    found = slices(pages(tower, since=NOW - 500 * DAY))
    assert all((end - begin) / HOUR < 11_000 for begin, end in tower.spans())
    assert max((end - begin) / HOUR for begin, end in tower.spans()) == 719
    assert found


def test_a_month_without_anything_does_not_end_a_backfill(tower: Watchtower) -> None:
    silent = (BEGAN + 31 * DAY, BEGAN + 62 * DAY)
    tower.serve("ranker", lambda at: None if silent[0] <= at < silent[1] else steady(at))
    tower.retention, tower.days = "900d", 900
    with time_machine.travel(BEGAN + 90 * DAY, tick=False):
        found = slices(pages(tower))
    assert len(found) == (90 - 31) * 24 - 1


def test_nothing_new_costs_a_few_hours_of_overlap(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    cursor = pages(tower)[-1].cursor
    tower.asked.clear()
    again = slices(pages(tower, cursor))
    assert sorted(again) == [f"2026-11-04T{hour:02}:00:00Z" for hour in (9, 10, 11)]
    assert [path for path, _ in tower.asked] == ["rules", "status/runtimeinfo", *["query_range"] * 3]


def test_from_any_page_on_the_rest_is_found(tower: Watchtower) -> None:
    tower.retention, tower.days = "900d", 900
    for name in ("ranker", "embed", "fraud"):
        tower.serve(name, steady)
    since = BEGAN - 100 * DAY
    whole = pages(tower, since=since)
    everything = facts(whole)
    assert len(whole) == 1 + 3 * 5
    for stop in range(1, len(whole) + 1):
        tower.asked.clear()
        rest = pages(tower, whole[stop - 1].cursor, since=since)
        assert facts(whole[:stop]) | facts(rest) == everything
        hours = sum((end - begin) / HOUR + 1 for begin, end in tower.spans()) / 3
        assert hours <= len(everything) - len(slices_of(whole[:stop])) + 3 * 3


def test_a_backfill_tells_how_far_it_has_come(tower: Watchtower) -> None:
    for name in ("ranker", "embed"):
        tower.serve(name, steady)
    told = [(page.done, page.total) for page in pages(tower)]
    assert told == sorted(told)
    assert told[0] == (0, 2 * 34) and told[-1][0] == 2 * 34


def test_an_objective_that_appears_later_is_read_from_the_beginning(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    cursor = pages(tower)[-1].cursor
    tower.serve("embed", steady)
    found = facts(pages(tower, cursor))
    assert len([key for key in found if key.startswith("embed-requests/")]) == 828


def test_an_objective_that_is_gone_keeps_its_past(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.serve("embed", steady)
    cursor = pages(tower)[-1].cursor
    tower.rules.pop()
    assert {told.values.get("slo", "ranker-requests") for told in facts(pages(tower, cursor)).values()} == {
        "ranker-requests"
    }


def test_only_what_was_ticked_counts_and_ones_own_always_does(tower: Watchtower) -> None:
    for name in ("ranker", "embed"):
        tower.serve(name, steady)
    found = facts(pages(tower, slos=[OWN], objectives=["embed-requests"]))
    assert {key for key, told in found.items() if told.kind == "slos"} == {"ranker-up", "embed-requests"}


def test_an_objective_of_ones_own_needs_no_rules(tower: Watchtower) -> None:
    tower.record(ratio("ranker"), steady)
    found = facts(pages(tower, slos=[OWN]))
    assert len(found) == 829
    assert (found["ranker-up"].values["model"], found["ranker-up"].values["objective_percent"]) == ("ranker", "99.9")


def test_a_server_that_answers_less_at_once_is_asked_for_less(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.widest = 100
    found = pages(tower)
    assert len(slices(found)) == 828
    assert max((end - begin) / HOUR + 1 for begin, end in tower.spans()[-9:]) <= 180


def test_an_expression_no_server_can_answer_keeps_nobody_from_reading_the_others(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    broken = "broken embed 99 sum(rate(a[5m])) / sum(rate(b[5m]))"
    tower.troubles = [None, None, *[answered(422, "found duplicate series")] * 10]
    found, trouble = until_trouble(collector.pull(tower.setup(slos=[broken]), {}, BEGAN))
    assert isinstance(trouble, Rejected)
    assert "cannot answer for the bad events of broken (found duplicate series)" in str(trouble)
    assert len(slices(found)) == 828


def test_a_server_that_takes_too_long_is_asked_for_less_next_time(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.troubles = [None, None, *[answered(503, "query timed out", "timeout")] * 4]
    found, trouble = until_trouble(collector.pull(tower.setup(), {}, BEGAN))
    assert isinstance(trouble, Unavailable)
    assert found[-1].cursor["hours"] == 360
    tower.asked.clear()
    assert len(slices(pages(tower, found[-1].cursor))) == 828
    assert (tower.spans()[0][1] - tower.spans()[0][0]) / HOUR == 359


def test_a_wish_to_wait_in_the_middle_asks_for_no_less_next_time(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.troubles = [None, None, answered(429, "slow down", Retry_After="600")]
    found, trouble = until_trouble(collector.pull(tower.setup(), {}, BEGAN))
    assert isinstance(trouble, Unavailable)
    assert found[-1].cursor["hours"] == 720


def test_of_an_answer_that_is_not_whole_nothing_is_kept(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.warnings = ["fetch series for {store=gw-1}: no such host"]
    with pytest.raises(Unavailable, match="is not whole: fetch series for"):
        pages(tower)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "success"},
        {"status": "success", "data": ["odd"]},
        {"status": "success", "isPartial": True, "data": {"resultType": "matrix", "result": []}},
        {"status": "success", "data": {"resultType": "matrix", "result": ["odd"]}},
        {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "odd"]]}]}},
        {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [7]}]}},
    ],
)
def test_an_answer_that_cannot_be_trusted_is_none(tower: Watchtower, answer: Any) -> None:
    tower.serve("ranker", steady)
    tower.troubles = [None, None, Response(json.dumps(answer), content_type="application/json")]
    with pytest.raises(Unavailable):
        pages(tower)


def test_advice_on_a_query_does_not_make_its_answer_partial(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.warnings = ["PromQL warning: encountered a mix of histograms and floats"]
    assert len(slices(pages(tower))) == 828


def test_partial_answers_are_declined_and_copies_told_apart(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    pages(tower)
    path, said = tower.asked[-1]
    assert path == "query_range"
    assert (said["partial_response"], said["dedup"], said["replicaLabels[]"]) == ("false", "true", "prometheus_replica")
