"""The collector waits while it would find nothing, and goes on afterwards."""

import gc

import pytest

from ops_console.core.garbage import keep, rarely_collected, uncollected


def test_it_waits_for_the_end_of_the_block() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="x"), uncollected():
        raise ValueError("x")
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
    gc.enable()


def test_what_a_start_made_is_not_looked_at_again() -> None:
    before = gc.get_freeze_count()
    made = [[number] for number in range(1000)]
    keep()
    assert gc.get_freeze_count() >= before + len(made)


def test_many_facts_are_looked_through_rarely_and_only_for_as_long_as_they_are_alive() -> None:
    usual = gc.get_threshold()
    with pytest.raises(ValueError, match="x"), rarely_collected():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 100 * usual[0]
        raise ValueError("x")
    assert gc.get_threshold() == usual
