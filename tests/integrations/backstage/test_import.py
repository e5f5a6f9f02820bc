"""The file comes in by every door, is recognised by itself, and lands once."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

import integrations
import reports
from ops_console import cli, factory
from ops_console.accounts.roles import Role
from ops_console.contracts.parts import Parts, assemble
from ops_console.core.db import reading
from ops_console.core.errors import BadInput
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file
from ops_console.ingest.mapping import mapping_from
from ops_console.ingest.preview import preview
from ops_console.ingest.summary import Summary
from ops_console.records.catalog import Alias, CatalogEntry
from ops_console.web.console import EXTENSION
from tests.integrations.backstage.test_reader import SAMPLES, component
from tests.web.conftest import csrf, sign_in

COMPANY = SAMPLES / "company.yaml"


@pytest.fixture(scope="module")
def parts() -> Parts:
    return assemble(integrations, reports)


def taken(engine: Engine, parts: Parts, path: Path = COMPANY, kind: str = "models", **options: Any) -> Summary:
    return import_file(engine, path, Delivery(kind, **options), readers=parts.readers)


def entry(engine: Engine, slug: str) -> CatalogEntry:
    with reading(engine) as session:
        return session.scalars(select(CatalogEntry).where(CatalogEntry.slug == slug)).one()


def test_the_file_is_recognised_and_lands_once(database: Engine, parts: Parts) -> None:
    summary = taken(database, parts)
    assert (summary.source, summary.rows, summary.new, summary.filtered, summary.refused) == ("backstage", 6, 3, 3, 0)
    assert summary.warnings == ["Left out: 1 API, 1 Group, 1 library."]
    again = taken(database, parts)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


def test_components_become_entries_that_other_tools_find(database: Engine, parts: Parts) -> None:
    taken(database, parts)
    ranker = entry(database, "ranker")
    assert (ranker.tier, ranker.team, ranker.lifecycle, ranker.kind) == (1, "search", "production", "online")
    assert ranker.depends_on == ["query-embed", "platform/feature-server", "resource:ranking-features"]
    with reading(database) as session:
        names = set(session.scalars(select(Alias.name).where(Alias.entry_id == ranker.id)))
    assert {"quillmark/ranker", "pq1rank", "component:default/ranker"} <= names
    assert "0123456789abcdef" not in names


def test_a_packed_file_is_read_alike(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    packed = tmp_path / "whatever"
    packed.write_bytes(gzip.compress(COMPANY.read_bytes()))
    assert taken(sqlite, parts, packed).new == 3


def test_a_broken_document_is_kept_aside_and_the_others_land(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "catalog-info.yaml"
    path.write_text(f"{component('a')}---\nkind: [\n---\n{component('b')}")
    summary = taken(sqlite, parts, path)
    assert (summary.new, summary.refused) == (2, 1)


def test_a_mapping_translates_words_of_ones_own(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "catalog-info.yaml"
    path.write_text(component("a", "", "type: service\nlifecycle: sunset"))
    assert taken(sqlite, parts, path, dry_run=True).refused == 1
    document = {"fields": {"lifecycle": {"column": "lifecycle", "values": {"sunset": "retired"}}}}
    assert taken(sqlite, parts, path, mapping=mapping_from(document, "models")).new == 1
    assert entry(sqlite, "a").lifecycle == "retired"


def test_a_form_is_named_where_a_file_does_not_tell(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "catalog-info.yaml"
    path.write_text(component("a").replace("apiVersion: backstage.io/v1alpha1\n", ""))
    assert taken(sqlite, parts, path, form="backstage").new == 1
    with pytest.raises(BadInput, match=r"'cortex' is no form of file.*The forms are: backstage"):
        taken(sqlite, parts, path, form="cortex")


def test_a_file_of_another_kind_says_so(sqlite: Engine, parts: Parts) -> None:
    with pytest.raises(BadInput, match=r"company\.yaml holds models, not incidents"):
        taken(sqlite, parts, kind="incidents")


def test_a_file_that_is_no_text_is_refused_with_its_line(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "catalog-info.yaml"
    path.write_bytes(component("a").encode() + b"# caf\xe9\n")
    summary_or_error = pytest.raises(BadInput, match=r"line 7: byte \d+ of the file is no UTF-8")
    with summary_or_error:
        taken(sqlite, parts, path)


def test_csv_files_are_read_as_before(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "models.csv"
    path.write_text("external_id,name\n1,ranker\n")
    assert (taken(sqlite, parts, path).new, taken(sqlite, parts, path).source) == (1, "models")


def test_the_preview_shows_facts_and_counts_what_is_left_out(parts: Parts) -> None:
    found = preview(COMPANY, Delivery("models", source="backstage"), readers=parts.readers)
    assert found.form == "backstage"
    assert [row.facts[0]["name"] for row in found.rows] == ["ranker", "query-embed", "platform/feature-server"]
    assert "1 Group" in found.left_out and found.unknown == []


@pytest.mark.usefixtures("command_line")
def test_the_command_line_takes_it(parts: Parts) -> None:
    done = CliRunner().invoke(cli.group, ["import", "models", str(COMPANY)], obj=parts)
    assert done.exit_code == 0, done.output
    assert "Models from backstage: 6 rows" in done.output and "1 library" in done.output


@pytest.fixture
def editor(sqlite: Engine, parts: Parts) -> Any:
    app: Flask = factory.create_app(parts, database_url=str(sqlite.url))
    yield sign_in(app.test_client(), sqlite, Role.EDITOR)
    app.extensions[EXTENSION].engine.dispose()


def test_the_upload_page_takes_it(editor: FlaskClient, sqlite: Engine) -> None:
    form = editor.get("/imports/new").text
    assert "Backstage catalog-info.yaml" in form
    file = (io.BytesIO(COMPANY.read_bytes()), "catalog-info.yaml")
    given = {"csrf_token": csrf(form), "kind": "models", "source": "backstage", "file": file}
    shown = editor.post("/imports/new", data=given, content_type="multipart/form-data", follow_redirects=True)
    assert "The first 3 rows can be taken." in shown.text and "1 Group" in shown.text
    columns = {f"column:{name}": name for name in ("external_id", "name", "lifecycle", "owner", "aliases")}
    sent = {"csrf_token": csrf(shown.text), "then": "import", **columns}
    done = editor.post(shown.request.path, data=sent)
    assert done.status_code == 303
    assert entry(sqlite, "ranker").owner == "search"
