"""A `catalog-info.yaml`, or several in one file, as facts about models and services."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from integrations.backstage.entity import NOT_RUNNING, fields, names_elsewhere
from ops_console.contracts.rows import LeftOut, Refused, Row
from ops_console.contracts.yaml_documents import Document, documents, part, text

KIND = "models"
MINE = re.compile(r"""^apiVersion:\s*["']?backstage\.io/""", re.M)
NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
SHOWN = 2_000


def recognises(head: str) -> bool:
    """Whether a file that begins like this holds entities of the catalog."""
    return MINE.search(head) is not None


def rows(written: str) -> Iterator[Row | Refused | LeftOut]:
    """A row for every component that runs. A name that several of them share with other tools is nobody's."""
    found = list(documents(written))
    shared = Counter(
        name for each in found if isinstance(each.content, Mapping) for name in names_elsewhere(each.content)
    )
    for document in found:
        row = _row(document)
        if isinstance(row, Row):
            row.cells["aliases"] = [name for name in row.cells["aliases"] if shared[name] <= 1]
        yield row


def _row(document: Document) -> Row | Refused | LeftOut:
    entity = document.content
    if document.reason:
        return _refused(document, f"{document.reason}; mend the YAML")
    if not isinstance(entity, Mapping) or not text(entity, "kind"):
        return _refused(document, "the document has no kind; an entity has apiVersion, kind, metadata and spec")
    if text(entity, "kind").lower() != "component":
        return LeftOut(document.line, text(entity, "kind")[:40])
    kind = text(part(entity, "spec"), "type").lower()
    if kind in NOT_RUNNING:
        return LeftOut(document.line, kind)
    name = text(part(entity, "metadata"), "name")
    if not NAME.fullmatch(name):
        told = f"{name[:80]!r} is no name of an entity" if name else "metadata.name is missing"
        return _refused(document, f"{told}; a name is made of letters and digits, joined by - _ or .", "name")
    return Row(document.line, fields(entity))


def _refused(document: Document, reason: str, column: str | None = None) -> Refused:
    return Refused(document.line, column, reason, " ".join(document.text.split())[:SHOWN])
