"""What a figure is about, as text and back."""

import pytest

from ops_console.core.errors import BadInput
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind, parse


@pytest.mark.parametrize("text", ["workspace", "team:Search", "team:R&D: East", "tier:1", "model:ranker-v4"])
def test_a_scope_is_read_back_from_its_text(text: str) -> None:
    assert str(parse(text)) == text


def test_the_workspace_has_no_key() -> None:
    assert parse("workspace") == WORKSPACE == Scope(ScopeKind.WORKSPACE)


@pytest.mark.parametrize(
    "text", ["", "galaxy", "workspace:x", "team:", "model", "tier:0", "tier:4", "tier:one", "tier:²", "team:a\0b"]
)
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadInput, match="is no scope") as refused:
        parse(text)
    assert "tier:1" in refused.value.remedy
