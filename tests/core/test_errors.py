"""An error is a sentence for a person, with what to do about it."""

import pytest

from ops_console.core.errors import BadInput, Misconfigured, NotFound, OpsConsoleError


def test_an_error_reads_as_message_and_remedy() -> None:
    error = BadInput("Row 3 has no time.", remedy="Add one.")
    assert str(error) == "Row 3 has no time. Add one."
    assert (error.message, error.remedy) == ("Row 3 has no time.", "Add one.")


def test_without_a_remedy_the_message_stands_alone() -> None:
    assert str(NotFound("There is no such model.")) == "There is no such model."


@pytest.mark.parametrize("kind", [BadInput, NotFound, Misconfigured])
def test_everything_raised_on_purpose_is_caught_in_one_place(kind: type[OpsConsoleError]) -> None:
    with pytest.raises(OpsConsoleError):
        raise kind("No.")
