"""The manifest that installs the app asks for what the README explains, and for nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import integrations.slack

FOLDER = Path(integrations.slack.__file__).parent


@pytest.fixture(scope="module")
def manifest() -> Any:
    return yaml.safe_load((FOLDER / "app_manifest.yaml").read_text())


def test_every_scope_is_explained_and_no_other(manifest: Any) -> None:
    readme = (FOLDER / "README.md").read_text()
    rows = re.findall(r"^\| (`.+?`) \|", readme.split("## What it may do")[1], flags=re.MULTILINE)
    explained = [scope for row in rows for scope in re.findall(r"`(.+?)`", row)]
    assert sorted(explained) == sorted(manifest["oauth_config"]["scopes"]["bot"])


def test_everything_is_sent_to_the_one_address_that_answers(manifest: Any) -> None:
    asked = [manifest["features"]["slash_commands"][0]["url"]]
    asked += [manifest["settings"][part]["request_url"] for part in ("event_subscriptions", "interactivity")]
    assert asked == ["https://console.example.com/chat/slack"] * 3


def test_the_shortcut_has_the_name_by_which_it_is_known(manifest: Any) -> None:
    shortcut = manifest["features"]["shortcuts"][0]["callback_id"]
    assert f'"{shortcut}"' in "".join(file.read_text() for file in FOLDER.glob("*.py"))
