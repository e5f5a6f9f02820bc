"""Lists come in pages that hide and repeat nothing, and answers say whether they changed."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.kpis import CATALOGUE
from ops_console.scorecard.refresh import refresh
from tests.web.api.conftest import Ask
from tests.web.api.test_kpis import pages
from tests.web.company import NOW

RECORDS = "/api/v1/kpis/model_deployments/records?period=2026-10"


def deploy(engine: Engine, number: int, days_ago: float) -> None:
    row = {
        "external_id": f"more-{number}",
        "model": "ranker",
        "version": f"more-{number}",
        "environment": "production",
        "status": "succeeded",
        "finished_at": (NOW - timedelta(days=days_ago)).isoformat(),
    }
    import_rows(engine, [row], Delivery(kind="deployments", source="test", covers_until=NOW))
    refresh(engine, NOW)


@pytest.mark.parametrize("limit", [1, 5, 12, 13])
def test_the_pages_are_the_list(ask: Ask, limit: int) -> None:
    paged = list(pages(ask, f"{RECORDS}&limit={limit}"))
    rows = [row for page in paged for row in page["rows"]]
    assert rows == ask(RECORDS).json["rows"] and len(rows) == 12
    assert all(len(page["rows"]) <= limit and page["rows"] for page in paged)


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_kpi_lists_the_rows_behind_its_number(ask: Ask, key: str) -> None:
    (whole,) = pages(ask, f"/api/v1/kpis/{key}/records?period=2026-10&limit=500")
    paged = [row for page in pages(ask, f"/api/v1/kpis/{key}/records?period=2026-10&limit=7") for row in page["rows"]]
    assert paged == whole["rows"] and len(paged) == whole["total"]


def test_rows_that_arrive_meanwhile_hide_and_repeat_none(ask: Ask, company: Engine) -> None:
    before = [row["id"] for row in ask(RECORDS).json["rows"]]
    seen = []
    for number, page in enumerate(pages(ask, f"{RECORDS}&limit=4")):
        seen += [row["id"] for row in page["rows"]]
        deploy(company, number, days_ago=6)
        deploy(company, number + 100, days_ago=33)
    assert [each for each in seen if each in before] == before and len(set(seen)) == len(seen)


def broke(engine: Engine, *days: str) -> None:
    rows = [
        {
            "external_id": day,
            "title": "Slow",
            "model": "fraud",
            "impact_started_at": f"{day}T10:00:00Z",
            "restored_at": f"{day}T11:00:00Z",
        }
        for day in days
    ]
    import_rows(engine, rows, Delivery(kind="incidents", source="test", covers_until=NOW))
    refresh(engine, NOW)


def test_a_list_keeps_the_window_it_began_with(ask: Ask, company: Engine) -> None:
    """MTTR widens its window while cases are few; cases that arrive would cut off the rest of the list."""
    path = "/api/v1/kpis/mttr/records?period=2026-03&scope=model:fraud&limit=2"
    old = ["2025-11-10", "2025-11-11", "2025-11-12"]
    broke(company, *old, "2026-03-10", "2026-03-11")
    first = ask(path).json
    broke(company, *(f"2026-03-{day}" for day in range(20, 25)))

    assert ask(path).json["window_start"] > first["window_start"]
    rest = list(pages(ask, first["next"]))
    assert [row["anchor"][:10] for page in rest for row in page["rows"]] == old[::-1]
    assert {page["window_start"] for page in rest} == {first["window_start"]}


def test_the_rest_of_a_list_stands_in_body_and_header(ask: Ask) -> None:
    answer = ask("/api/v1/kpis/mttr/records?scope=tier:1&limit=2")
    following = answer.json["next"]
    assert answer.headers["Link"] == f'<{following}>; rel="next"'
    assert all(part in following for part in ("limit=2", "scope=tier%3A1", "period=2026-10"))
    last = ask(RECORDS)
    assert last.json["next"] is None and "Link" not in last.headers


def cursor_of(ask: Ask) -> str:
    following: str = ask(f"{RECORDS}&limit=2").json["next"]
    return following.split("cursor=")[1]


@pytest.mark.parametrize(
    "other",
    [
        "model_deployments/records?period=2026-09",
        "model_deployments/records?period=2026-10&scope=tier:1",
        "model_deployments/records?period=2026-10&window=period",
        "model_deployments/readings?period=2026-10",
        "mttr/records?period=2026-10",
    ],
)
def test_a_cursor_of_one_list_does_not_fit_another(ask: Ask, other: str) -> None:
    cursor = cursor_of(ask)
    assert ask(f"{RECORDS}&cursor={cursor}").status_code == 200
    answer = ask(f"/api/v1/kpis/{other}&cursor={cursor}")
    assert answer.status_code == 400 and "belongs to another list" in answer.json["detail"]


@pytest.mark.parametrize("place", [0, 5, -2])
def test_a_damaged_cursor_is_said_to_be_damaged(ask: Ask, place: int) -> None:
    cursor = list(cursor_of(ask))
    cursor[place] = "A" if cursor[place] != "A" else "B"
    answer = ask(f"{RECORDS}&cursor={''.join(cursor)}")
    assert answer.status_code == 400 and "begin again without a cursor" in answer.json["detail"]


READ = [RECORDS, "/api/v1/kpis?period=2026-10", "/api/v1/kpis/mttr/readings?limit=3", "/api/v1/openapi.json"]


@pytest.mark.parametrize("path", [*READ, "/api/v1/kpis?period=2026-11", "/api/v1/kpis/mttr/records?period=2026-W45"])
def test_an_unchanged_answer_is_not_sent_again(ask: Ask, path: str) -> None:
    first = ask(path)
    assert first.headers["Cache-Control"] == "private, no-cache" and first.headers["ETag"].startswith('W/"')
    again = ask(path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert ask(path, If_None_Match='W/"other", "more"').status_code == 200


def test_a_changed_answer_is_sent_and_no_other(ask: Ask, company: Engine) -> None:
    tags = {path: ask(path).headers["ETag"] for path in READ}
    deploy(company, 1, days_ago=6)
    statuses = {path: ask(path, If_None_Match=tag).status_code for path, tag in tags.items()}
    assert statuses == {READ[0]: 200, READ[1]: 200, READ[2]: 304, READ[3]: 304}


def test_every_figure_has_a_tag_of_its_own(ask: Ask) -> None:
    tags = [ask(f"/api/v1/kpis?period={period}").headers["ETag"] for period in ("2026-10", "2026-09", "2026-11")]
    assert len(set(tags)) == 3


def test_an_error_has_no_tag(ask: Ask, caller: FlaskClient) -> None:
    assert "ETag" not in ask("/api/v1/kpis?period=soon").headers
    assert "ETag" not in caller.get("/api/v1/kpis").headers
