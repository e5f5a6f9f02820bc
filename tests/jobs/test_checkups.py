"""`ops-console doctor`: what works, what wants a look, what keeps the console from working."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, update

import integrations
import reports
from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.cli import doctor
from ops_console.contracts.document import Tone
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts, assemble
from ops_console.core.clock import now
from ops_console.core.db import engine_for, transaction
from ops_console.core.settings import Settings, settings
from ops_console.jobs.checkups import Finding, checkups
from ops_console.records import audit
from ops_console.records.audit import AuditEntry, Decision
from ops_console.records.jobs import JobRun
from ops_console.records.schema import migrate
from ops_console.records.workspace import Workspace
from tests.ingest.deliveries import deliver

WHOLE = assemble(integrations, reports)
TO = {"smtp_host": "127.0.0.1", "mail_from": "ops@example.com", "mail_to": "vp@example.com"}


@pytest.fixture
def kept(tmp_path: Path) -> Engine:
    """A console that works: migrated, with an administrator, facts and a timetable that ticks."""
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    migrate(url)
    engine = engine_for(url)
    with transaction(engine) as session:
        session.add(Workspace(name="Ours", time_zone="Europe/London", currency="USD", made_at=now()))
        people.add(session, "ana@example.com", Role.ADMIN, now())
        ended = {"began_at": now(), "ended_at": now(), "outcome": "done"}
        session.add(JobRun(job="inbox", slot="1", due_at=now(), **ended))
    deliver(engine, "deployments")
    return engine


def found(engine: Engine, parts: Parts = WHOLE, **settings_: object) -> dict[str, Finding]:
    office = Office(engine, parts, Settings(**settings_))  # type: ignore[arg-type]
    return {each.about: each for each in checkups(office)}


def test_a_console_that_works_has_nothing_that_keeps_it_from_it(kept: Engine) -> None:
    told = found(kept, base_url="https://ops.example.com", team_mail_to="team@example.com", **TO)
    assert {each.tone for each in told.values()} == {Tone.GOOD}
    assert [*told] == [
        "database",
        "room",
        "workspace",
        "people",
        "timetable",
        "sources",
        "report monthly_operations",
        "report quarterly_governance",
        "report weekly_review",
        "trail",
    ]
    assert told["workspace"].said == "Ours, Europe/London, USD."


def test_a_database_that_is_not_there_is_all_that_is_told(tmp_path: Path) -> None:
    told = found(engine_for(f"sqlite:///{tmp_path / 'empty.db'}"))
    assert [*told] == ["database"] and told["database"].tone is Tone.BAD
    assert "migrate" in told["database"].remedy
    assert not (tmp_path / "empty.db").exists()


def test_a_file_without_tables_is_no_database_of_ours(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (told,) = found(engine_for(f"sqlite:///{tmp_path / 'empty.db'}")).values()
    assert told.said == "no such table: alembic_version" and "OPS_CONSOLE_DATABASE_URL" in told.remedy


def test_an_older_shape_is_told_with_the_command_that_mends_it(kept: Engine) -> None:
    migrate(str(kept.url), "-1")
    told = found(kept)
    assert [*told] == ["database"] and (told["database"].tone, told["database"].remedy) == (
        Tone.BAD,
        "Run ops-console migrate.",
    )


def test_without_an_administrator_nobody_can_set_anything_up(kept: Engine) -> None:
    with transaction(kept) as session:
        people.add(session, "ana@example.com", Role.VIEWER, now())
    assert found(kept)["people"].tone is Tone.BAD and "user add" in found(kept)["people"].remedy


def test_a_timetable_that_fell_silent_wants_a_look_and_so_does_a_job_that_failed_last(kept: Engine) -> None:
    long_ago = now() - timedelta(minutes=6)
    with transaction(kept) as session:
        session.execute(update(JobRun).values(began_at=long_ago))
        failed = {"began_at": long_ago, "ended_at": long_ago, "outcome": "failed", "error": "no route"}
        session.add(JobRun(job="sync", slot="1", due_at=long_ago, **failed))
    told = found(kept)
    assert told["timetable"].tone is Tone.WATCH and "scheduler" in told["timetable"].remedy
    assert "no route" in told["job sync"].said
    with transaction(kept) as session:
        session.add(JobRun(job="sync", slot="2", due_at=now(), began_at=now(), ended_at=now(), outcome="done"))
    assert "job sync" not in found(kept)
    with transaction(kept) as session:
        session.execute(delete(JobRun))
    assert found(kept)["timetable"].said == "It never ran here."


def test_who_gets_reports_is_told_of_each(kept: Engine) -> None:
    told = found(kept, **TO)
    assert told["report monthly_operations"].said == "It goes to 1 recipient."
    assert told["report weekly_review"].tone is Tone.WATCH
    assert "OPS_CONSOLE_TEAM_MAIL_TO" in told["report weekly_review"].remedy
    assert told["address"].tone is Tone.WATCH and "OPS_CONSOLE_BASE_URL" in told["address"].remedy
    assert "address" not in found(kept)


def test_a_trail_that_breaks_is_told_where(kept: Engine) -> None:
    with transaction(kept) as session:
        audit.record(session, Decision("moved", "action", 1, "ana"))
        session.execute(update(AuditEntry).values(by="nobody"))
    assert found(kept)["trail"].tone is Tone.BAD and "breaks at entry 1" in found(kept)["trail"].said


def test_a_workspace_without_facts_is_told_where_they_come_from(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    migrate(url)
    engine = engine_for(url)
    with transaction(engine) as session:
        session.add(Workspace(name="Ours", time_zone="UTC", currency="USD", made_at=now(), is_demo=True))
    told = found(engine)
    assert told["sources"].said == "No facts have come in yet."
    assert "a demo that sends nothing" in told["workspace"].said and "report weekly_review" not in told


def test_on_postgresql_the_shape_is_told_too(postgres: Engine) -> None:
    """The database of these tests was made from the tables, and has no revision."""
    (told,) = found(postgres).values()
    assert (told.about, told.tone) == ("database", Tone.BAD)


@pytest.mark.parametrize(("role", "code"), [(Role.ADMIN, 0), (Role.VIEWER, 1)])
def test_the_exit_code_tells_scripts_whether_it_can_work(
    kept: Engine, monkeypatch: pytest.MonkeyPatch, role: Role, code: int
) -> None:
    with transaction(kept) as session:
        people.add(session, "ana@example.com", role, now())
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", str(kept.url))
    settings.cache_clear()
    done = CliRunner().invoke(doctor.command, ["--json"], obj=WHOLE)
    assert done.exit_code == code
    states = {each["about"]: each["state"] for each in json.loads(done.output)}
    assert states["people"] == ("good" if role is Role.ADMIN else "bad")
    said = CliRunner().invoke(doctor.command, [], obj=WHOLE).output
    assert f"{'●' if role is Role.ADMIN else '■'} people: " in said
    settings.cache_clear()
