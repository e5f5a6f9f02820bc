"""`/data-health`: can I trust the figures?"""

from flask.testing import FlaskClient

from ops_console.core.clock import now
from ops_console.kpis import CATALOGUE
from ops_console.records.corrections import Correction
from ops_console.web.pages.data_health import feeds
from tests.web.pages.builders import DAY, NOON
from tests.web.pages.conftest import page


def test_before_the_first_import_the_page_says_what_will_stand_there(viewer: FlaskClient) -> None:
    assert "No source has delivered anything yet." in page(viewer, "/data-health")


def test_each_source_says_its_state_and_the_next_step(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.delivered("deployments", source="github", state="done", finished_at=now(), refused=2)
        rows.delivered("incidents", source="pager", state="failed", finished_at=now(), error="The token is rejected.")
        rows.delivered("costs", source="aws", state="done", finished_at=now() - 90 * DAY)
    text = page(viewer, "/data-health")
    assert "1 of 3 feeds work, 1 stale, 1 failed" in text
    assert "The token is rejected" in text
    assert "See refused rows" in text
    assert 'href="/imports/new?kind=incidents&amp;source=pager"' in text
    assert "Not connected yet:" in text


def test_every_source_names_the_kpis_it_feeds() -> None:
    assert CATALOGUE["mttr"].title in feeds("incidents").needed
    assert feeds("costs").words == "1 KPI"
    assert feeds("people").needed == tuple(CATALOGUE[key].title for key in ("toil", "team_health"))


def test_the_matrix_says_in_words_what_each_model_lacks(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.delivered("incidents", state="done", finished_at=now())
        ranker = rows.model(tier=1, owner="Ana", team="Search")
        rows.release(ranker, "1", ready_at=NOON - DAY)
        rows.release(ranker, "2")
        rows.model("retired", lifecycle="retired")
    text = page(viewer, "/data-health")
    assert "known for 1 of 2" in text
    assert "no objective, tier 1 needs one" in text
    assert "none in 91 days, the source works" in text
    assert "nobody on call, no runbook" in text
    assert "retired" not in text


def test_unmapped_names_lead_to_their_page(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("stray", provisional=True)
    text = page(viewer, "/data-health")
    assert "1 name is not mapped." in text and 'href="/data-health/names"' in text


def test_corrections_in_force_are_listed(viewer: FlaskClient, world) -> None:
    with world() as rows:
        about = {"kind": "incidents", "source": "pager", "external_id": "INC-1", "field": "maintenance"}
        rows.session.add(Correction(**about, value=True, original=False, made_by="ana", made_at=NOON, reason="Planned"))
    text = page(viewer, "/data-health")
    assert "INC-1" in text and "Planned" in text and ">yes</td>" in text


def test_statements_do_not_grow_with_models_and_sources(viewer: FlaskClient, world, statements) -> None:
    with world() as rows:
        rows.delivered(state="done")
        rows.model()
    with statements() as few:
        page(viewer, "/data-health")
    with world() as rows:
        for number in range(20):
            rows.delivered(state="done", source=f"s{number}")
            rows.slice(rows.slo(rows.model(f"m{number}")), 1, 1)
    with statements() as many:
        page(viewer, "/data-health")
    assert len(many) == len(few)
