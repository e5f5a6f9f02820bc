"""`/models/<slug>`: one model in tabs, with everything that happened to it on one axis."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.ingest.resolve import RESERVED
from ops_console.records.catalog import Alias
from ops_console.records.criteria import Criterion, Proof
from ops_console.records.evaluations import Evaluation
from ops_console.records.pipelines import Gate
from ops_console.web.pages.model import TABS
from tests.ingest.deliveries import deliver
from tests.web.pages.builders import DAY, HOUR, NOON
from tests.web.pages.conftest import page, send


def test_the_tabs_are_links_that_keep_the_period(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model()
    text = page(viewer, "/models/ranker?period=2026-09&tab=cost")
    assert 'href="/models/ranker?period=2026-09&amp;tab=governance"' in text
    assert 'href="/models/ranker?period=2026-09"' in text
    assert '<a href="/models/ranker?period=2026-09&amp;tab=cost" aria-current="page">Cost</a>' in text


@pytest.mark.parametrize("tab", TABS)
def test_an_empty_model_says_in_each_tab_what_would_stand_there(viewer: FlaskClient, world, tab: str) -> None:
    with world() as rows:
        rows.model()
    text = page(viewer, f"/models/ranker?tab={tab}")
    assert 'class="empty"' in text or tab == "dependencies"
    assert "None" not in text


def test_a_tab_nobody_knows_and_a_model_nobody_knows_are_not_found(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model()
    assert "A model has no tab" in page(viewer, "/models/ranker?tab=weather", 404)
    assert "There is no model" in page(viewer, "/models/nothing", 404)


def test_the_head_says_who_answers_and_what_is_live(viewer: FlaskClient, world) -> None:
    with world() as rows:
        answers = {"owner": "Ana Lee", "on_call": "search-oc", "escalation": "then Bo"}
        rows.release(rows.model(tier=1, team="Search", lifecycle="production", **answers), "4.12")
    text = page(viewer, "/models/ranker?tab=cost")
    assert "Tier 1 · Team Search · owner Ana Lee · on call search-oc" in text
    assert ">4.12</a> in production since 14 Oct 2026 · escalation: then Bo" in text


@pytest.mark.parametrize("tab", ["health", "deployments", "incidents"])
def test_one_axis_holds_releases_incidents_drift_and_trainings(viewer: FlaskClient, world, tab: str) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.release(ranker, "4.12")
        rows.release(ranker, "4.11", NOON + HOUR, kind="rollback")
        rows.incident(ranker, NOON + HOUR, title="Slow")
        rows.degradation(ranker, NOON + DAY)
        rows.run(ranker, NOON + DAY)
    text = page(viewer, f"/models/ranker?tab={tab}")
    assert '<svg viewBox="0 0 960 228"' in text
    assert "<title>release 4.12, 14 Oct 2026 12:00 UTC</title>" in text
    assert "<title>SEV2 Slow, 14 Oct 2026 13:00 UTC, restored after 1 h</title>" in text
    assert "<title>Data drift, detected 15 Oct 2026 12:00 UTC, mitigated after 1 day</title>" in text
    assert "<title>training succeeded, 15 Oct 2026 12:00 UTC</title>" in text


def test_unknown_drift_is_said_and_not_drawn_as_none(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.release(rows.model())
    text = page(viewer, "/models/ranker")
    assert "No drift and no training is known in these days." in text and ">Drift</text>" not in text


def test_health_tells_the_model_at_a_glance(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(primary_metric="NDCG@10", rollback_tested_on=date(2026, 9, 12))
        rows.release(ranker, "4.12")
        rows.slice(rows.slo(ranker, "availability"), 9_985, 10_000)
        rows.slo(ranker, "latency")
        rows.degradation(ranker, NOON + DAY, episode_ends_at=None)
        rows.run(ranker, NOON)
        rows.cost(ranker, date(2026, 9, 3), "1200")
        rows.cost(ranker, date(2026, 10, 3), "1500")
        for metric, value, regressed in (("NDCG@10", "0.412", False), ("p99 latency", "80", True)):
            rows.session.add(_evaluated(ranker.id, metric, value, regressed))
        for number in range(4):
            rows.session.add(_gate(ranker.id, number))
    text = page(viewer, "/models/ranker?period=2026-10")
    assert "availability 99.85% of 99.9%, 150% of its budget used" in text and "Missed" in text
    assert "Data drift</span> since 15 Oct 2026" in text
    assert "0.412 against 0.409, 0 of 1 guardrails hold" in text
    assert "75%, 3 of 4 runs" in text
    assert "$1,500 in Oct 2026, +$300" in text
    assert "14 Oct 2026" in text and "12 Sep 2026" in text
    assert "nothing is required" in text
    assert text.count("No data") == 1


def _evaluated(entry_id: int | None, metric: str, value: str, regressed: bool) -> Evaluation:
    return Evaluation(
        source="test",
        external_id=metric,
        ingested_at=NOON,
        fingerprint="",
        entry_id=entry_id,
        version="4.12",
        metric=metric,
        value=Decimal(value),
        baseline=Decimal("0.409"),
        guardrail=metric != "NDCG@10",
        evaluated_at=NOON,
        regressed=regressed,
    )


def _gate(entry_id: int | None, number: int) -> Gate:
    counts = {"checks": 1, "failed": 0, "errored": 0, "with_ticket": 0}
    return Gate(source="t", run=str(number), entry_id=entry_id, ended_at=NOON, passed=number != 0, **counts)


def test_deployments_list_releases_and_trainings(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.release(ranker, "4.12")
        rows.run(ranker, NOON, pipeline="nightly-train", status="failed", trigger="manual")
    text = page(viewer, "/models/ranker?tab=deployments")
    assert ">4.12</a>" in text and "nightly-train" in text and "Failed" in text and "manual" in text


def test_incidents_list_degradations_beside(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.incident(ranker, title="Slow")
        rows.degradation(ranker, signal="performance", mitigation="rules_fallback")
        rows.degradation(ranker, NOON + DAY, signal="quality", episode_ends_at=None)
    text = page(viewer, "/models/ranker?tab=incidents")
    assert ">Slow</a>" in text and "rules fallback" in text
    assert text.index("Quality</th>") < text.index("Performance</th>") and "still open" in text


def test_cost_stands_by_month_newest_first(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.cost(ranker, date(2026, 9, 3), "1200.4")
        rows.cost(ranker, date(2026, 11, 3), "1500")
    text = page(viewer, "/models/ranker?tab=cost")
    assert text.index("$1,500") < text.index("$1,200")
    assert text.count("so far") == 1


def test_governance_shows_each_criterion_with_its_evidence_and_since_when(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(owner="Ana Lee", runbook_url="https://runbooks.example/")
        for key, proof in (("owner", "owner"), ("slo", "slo")):
            always = {"from_at": EPOCH, "set_by": "default", "set_at": EPOCH}
            rows.session.add(Criterion(key=key, title=f"Has {key}", proof=proof, **always))
        rows.session.add(Proof(entry_id=ranker.id, what="owner", valid_from=NOON, valid_to=FOREVER))
    text = page(viewer, "/models/ranker?tab=governance")
    assert "1 of 2 required criteria are met." in text
    assert "14 Oct 2026" in text and "Ana Lee" in text
    assert "never met" in text and "It has a service level objective: nothing shows it" in text
    assert 'href="https://runbooks.example/"' in text
    assert "as they were first told" in text


def test_governance_tells_how_tier_and_owner_changed_and_who_said_so(viewer: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"tier": 2, "updated_at": "2026-01-05T00:00:00Z"}, source="catalog")
    deliver(sqlite, "models", {"tier": 1, "updated_at": "2026-03-03T00:00:00Z"}, source="catalog")
    text = page(viewer, "/models/ranker?tab=governance")
    assert "Tier 2 until 3 Mar 2026, then 1, set by catalog" in text


def test_dependencies_lead_both_ways_and_name_the_aliases(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(depends_on=["query-embed", "resource:store"], service="search")
        rows.model("query-embed", tier=1)
        rows.model("frontend", depends_on=["svc-ranker"])
        rows.session.add(Alias(name="svc-ranker", entry_id=ranker.id, made_at=NOON))
    text = page(viewer, "/models/ranker?tab=dependencies")
    assert 'href="/models/query-embed?tab=dependencies"' in text and 'href="/models/frontend?tab=dependencies"' in text
    assert "resource:store" in text and "not in the catalog" in text
    assert "<code>svc-ranker</code>" in text


def test_gaps_are_named_where_they_can_be_filled(editor: FlaskClient, viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("bare", monitors=["drift"], rollback_tested_on=date(2026, 10, 1))
        full = {"owner": "Ana", "team": "Search", "tier": 1, "on_call": "oc", "runbook_url": "https://r.example/"}
        rows.model("full", **full, monitors=["drift"], rollback_tested_on=date(2026, 10, 1))
    text = page(editor, "/models/bare")
    assert "no owner, nobody on call, no runbook, no tier, no team" in text
    assert 'href="/models/bare/edit"' in text
    assert "/edit" not in page(viewer, "/models/bare")
    assert "Ownership gaps" not in page(editor, "/models/full")


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_takes_the_same_statements_however_much_happened(
    viewer: FlaskClient, world, statements, tab: str
) -> None:
    address = f"/models/ranker?tab={tab}"
    with world() as rows:
        ranker = rows.model()
        rows.link(rows.incident(ranker), rows.release(ranker))
        rows.run(ranker)
        rows.degradation(ranker)
    with statements() as few:
        page(viewer, address)
    with world() as rows:
        for number in range(20):
            at = NOON + number * HOUR
            rows.link(rows.incident(ranker, at), rows.release(ranker, f"{number}"))
            rows.run(ranker, at)
            rows.degradation(ranker, at)
    with statements() as many:
        page(viewer, address)
    assert len(many) == len(few)


GIVEN = {"tier": "1", "owner": "Cy", "monitors": ["drift", "service"], "rollback_tested_on": "2026-10-01"}


def edited(editor: FlaskClient, **fields: object) -> tuple[int, str]:
    return send(editor, "/models/ranker/edit", "/models/ranker/edit", **{"reason": "she moved"} | fields)


def test_an_edit_is_kept_with_its_reason_and_withdrawn(editor: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"owner": "Bo", "tier": 2, "team": "Search"})
    assert edited(editor, **GIVEN, team="Search") == (303, "/models/ranker?tab=governance")
    text = page(editor, "/models/ranker?tab=governance")
    assert "Tier 1 · Team Search · owner Cy" in text
    assert "Owner Bo until 4 Nov 2026, then Cy, set by editor@example.com: she moved" in text
    assert "drift, service" in text and "Withdraw<" in text
    form = "/models/ranker?tab=governance"
    assert send(editor, form, "/models/ranker/withdraw", field="owner")[0] == 303
    assert "owner Bo" in page(editor, form)


def test_the_form_opens_with_what_is_known_and_what_is_asked_for(editor: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"owner": "Bo", "paved_road": "CI workflow; own thing", "depends_on": "a; b"})
    text = page(editor, "/models/ranker/edit")
    assert 'value="Bo"' in text and 'value="a; b"' in text
    assert 'value="CI workflow" checked' in text and 'value="own thing" checked' in text
    assert 'value="scaffold">' in text


def test_an_edit_that_says_nothing_or_gives_no_reason_is_sent_back(editor: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"owner": "Bo"})
    status, text = edited(editor, owner="Bo")
    assert status == 422 and "Nothing is different from what is known." in text
    status, text = edited(editor, owner="Cy", reason=" ")
    assert status == 422 and "Say why" in text and 'value="Cy"' in text


def test_nonsense_is_told_at_its_field_and_kept_in_the_form(editor: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"owner": "Bo"})
    status, text = edited(editor, owner="Cy", rollback_tested_on="soon")
    assert status == 422 and 'id="rollback_tested_on-error"' in text and 'value="Cy"' in text


def test_a_viewer_edits_nothing(viewer: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"owner": "Bo"})
    page(viewer, "/models/ranker/edit", 403)


def test_no_page_stands_where_a_model_of_that_name_would(app: Flask) -> None:
    pages = {
        rule.rule.removeprefix("/models/") for rule in app.url_map.iter_rules() if rule.rule.startswith("/models/")
    }
    words = {word for word in pages if not set(word) & set("/<")}
    assert words == RESERVED


def test_a_model_named_like_a_page_is_reached(viewer: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "deployments", {"service": "Gaps"})
    deliver(sqlite, "incidents", {"service": "gaps", "title": "Out of stock"})
    text = page(viewer, "/models/gaps_")
    assert "Gaps</h1>" in text
    assert "/models/gaps_" in page(viewer, "/models")
    assert "Gaps</h1>" not in page(viewer, "/models/gaps")
