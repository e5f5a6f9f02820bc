"""What people write into options."""

import pytest

from ops_console.contracts.answers import budget_scopes, is_yes
from ops_console.contracts.integration import Rejected


@pytest.mark.parametrize(("word", "meant"), [("Yes", True), (" on ", True), ("", False), ("no", False), ("OFF", False)])
def test_yes_is_yes_and_nothing_is_no(word: str, meant: bool) -> None:
    assert is_yes(word, "Write yes.") is meant


def test_anything_else_is_asked_again() -> None:
    with pytest.raises(Rejected, match="'perhaps' is neither yes nor no") as caught:
        is_yes("perhaps", "Write yes to ask.")
    assert caught.value.remedy == "Write yes to ask."


def test_a_budget_and_its_scope_stand_on_one_line() -> None:
    lines = ["ml training  purpose:training", "all workspace", "a workspace of ours team:Search and more"]
    assert budget_scopes(lines) == {
        "ml training": "purpose:training",
        "all": "workspace",
        "a workspace of ours": "team:Search and more",
    }


@pytest.mark.parametrize("line", ["", "ml", "ml region:eu", "ml team:", "workspace"])
def test_a_budget_without_a_scope_is_asked_again(line: str) -> None:
    with pytest.raises(Rejected, match="names no budget and its scope"):
        budget_scopes([line])
