"""Bodies are shown without secrets and people, and broken ones are shown at all."""

import json

import pytest

from ops_console.web import payload
from ops_console.web.payload import GONE, shown


def test_secrets_and_people_are_left_out_wherever_they_stand() -> None:
    said = {
        "sender": {"login": "ana", "id": 7},
        "deployment": {"creator": {"login": "ana"}, "ref": "main", "payload": {"password": "x", "version": 3}},
        "commits": [{"author": {"name": "Ana"}, "message": "Fix, thanks to ben@example.com"}],
        "clone_url": "https://user:pw@git.example.com/x.git",
        "merged_by": None,
        "is_private": True,
    }
    assert json.loads(shown(json.dumps(said).encode())) == {
        "sender": GONE,
        "deployment": {"creator": GONE, "ref": "main", "payload": {"password": GONE, "version": 3}},
        "commits": [{"author": GONE, "message": f"Fix, thanks to {GONE}"}],
        "clone_url": f"https://{GONE}git.example.com/x.git",
        "merged_by": None,
        "is_private": True,
    }


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"{half", b"token ghp_0123456789abc"])
def test_what_is_no_json_is_shown_as_text(body: bytes) -> None:
    assert "ghp_" not in shown(body)


def test_a_body_of_any_size_is_cut() -> None:
    text = shown(json.dumps(["x" * 1000] * 1000).encode())
    assert len(text) < payload.LONGEST + 100 and text.endswith("more characters")
