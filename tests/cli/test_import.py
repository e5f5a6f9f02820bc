"""`ops-console import` says what landed, keeps what did not, and exits accordingly."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ops_console.cli.import_ import command
from ops_console.core.errors import BadInput
from ops_console.ingest import tables
from tests.ingest.deliveries import count, csv_file, deployments_csv

GOOD, BAD = "d1,ranker,1,2026-10-05T09:00:00Z", "d2,ranker,1,2026-10-05T09:00:00"


@pytest.fixture(autouse=True)
def console(command_line: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_a_clean_file_exits_with_0_and_a_summary(sqlite: Engine, tmp_path: Path) -> None:
    done = run("deployments", deployments_csv(tmp_path, GOOD), "--source", "cd")
    assert done.exit_code == 0
    assert "Deployments from cd: 1 row in" in done.output
    assert "new 1 · changed 0 · unchanged 0 · older 0 · refused 0 · filtered 0" in done.output
    assert "Names nobody registered yet: ranker." in done.output
    assert count(sqlite, tables.deployments) == 1


def test_refused_rows_exit_with_1_and_stand_in_a_file(tmp_path: Path) -> None:
    done = run("deployments", deployments_csv(tmp_path, GOOD, BAD))
    assert done.exit_code == 1
    assert "1 row is refused; it stands with its reason in facts.csv.refused.csv." in done.output
    assert "  line 3: finished_at: 2026-10-05T09:00:00 has no offset; add one" in done.output
    assert "has no offset" in (tmp_path / "facts.csv.refused.csv").read_text("utf-8-sig")


def test_of_many_refused_rows_the_first_three_are_told_at_once(tmp_path: Path) -> None:
    done = run("deployments", deployments_csv(tmp_path, GOOD, *[f"b{number},ranker,1,never" for number in range(5)]))
    assert done.output.count("is no time") == 3 and "  and 2 more" in done.output
    assert "5 rows are refused; they stand with their reasons in facts.csv.refused.csv." in done.output


def test_a_spelling_of_the_empty_cell_that_became_a_name_is_warned_about(tmp_path: Path) -> None:
    done = run("deployments", deployments_csv(tmp_path, "d1,NA,1,2026-10-05T09:00:00Z"))
    assert """Warning: 'NA' was taken as the name of a model or service. Write null = ["NA"] in""" in done.output
    assert "Warning" not in run("deployments", deployments_csv(tmp_path, GOOD), "--source", "other").output


def test_the_zone_and_the_refused_file_may_be_named(tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, BAD, "d3,ranker,1,never")
    done = run("deployments", path, "--zone", "Europe/London", "--refused", tmp_path / "bad.csv")
    assert "new 1" in done.output
    assert (tmp_path / "bad.csv").exists()


def test_json_is_for_scripts(tmp_path: Path) -> None:
    done = run("deployments", deployments_csv(tmp_path, GOOD, BAD), "--json", "--covers-until", "2026-10-31T00:00:00Z")
    told = json.loads(done.output)
    assert (told["rows"], told["new"], told["refused"]) == (2, 1, 1)
    assert told["last_at"] == "2026-10-05T09:00:00+00:00"
    assert done.exit_code == 1


def test_an_error_is_json_too_where_json_is_asked_for(tmp_path: Path) -> None:
    done = run("deployments", csv_file(tmp_path, "colour", "red"), "--json")
    assert "No column gives" in json.loads(done.output)["error"]
    assert done.exit_code == 1


def test_a_dry_run_says_what_would_happen(sqlite: Engine, tmp_path: Path) -> None:
    done = run("deployments", deployments_csv(tmp_path, GOOD), "--dry-run")
    assert "nothing is written" in done.output
    assert "would be new 1" in done.output
    assert count(sqlite, tables.deployments) == 0


def test_a_mapping_is_read_and_kept(sqlite: Engine, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(
        'source = "argo"\n[fields]\nversion = "tag"\nstatus = { constant = "succeeded" }\n'
    )
    path = csv_file(tmp_path, "external_id,service,tag,environment", "d1,ranker,7,production")
    assert "from argo" in run("deployments", path, "--map", tmp_path / "map.toml").output
    assert run("deployments", path, "--source", "argo").exit_code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--zone", "Mars"), "is no time zone"),
        (("--covers-until", "soon"), "is no time"),
        (("--covers-until", "2026-10-31"), "has no offset"),
        (("--map", "absent.toml"), "cannot be read"),
    ],
)
def test_wrong_words_say_what_is_wrong(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run("deployments", deployments_csv(tmp_path, GOOD), *words)
    assert isinstance(done.exception, BadInput)
    assert says in str(done.exception)


def test_a_file_that_is_not_there_is_named() -> None:
    done = run("deployments", "absent.csv")
    assert "There is no file absent.csv" in str(done.exception)


def test_a_kind_that_does_not_exist_lists_those_that_do(tmp_path: Path) -> None:
    done = run("deployment", deployments_csv(tmp_path, GOOD))
    assert done.exit_code == 2
    assert "survey_responses" in done.output
