"""What another process is told to do with a long file, and how it does it."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from ops_console.core.garbage import collect_rarely
from ops_console.ingest.batches import Batch, BatchMaker, Recipe
from ops_console.ingest.opened import open_file
from ops_console.ingest.unpack import Version

HERE = 1
"""So many batches are made by the first process, long enough for the other to start; what is longer is long."""


class Script(NamedTuple):
    """What another process needs to make the batches of a file: `size` rows each, of this version of it alone."""

    version: Version
    recipe: Recipe
    size: int


_script: list[Script] = []
"""In the other process: what its batches are made by."""


def follow(script: Script) -> None:
    _script[:] = [script]
    collect_rarely()


@lru_cache(maxsize=1)
def _batches() -> Iterator[Batch]:
    (version, recipe, size), *_ = _script
    opened = open_file(version.path, recipe.document)
    if opened.version != version:
        raise OSError(f"{version.path} is another file by now")
    make = BatchMaker(recipe)
    make.unknown()  # of the header the first process has told already
    return map(make, islice(opened.parts(size), HERE, None))


def next_batch() -> Batch:
    """The one that follows; the last is empty. An `OSError` where the file is gone or another."""
    return next(_batches(), Batch())
