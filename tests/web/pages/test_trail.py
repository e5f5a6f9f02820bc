"""Every form that changes a record leaves its entry in the trail of decisions, in the transaction that changes it."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Row, event, select, text

import integrations
import reports
from ops_console import factory
from ops_console.accounts.roles import Role
from ops_console.contracts.parts import assemble
from ops_console.core.db import reading, transaction
from ops_console.core.settings import settings
from ops_console.records import audit
from ops_console.records.audit import AuditEntry
from ops_console.records.trackers import ActionLink
from ops_console.web import upload_shelf
from ops_console.web.console import EXTENSION
from tests.web.conftest import sign_in
from tests.web.pages.conftest import page, send
from tests.web.pages.test_actions import USUAL
from tests.web.pages.test_imports import FOREIGN, MAPPED

WITHOUT = {
    "sign_in.take": "signing in changes nothing of the workspace; the log has it",
    "sign_in.use_link": "signing in changes nothing of the workspace; the log has it",
    "sign_in.sign_out": "signing out changes nothing of the workspace",
    "account.sign_out_others": "signing out changes nothing of the workspace",
    "account.preferences": "a cookie of one browser",
    "views.first": "which page one person sees first",
    "unsubscribe.stop": "whoever holds the mail may press it, so nobody can be named",
    "hooks.take": "a machine delivers facts; the inbox keeps each",
    "addressed.openlineage": "a machine delivers facts; the inbox keeps each",
    "chat.take": "what people say in chat passes the practices that the forms pass",
    "api_facts.facts": "a machine delivers facts; the list of imports has each batch",
    "sources.ask": "it hastens what the timetable does anyway; the list of runs has it",
    "sources.replay": "it reads again what the inbox keeps; facts that change so are told as the source's",
    "sources.replay_one": "it reads again what the inbox keeps; facts that change so are told as the source's",
    "reports.test": "one mail to whoever asked for it; nothing is kept",
    "reports.send": "walked in test_reports, where something can be sent",
    "uploads.take": "the file waits on a shelf; nothing is taken yet",
    "uploads.drop": "the file waits on a shelf; nothing was taken yet",
}
"""What leaves no entry, and why."""
WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
PERSON = "admin@example.com"


@dataclass
class Watched:
    """What each transaction wrote, in the order in which they were committed."""

    open: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    committed: list[set[str]] = field(default_factory=list)


@contextmanager
def watched(engine: Engine) -> Iterator[Watched]:
    seen = Watched()

    def note(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        if found := WRITES.search(statement):
            seen.open[id(connection)].add(found[2])

    def commit(connection: Any) -> None:
        seen.committed.append(seen.open.pop(id(connection), set()))

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", commit)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", commit)


class Walker:
    """Posts forms as one person and remembers which of them left what."""

    def __init__(self, app: Flask, browser: FlaskClient) -> None:
        self.app, self.browser = app, browser
        self.engine: Engine = app.extensions[EXTENSION].engine
        self.left: dict[str, list[AuditEntry]] = {}

    def post(self, form_on: str, to: str, browser: FlaskClient | None = None, **fields: object) -> str:
        before = self._newest()
        with watched(self.engine) as seen:
            status, answer = send(browser or self.browser, form_on, to, **fields)
        said = re.findall(r'<a href="#[^"]+">([^<]{12,})</a>', answer.partition("error-summary")[2][:600])
        assert status < 400, f"{to} answers {status}: {said}"
        endpoint, _ = self.app.url_map.bind("localhost").match(to.partition("?")[0], method="POST")
        with reading(self.engine) as session:
            found = list(session.scalars(select(AuditEntry).where(AuditEntry.id > before)))  # type: ignore[arg-type, operator]
        assert found or endpoint in WITHOUT, f"{endpoint} leaves nothing in the trail"
        for wrote in seen.committed:
            assert wrote != {"audit_entry"}, f"{endpoint} writes its entry apart from what it changes"
        self.left.setdefault(endpoint, []).extend(found)
        return answer

    def one(self, statement: str) -> Row[Any]:
        with reading(self.engine) as session:
            return session.execute(text(statement)).one()

    def _newest(self) -> int:
        return int(self.one("SELECT coalesce(max(id), 0) FROM audit_entry")[0])


@pytest.fixture
def sqlite(company_database: Engine) -> Engine:
    return company_database


@pytest.fixture
def app(sqlite: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    monkeypatch.setattr(upload_shelf.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("HOOK", "whsec-c2VjcmV0c2VjcmV0c2VjcmV0")
    settings.cache_clear()
    made = factory.create_app(assemble(integrations, reports), database_url=str(sqlite.url))
    yield made
    made.extensions[EXTENSION].engine.dispose()
    settings.cache_clear()


@pytest.fixture
def walk(app: Flask, admin: FlaskClient) -> Walker:
    return Walker(app, admin)


def account(walk: Walker) -> None:
    walk.post("/account/password", "/account/password", password="a long enough pass phrase")
    walk.post("/account", "/account/tokens", name="CI", scope="facts:write", days="30")
    walk.post("/account", "/account/tokens/1/revoke")
    walk.post("/account", "/views", name="Mine", address="/kpis?period=2026-10", shared="on")
    walk.post("/views", "/views/1", name="Ours", shared="on")
    walk.post("/views", "/views/1/delete")


def rules(walk: Walker) -> None:
    target, road = "/settings/targets/lead_time", "/settings/paved-road"
    asked = {"scope": "workspace", "from": "2026-11-01", "reason": "Q4 plan"}
    walk.post(target, target, then="set", high="10", **asked)
    walk.post(target, f"{target}/withdraw", scope="workspace", until="2026-12-01", why="No longer")
    wanted = {"title": "Has a scaffold", "kind": "attested", "required": "yes", "from": "2026-11-01", "reason": "Plan"}
    walk.post(f"{road}/add", f"{road}/add", then="set", **wanted)
    one = f"{road}/criteria/has_a_scaffold"
    walk.post(one, one, then="set", **wanted | {"required": "no"})
    walk.post(one, f"{one}/withdraw", until="2026-12-01", why="No longer")
    here = "/kpis/lead_time?period=2026-10"
    note = {"note-text": "Freeze", "note-kind": "note", "note-from": "2026-09-10", "note-scope": "workspace"}
    walk.post(here, "/kpis/lead_time/annotations", **note)
    walk.post(here, "/kpis/lead_time/annotations/1/withdraw", **{"note-why": "Wrong"})
    walk.post(here, "/kpis/lead_time/baselines", **{"baseline-from": "2026-09", "baseline-reason": "Canary"})
    walk.post(here, "/kpis/lead_time/baselines/1/withdraw", **{"baseline-why": "Wrong"})


def facts(walk: Walker) -> None:
    def typed(**said: str) -> dict[str, str]:
        return {f"fact-{name}": words for name, words in said.items()}

    said = typed(model="ranker", title="Slow", detected_at="2026-10-05T09:00", restored_at="2026-10-05T09:30")
    there = walk.post("/facts/incidents/new", "/facts/incidents/new", id="hand-0000000a", **said).partition("?")[0]
    walk.post(there, there, reason="Late", **said | typed(title="Very slow"))
    walk.post(f"{there}/delete", f"{there}/delete", reason="A try")
    edit = "/models/ranker/edit"
    known = {"tier": "2", "team": "Search", "owner": "Ana", "lifecycle": "production", "reason": "Agreed"}
    walk.post(edit, edit, **known)
    walk.post("/models/ranker?tab=governance", "/models/ranker/withdraw", field="tier")
    names = "/data-health/names"
    answer = io.BytesIO(FOREIGN)
    given = {"kind": "deployments", "source": "legacy", "file": (answer, "deploys.csv")}
    waiting = walk.post("/imports/new", "/imports/new", **given)
    walk.post(waiting, waiting, then="import", **MAPPED | {"values:status": "success = succeeded\nfailure = failed"})
    stray = "/facts/deployments/new"
    for number, name in enumerate(("svc-ranker", "churn")):
        walk.post(
            stray,
            stray,
            id=f"hand-0000001{number}",
            **typed(
                service=name, version="1", environment="production", status="succeeded", finished_at="2026-10-05T09:00"
            ),
        )
    walk.post(names, f"{names}/map", name="svc-ranker", onto="ranker")
    walk.post(names, f"{names}/unmap", name="svc-ranker")
    walk.post(names, f"{names}/register", slug="churn", kind="batch", tier="2", team="Growth", owner="Lena")
    books = "/runbooks"
    walk.post(books, f"{books}/owner", url="https://runbooks.example/", owner=PERSON)
    walk.post(books, f"{books}/followed", url="https://runbooks.example/", on="2026-11-01", worked="yes")


def sources(walk: Walker) -> None:
    new = "/integrations/alertmanager/new"
    said = {"name": "am", "classes": "P1 page", "secret-webhook_secret": "HOOK", "since": "2026-06-01"}
    walk.post(new, new, then="save", **said)
    walk.post("/sources/am/settings", "/sources/am/settings", then="save", **said | {"classes": "P1 page\nP2 ticket"})
    walk.post("/sources/am", "/sources/am/pause", then="pause")
    walk.post("/sources/am", "/sources/am/remove", name="am")


def incident(walk: Walker, week: int) -> int:
    return int(walk.one(f"SELECT id FROM incident WHERE external_id = 'INC-{week}'")[0])


def incidents(walk: Walker) -> None:
    number, other, wrong = (incident(walk, week) for week in (50, 48, 44))
    here = f"/incidents/{number}"
    release = walk.one("SELECT id FROM release LIMIT 1")[0]
    walk.post(here, f"{here}/link", release=release, **{"link-reason": "The log says so"})
    walk.post(here, f"{here}/unlink")
    walk.post(f"/incidents/{wrong}", f"/incidents/{wrong}/correct", severity="SEV1", reason="Many were hurt")
    walk.post(f"/incidents/{wrong}", f"/incidents/{wrong}/undo", field="severity")
    walk.post(here, f"{here}/merge", **{"primary-id": f"#{other}", "merge-reason": "The same"})
    walk.post(here, f"{here}/unmerge")
    walk.post(here, f"{here}/reopen", **{"again-at": "2026-11-02T09:00:00", "again-reason": "It broke again"})
    walk.post(here, f"{here}/restore", **{"again-at": "2026-11-02T10:00:00", "again-reason": "Pager"})
    walk.post(here, f"{here}/notes", note="Looked at it")
    walk.post(here, f"{here}/notes/1", **{"note-text": "Looked again", "revision": "1"})
    walk.post(here, f"{here}/notes/1/remove", revision="2")
    for minute, person in enumerate((PERSON, "editor@example.com")):
        taken = {"role-person": person, "role-at": f"2026-11-02T09:0{minute}"}
        walk.post(here, f"{here}/roles", role="commander", **taken)
    walk.post(here, f"{here}/roles/2/end", revision="1", **{"role-at": "2026-11-02T09:30"})
    seen = walk.one("SELECT revision FROM incident_role WHERE id = 1")[0]
    walk.post(here, f"{here}/roles/1/remove", revision=str(seen))


def review(walk: Walker, editor: FlaskClient) -> None:
    number, other, third = (incident(walk, week) for week in (54, 52, 46))
    here = f"/incidents/{number}/review"
    walk.post(f"/incidents/{number}", f"{here}/start", editor)
    walk.post(here, f"{here}/lines", editor, **{"line-at": "2026-10-26T07:30:00", "line-text": "A customer called"})
    line = walk.one("SELECT max(id) FROM review_line")[0]
    changed = {"line-at": "2026-10-26T07:31:00", "line-text": "Two called", "revision": "1"}
    walk.post(here, f"{here}/lines/{line}", editor, **changed)
    walk.post(here, f"{here}/lines/{line}/remove", editor)
    walk.post(f"/incidents/{number}", f"/incidents/{number}/notes", editor, note="Rolled it back")
    walk.post(here, f"{here}/refill", editor)
    walk.post(here, f"{here}/factors", editor, factor="capacity", note="The pool was full")
    walk.post(here, f"{here}/factors/1/remove", editor)
    walk.post(here, f"{here}/factors", editor, factor="capacity", note="The pool was full")
    walk.post(here, f"{here}/comments", editor, comment="Well told")
    edit = f"{here}/edit"
    walk.post(edit, f"{here}/parts", editor, **{"part-title": "For the press", "part-text": "Sorry"})
    part = walk.one("SELECT key FROM review_section WHERE title = 'For the press'")[0]
    walk.post(edit, f"{here}/parts/{part}/remove", editor)
    walk.post(edit, f"{here}/paste", editor, markdown="# Summary\n\nAnswers were late.\n")
    shown = re.search(r'name="revision-summary" value="(\d+)"', page(editor, edit))
    assert shown is not None
    walk.post(edit, edit, editor, **{"text-summary": "Answers were very late.", "revision-summary": shown[1]})
    walk.post(here, f"{here}/submit", editor)
    walk.post(here, f"{here}/send-back", reason="Say more")
    walk.post(here, f"{here}/submit", editor)
    walk.post(here, f"{here}/approve")
    walk.post(here, f"{here}/close")
    for number, end in ((other, "waive"), (third, "discard")):
        there = f"/incidents/{number}/review"
        walk.post(f"/incidents/{number}", f"{there}/start")
        walk.post(there, f"{there}/{end}", reason="Nothing to learn")


def actions(walk: Walker) -> None:
    mine = USUAL | {"owner": PERSON}
    for _ in range(2):
        walk.post("/actions/new", "/actions/new", **mine)
    walk.post("/actions/1", "/actions/1", revision="1", reason="Later", **mine | {"due_on": "2026-12-01"})
    walk.post("/actions/1", "/actions/1/move", state="in_progress")
    walk.post("/actions", "/actions/bulk", action=["1", "2"], priority="low", reason="Less urgent")
    with transaction(walk.engine) as session:
        one = session.get_one(AuditEntry, 1)
        usual: dict[str, Any] = {"source": "jira", "state": "linked", "made_by": PERSON, "made_at": one.at}
        clash = {"due_on": {"here": "2026-12-01", "there": "2026-12-02", "why": "changed on both sides"}}
        session.add(ActionLink(action_id=1, marker="m", key="OPS-1", clashes=clash, **usual))
    said = {"name": "due_on", "side": "here", "here": "2026-12-01", "there": "2026-12-02"}
    walk.post("/actions/1", "/actions/1/ticket/decide", **said)
    walk.post("/actions/1", "/actions/1/ticket/part")


def decisions(walk: Walker) -> None:
    here = "/decisions"
    asked = {
        "question": "Fund a second region",
        "why": "One is not enough",
        "owner": "Dana Fox",
        "due_on": "2026-11-30",
    }
    walk.post(here, here, **asked)
    walk.post(here, f"{here}/1", **asked | {"due_on": "2026-12-04", "revision": "1"})
    walk.post(here, f"{here}/1/decide", answer="From March")
    walk.post(here, f"{here}/1/reopen")
    walk.post(here, f"{here}/1/withdraw", answer="Not this year")


def test_every_form_that_changes_a_record_leaves_an_entry(
    walk: Walker, app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = sign_in(app.test_client(), sqlite, Role.EDITOR)
    monkeypatch.setattr("ops_console.web.pages.action_tickets.boards", lambda _: ["jira"])
    for module in ("refreshed", "pages.uploads"):  # nobody looks at figures here
        monkeypatch.setattr(f"ops_console.web.{module}.refresh", lambda *_: None)
        monkeypatch.setattr(f"ops_console.web.{module}.PATIENCE", 300.0)
    for part in (account, rules, facts, sources, incidents, actions, decisions):
        part(walk)
    walk.post("/actions/2", "/actions/2/ticket", source="jira", do="open")
    review(walk, editor)
    posts = {name for name, route in app.extensions[EXTENSION].routes.items() if route.method == "POST"}
    assert posts - WITHOUT.keys() - walk.left.keys() == set(), "say how it is walked, or why it leaves no entry"
    assert WITHOUT.keys() - posts == set()
    for endpoint, entries in walk.left.items():
        for entry in entries:
            assert entry.by in {PERSON, "editor@example.com"}, endpoint
            assert (entry.before or entry.after) and entry.did and entry.number, endpoint
    with reading(sqlite) as session:
        assert audit.broken_at(session) is None
