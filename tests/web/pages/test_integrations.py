"""`/integrations` and `/sources`: from reading what a tool brings to watching its backfill, on a GitHub on loopback."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlmodel import col

from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.ingest import inbox, sources
from ops_console.records.deployments import Deployment
from ops_console.scorecard.refresh import refresh
from ops_console.web.console import EXTENSION
from tests.integrations.github.forge import REPOSITORY, SECRET, TOKEN, Forge
from tests.web.api.test_facts import bearer
from tests.web.conftest import office_of, sign_in
from tests.web.pages.conftest import HOUR, page, send
from tests.web.pages.connecting import NEW, form, kept, run, set_up


@pytest.fixture
def app(full_app: Flask) -> Flask:
    return full_app


@pytest.fixture
def manager(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.MANAGER)


def test_an_integration_says_in_three_lines_what_it_brings_needs_and_lights_up(viewer: FlaskClient) -> None:
    text = page(viewer, "/integrations")
    for words in ("Deployments with every status", "Merged pull requests", "Runs of the workflows you name"):
        assert words in text
    assert "Deployments: read" in text and "Model deployments" in text and "gold" in text
    assert "An administrator can set it up." in text and "Set up GitHub" not in text
    assert "Backstage" in text and "Slack" in text


def test_only_an_administrator_sets_up(viewer: FlaskClient, editor: FlaskClient, manager: FlaskClient) -> None:
    for browser in (viewer, editor, manager):
        page(browser, NEW, 403)


def test_a_check_shows_real_figures_and_saves_nothing(admin: FlaskClient, forge: Forge, sqlite: Engine) -> None:
    status, text = send(admin, NEW, NEW, then="check", **form(forge))
    assert status == 200
    assert "Deployments of acme/ranker can be read." in text
    assert "acme/ranker: 15 successful deployments in 2 environments." in text
    assert "Which environments are production?" in text
    assert re.search(r'value="prod-eu" checked> prod-eu, 12 successful deployments', text)
    assert re.search(r'value="staging"> staging, 3 successful deployments', text)
    assert "12 of 15 successful deployments count, with 1 of 2 ticked." in text
    assert "Save and begin" in text and TOKEN not in text
    with reading(sqlite) as session:
        assert sources.every(session) == []


def test_a_tool_that_is_only_told_is_set_up_without_asking_it(admin: FlaskClient, sqlite: Engine) -> None:
    new = "/integrations/alertmanager/new"
    said = {"name": "am", "classes": "P1 page", "secret-webhook_secret": "GITHUB_HOOK", "since": "2026-06-01"}
    wrong = send(admin, new, new, then="save", **said | {"classes": "P1 call"})
    assert wrong[0] == 422 and "names no severity and what it does" in wrong[1]
    assert "Severities with a class: 1." in send(admin, new, new, then="check", **said)[1]
    assert send(admin, new, new, then="save", **said) == (303, "/sources/am")
    assert (kept(sqlite, "am").minutes, kept(sqlite, "am").settings["classes"]) == (0, ["P1 page"])
    text = page(admin, "/sources/am")
    assert "Listening" in text and "/hooks/alertmanager/am" in text
    assert "Sync now" not in text and "Next sync" not in text and "It was not asked yet" not in text
    with reading(sqlite) as session:
        assert sources.due(session, now() + HOUR) == []
    told = page(admin, "/integrations")
    assert "by webhook, within a minute" in told and "each 0 minutes" not in told


def test_a_tool_whose_senders_know_one_address_is_shown_with_that(admin: FlaskClient) -> None:
    new = "/integrations/openlineage/new"
    said = {"name": "lineage", "secret-webhook_secret": "GITHUB_HOOK", "since": "2026-06-01"}
    assert send(admin, new, new, then="save", **said) == (303, "/sources/lineage")
    assert "/api/v1/lineage" in page(admin, "/sources/lineage")


def test_what_is_ticked_is_kept_and_its_effect_shown_by_the_next_check(admin: FlaskClient, forge: Forge) -> None:
    said = form(forge, **{"answer-production": "staging"})
    text = send(admin, NEW, NEW, then="check", **said)[1]
    assert "3 of 15 successful deployments count, with 1 of 2 ticked." in text
    assert re.search(r'value="prod-eu"> prod-eu', text) and re.search(r'value="staging" checked>', text)


def test_saving_sets_the_source_up_and_it_is_due_at_once(admin: FlaskClient, forge: Forge, sqlite: Engine) -> None:
    set_up(admin, forge)
    source = kept(sqlite)
    assert source.settings["production"] == ["prod-eu"]
    assert source.settings["repositories"] == [REPOSITORY]
    assert source.secrets == {"token": "GITHUB_TOKEN", "webhook_secret": ""}
    assert (source.made_by, source.due_at <= now()) == ("admin@example.com", True)
    assert "The next sync begins within a minute" in page(admin, "/sources/github")


@pytest.mark.parametrize(
    ("said", "at", "words"),
    [
        ({"name": "Git Hub"}, "name", "Write small letters"),
        ({"repositories": ""}, "repositories", "Repositories cannot be empty"),
        ({"repositories": "ranker"}, "check", "is no repository"),
        ({"repositories": "acme/gone"}, "check", "does not find the deployments of acme/gone"),
        ({"api_url": "ftp://x"}, "api_url", "Write an address"),
        ({"api_url": "http://me:secret@x"}, "api_url", "Write an address"),
        ({"api_url": "http://10.0.0.7"}, "check", "leads to a private network"),
        ({"secret-token": ""}, "secret-token", "Name the variable"),
        ({"secret-token": "ghp_abcdefgh"}, "secret-token", "names no environment variable"),
        ({"secret-token": "OPS_CONSOLE_SECRET_KEY"}, "secret-token", "a setting of the console itself"),
        ({"secret-token": "/etc/passwd"}, "secret-token", "does not lie in"),
        ({"secret-token": "NOBODYS_TOKEN"}, "check", "NOBODYS_TOKEN is not set"),
        ({"secret-token": "GITHUB_HOOK"}, "check", "does not accept the token"),
        ({"since": "soon"}, "since", "Write the first day"),
        ({"since": "2027-01-01"}, "since", "Choose a day that has been"),
    ],
)
@pytest.mark.parametrize("then", ["check", "save"])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    admin: FlaskClient, forge: Forge, sqlite: Engine, said: dict[str, str], at: str, words: str, then: str
) -> None:
    status, text = send(admin, NEW, NEW, then=then, **form(forge, **said))
    assert status == 422
    assert re.search(rf'href="#{at}">[^<]*{words}', text)
    assert 'value="2026-06-01"' in text or "since" in said
    assert "<title>Error: " in text and SECRET not in text and TOKEN not in text
    with reading(sqlite) as session:
        assert sources.every(session) == []


def test_a_name_is_taken_once(admin: FlaskClient, forge: Forge) -> None:
    set_up(admin, forge)
    assert 'value="github-2"' in page(admin, NEW)
    status, text = send(admin, NEW, NEW, then="save", **form(forge))
    assert status == 422 and "There is a source of that name already." in text


def test_a_backfill_is_watched_and_then_the_source_works(
    admin: FlaskClient, viewer: FlaskClient, forge: Forge, app: Flask
) -> None:
    set_up(admin, forge)
    assert run(app, seconds=-1) == "running"
    text = page(viewer, "/sources/github")
    assert "15 facts so far" in text and "<progress" in text and "First sync" in text
    assert page(viewer, "/data-health").count("First sync") == 2
    assert "First sync" in page(viewer, "/kpis?period=2026-10")
    assert run(app) == "done"
    text = page(viewer, "/sources/github")
    assert "Working" in text and "<progress" not in text
    assert re.search(r"Facts brought</dt><dd>15<", text)
    assert "Working" in page(viewer, "/integrations")
    health = page(viewer, "/data-health")
    assert "Connected tools" in health and "See the source" in health


def test_a_broken_source_says_what_to_do_and_breaks_no_page(
    admin: FlaskClient, viewer: FlaskClient, forge: Forge, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(admin, forge)
    monkeypatch.setenv("GITHUB_TOKEN", "revoked")
    assert run(app) == "rejected"
    for address in ("/sources/github", "/integrations", "/data-health"):
        text = page(viewer, address)
        assert "GitHub does not accept the token. Make a new token" in text, address
        assert "Failed" in text
    for address in ("/", "/kpis", "/deployments", "/imports"):
        page(viewer, address)


def test_other_settings_are_checked_first_and_read_everything_again(
    admin: FlaskClient, forge: Forge, app: Flask
) -> None:
    set_up(admin, forge)
    run(app)
    here = "/sources/github/settings"
    text = page(admin, here)
    assert REPOSITORY in text and 'name="answer-production" value="prod-eu"' in text
    status, text = send(admin, here, here, then="check", **form(forge, **{"answer-production": "staging"}))
    assert status == 200 and "Save and read again" in text
    said = form(forge, **{"answer-production": "staging"})
    assert send(admin, here, here, then="save", **said) == (303, "/sources/github")
    assert run(app) == "done"
    with reading(app.extensions[EXTENSION].engine) as session:
        found = session.connection().exec_driver_sql(
            "SELECT environment, count(*) FROM deployment GROUP BY environment ORDER BY environment"
        )
        assert [tuple(row) for row in found] == [("prod-eu", 12), ("production", 3)]


def test_deliveries_are_listed_and_shown_without_secrets_and_people(
    admin: FlaskClient, editor: FlaskClient, viewer: FlaskClient, visitor: FlaskClient, forge: Forge, app: Flask
) -> None:
    set_up(admin, forge, **{"secret-webhook_secret": "GITHUB_HOOK"})
    said = {"login": "ana-lee", "email": "ana@example.com", "type": "User"}
    sent = forge.deploy(now(), creator=said, payload={"api_token": "t0p", "note": "by bob@example.com ghp_0123456789"})
    answer = visitor.post("/hooks/github/github", data=sent["body"], headers=sent["headers"])
    assert answer.status_code == 202
    inbox.process(office_of(app))
    text = page(viewer, "/sources/github")
    assert "http://127.0.0.1:8000/hooks/github/github" in text and "1 read." in text
    page(viewer, "/sources/github/deliveries/1", 403)
    text = page(editor, "/sources/github/deliveries/1")
    assert "acme/ranker" in text and "prod-eu" in text and "•••" in text
    for hidden in ("ana-lee", "ana@example.com", "t0p", "bob@example.com", "ghp_0123456789"):
        assert hidden not in text
    page(editor, "/sources/github/deliveries/2", 404)


def versions(engine: Engine) -> list[str]:
    with reading(engine) as session:
        told = select(col(Deployment.version)).where(col(Deployment.version).startswith("release-"))
        return sorted(session.scalars(told))


@pytest.fixture
def misread(admin: FlaskClient, visitor: FlaskClient, forge: Forge, app: Flask, sqlite: Engine) -> None:
    """Two deliveries whose version was looked for under the wrong key, which is mended now."""
    set_up(admin, forge, **{"secret-webhook_secret": "GITHUB_HOOK"})
    for number in (1, 2):
        sent = forge.deploy(now(), payload={"label": f"release-{number}"})
        assert visitor.post("/hooks/github/github", data=sent["body"], headers=sent["headers"]).status_code == 202
    inbox.process(office_of(app))
    with transaction(sqlite) as session:
        source = sources.named(session, "github")
        source.settings = {**source.settings, "version_key": "label"}


def test_deliveries_are_read_again_from_the_page_of_their_source(
    misread: None, editor: FlaskClient, viewer: FlaskClient, app: Flask, sqlite: Engine
) -> None:
    here = "/sources/github"
    assert versions(sqlite) == []
    assert "Read them again…" in page(editor, here) and "Read them again…" not in page(viewer, here)
    assert send(editor, here, f"{here}/replay", since="") == (303, f"{here}#inbox")
    assert "2 to be read again." in page(editor, here)
    assert inbox.process(office_of(app)) == 2
    assert versions(sqlite) == ["release-1", "release-2"]
    assert "2 read." in page(editor, here)


def test_a_replay_from_the_page_may_begin_with_a_day_or_mean_one_delivery(
    misread: None, editor: FlaskClient, app: Flask, sqlite: Engine
) -> None:
    here, one = "/sources/github", "/sources/github/deliveries/2"
    status, text = send(editor, here, f"{here}/replay", since="soon")
    assert status == 400 and "is no day" in text
    assert send(editor, here, f"{here}/replay", since="2026-11-05")[0] == 303
    assert inbox.process(office_of(app)) == 0
    assert send(editor, one, f"{one}/replay") == (303, one)
    assert "It is read again within a minute" in page(editor, one)
    assert inbox.process(office_of(app)) == 1
    assert versions(sqlite) == ["release-2"]


def test_a_tool_that_is_only_told_says_when_it_was_heard(
    admin: FlaskClient, viewer: FlaskClient, visitor: FlaskClient
) -> None:
    said = {"name": "am", "secret-webhook_secret": "GITHUB_HOOK", "since": "2026-06-01", "classes": "P1 page"}
    send(admin, "/integrations/alertmanager/new", "/integrations/alertmanager/new", then="save", **said)
    for address in ("/data-health", "/integrations", "/sources/am"):
        assert "nothing yet" in page(viewer, address), address
    sent = visitor.post("/hooks/alertmanager/am", json={}, headers={"Authorization": f"Bearer {SECRET}"})
    assert sent.status_code == 202
    for address in ("/data-health", "/integrations", "/sources/am"):
        text = page(viewer, address)
        assert "nothing yet" not in text and "4 Nov 2026 09:00" in text, address


def test_one_silent_source_among_others_turns_its_kpis_stale_everywhere(
    admin: FlaskClient, viewer: FlaskClient, visitor: FlaskClient, forge: Forge, app: Flask, sqlite: Engine
) -> None:
    for name in ("github", "forge"):
        said = form(forge, name=name, **{"answer-production": "prod-eu"})
        assert send(admin, NEW, NEW, then="save", **said)[0] == 303
        run(app, name=name)
    refresh(sqlite, now())
    heard = "github: Nothing was heard since 4 Nov 2026, 08:00 UTC."
    addresses = ("/?period=2026-11", "/kpis/model_deployments?period=2026-11", "/kpis?period=2026-11")
    assert all(heard not in page(viewer, address) for address in addresses)
    with transaction(sqlite) as session:
        silent = sources.named(session, "github")
        silent.last_good_at = silent.covers_until = datetime(2026, 11, 4, 8, tzinfo=UTC)
    for address in addresses:
        assert heard in page(viewer, address), address
    asked = "/api/v1/kpis/model_deployments/readings?period=2026-11"
    told = visitor.get(asked, headers=bearer(sqlite, "kpis:read")).json["reading"]
    assert (told["data_state"], told["as_of"]) == ("stale", "2026-11-04T08:00:00Z")
    assert "Nothing was heard since 4 Nov 2026 08:00" in page(viewer, "/data-health")
    assert "as of 4 Nov" in page(viewer, "/reports/monthly_operations/preview?period=2026-11")


def test_removing_asks_for_the_name_and_leaves_the_facts(admin: FlaskClient, forge: Forge, app: Flask) -> None:
    set_up(admin, forge)
    run(app)
    here = "/sources/github"
    assert send(admin, here, f"{here}/remove", name="other")[0] == 400
    assert send(admin, here, f"{here}/remove", name="github") == (303, "/integrations")
    page(admin, here, 404)
    assert "prod" in page(admin, "/deployments?period=all")


def test_a_source_whose_integration_is_gone_still_has_a_page(admin: FlaskClient, forge: Forge, sqlite: Engine) -> None:
    set_up(admin, forge)
    with transaction(sqlite) as session:
        sources.named(session, "github").integration = "gone"
    assert "This integration is not installed any more." in page(admin, "/sources/github")
    page(admin, "/data-health")


def test_setting_up_a_console_leads_to_the_tools_that_bring_a_kind_of_fact(viewer: FlaskClient) -> None:
    text = page(viewer, "/setup")
    assert text.count('/integrations#github">GitHub</a>') == 2  # deployments and changes; runs of pipelines are no step


def test_the_help_tells_what_each_state_of_a_source_means(viewer: FlaskClient) -> None:
    text = page(viewer, "/help")
    assert all(
        f"<dt>{word}</dt>" in text for word in ("First sync", "Working", "Waiting", "Stale", "Failed", "Listening")
    )
