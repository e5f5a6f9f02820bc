"""Passes of the collector look at everything alive, again and again; where they would find nothing, they wait."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def keep() -> None:
    """What a start has made lives as long as the process: no pass needs to look at it again."""
    gc.collect()
    gc.freeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """Reference counts free what is dropped meanwhile; cycles wait until the block ends."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect_rarely() -> None:
    gc.set_threshold(1_000_000, *gc.get_threshold()[1:])


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Thousands of facts are alive at once and none is garbage: looking through them again and again for cycles
    would take a third of the time.
    """
    usual = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
