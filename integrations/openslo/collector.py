"""Reads the files of objectives at their addresses, where they changed."""

from collections.abc import Generator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from integrations.openslo import reader
from ops_console.contracts.files import File, Seen, read_file
from ops_console.contracts.integration import Rejected
from ops_console.contracts.rows import Refused, Row
from ops_console.contracts.sources import Discovery, Page, Setup, Told
from ops_console.core.units import counted

MEND = "Mend the file; what stands beside it was read."
NONE = "Give the address of YAML of OpenSLO, sloth or Pyrra."
PAGES = ("/-/blob/", "/blob/")
"""How forges call the page around a file; what lies under `raw` is the file."""


def check(setup: Setup) -> tuple[str, ...]:
    """How many objectives each file holds."""
    return tuple(
        f"{_name(address)}: {counted(len(_read(setup, address)), 'objectives')}." for address in _addresses(setup)
    )


def discover(setup: Setup, since: datetime) -> Discovery:  # noqa: ARG001  (they have no past)
    """The objectives by name."""
    told = [each for address in _addresses(setup) for each in _read(setup, address)]
    lines = (f"{each.values['name']}: {each.values['objective_percent']} %." for each in told)
    return Discovery((f"{counted(len(told), 'objectives')}.", *lines))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:  # noqa: ARG001  (nor here)
    """File by file. One that cannot be read does not keep the others from being read, and is read again next time."""
    state: dict[str, Any] = deepcopy(dict(cursor))
    addresses, trouble = _addresses(setup), None
    for number, address in enumerate(addresses, 1):
        try:
            file = _file(setup, address, state.get(address))
        except Rejected as error:
            trouble = trouble or error
            continue
        facts, refused = ((), None) if file is None else _parts(file.text, _name(address))
        if file is not None:
            state[address] = {} if refused else dict(file.seen)
        trouble = trouble or refused
        yield Page(facts, deepcopy(state), number, len(addresses))
    if trouble is not None:
        raise trouble


def _addresses(setup: Setup) -> list[str]:
    """As they are read; a token goes to one host and no other."""
    found = list(dict.fromkeys(map(_raw, setup.settings.get("addresses") or ())))
    if setup.secrets.get("token") and len({urlsplit(each).netloc for each in found}) > 1:
        raise Rejected("The files lie on several hosts.", remedy="Make a source for each host: the token is for one.")
    return found


def _raw(address: str) -> str:
    for page in PAGES:
        address = address.replace(page, page.replace("blob", "raw"), 1)
    return address


def _name(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2] or address


def _file(setup: Setup, address: str, seen: Seen | None = None) -> File | None:
    token = setup.secrets.get("token", "")
    return read_file(address, _name(address), token=token, seen=seen, private=setup.private)


def _read(setup: Setup, address: str) -> Sequence[Told]:
    """The objectives of a file of which every document can be read."""
    file = _file(setup, address)
    facts, refused = _parts("" if file is None else file.text, _name(address))
    if refused is not None:
        raise refused
    return facts


def _parts(written: str, name: str) -> tuple[Sequence[Told], Rejected | None]:
    """Its objectives, and what is wrong with the first document that could not be read."""
    found = list(reader.rows(written))
    facts = [Told(reader.KIND, each.cells) for each in found if isinstance(each, Row)]
    refused = [each for each in found if isinstance(each, Refused)]
    if refused:
        more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
        return facts, Rejected(f"{name}, line {refused[0].line}: {refused[0].reason}{more}.", remedy=MEND)
    if not facts:
        return [], Rejected(
            f"{name} holds no objective.", remedy="Give the address of YAML of OpenSLO, sloth or Pyrra."
        )
    return facts, None
