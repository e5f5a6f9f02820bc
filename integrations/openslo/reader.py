"""A YAML file with objectives, of OpenSLO or for sloth or Pyrra, as facts: a broken document hides no other."""

import re
from collections.abc import Iterator, Mapping

from integrations.openslo import rules, spec
from integrations.openslo.spec import Cells
from integrations.openslo.unfit import Unfit
from ops_console.contracts.rows import LeftOut, Refused, Row
from ops_console.contracts.yaml_documents import Document, Values, documents, part, text

KIND = "slos"
MINE = re.compile(
    r"""^(?:apiVersion:\s*["']?(?:openslo|sloth\.slok\.dev|pyrra\.dev)|version:\s*["']?prometheus/v1)""", re.M
)
OPENSLO, SLOTH, SLOTH_IN_KUBERNETES, PYRRA = "openslo/v1", "prometheus/v1", "sloth.slok.dev/", "pyrra.dev/"
SHOWN = 2_000


def recognises(head: str) -> bool:
    """Whether a file that begins like this holds objectives."""
    return MINE.search(head) is not None


def rows(written: str) -> Iterator[Row | Refused | LeftOut]:
    """A row for every objective; the SLIs that objectives name are looked for in the same file."""
    found = list(documents(written))
    indicators = dict(filter(None, map(_defined, found)))
    taken: dict[str, int] = {}
    for document in found:
        for row in _rows(document, indicators):
            if isinstance(row, Row):
                name = row.cells["external_id"]
                if name in taken:
                    row = _refused(document, Unfit("name", f"{name} is told on line {taken[name]} already"))
                taken.setdefault(name, row.line)
            yield row


def _rows(document: Document, indicators: Mapping[str, str]) -> Iterator[Row | Refused | LeftOut]:
    content = document.content
    if document.reason:
        yield _refused(document, Unfit("", f"{document.reason}; mend the YAML"))
        return
    if not isinstance(content, Mapping) or not _version(content):
        yield _refused(document, Unfit("apiVersion", "the document has no apiVersion; write such as openslo/v1"))
        return
    try:
        told = _objectives(content, indicators)
        if told is None:
            yield LeftOut(document.line, text(content, "kind")[:40] or "document")
            return
        for each in told:
            yield _refused(document, each) if isinstance(each, Unfit) else Row(document.line, each)
    except Unfit as error:
        yield _refused(document, error)


def _version(content: Values) -> str:
    return text(content, "apiVersion") or text(content, "version")


def _objectives(content: Values, indicators: Mapping[str, str]) -> Iterator[Cells | Unfit] | None:
    """Of a document of another kind, nothing."""
    version, kind = _version(content), text(content, "kind")
    if version == SLOTH or version.startswith(SLOTH_IN_KUBERNETES):
        return rules.of_sloth(content)
    if version.startswith(PYRRA):
        return rules.of_pyrra(content)
    if not version.startswith("openslo") or kind != "SLO":
        return None
    if version != OPENSLO:
        raise Unfit("apiVersion", f"{version[:40]} is another version of OpenSLO; write it as {OPENSLO}")
    if not text(part(content, "metadata"), "name"):
        raise Unfit("metadata.name", "metadata.name is missing")
    return spec.objectives(content, indicators)


def _defined(document: Document) -> tuple[str, str] | None:
    """The name and words of an SLI."""
    content = document.content
    if not isinstance(content, Mapping) or text(content, "kind") != "SLI":
        return None
    return text(part(content, "metadata"), "name"), spec.indicator(content)


def _refused(document: Document, error: Unfit) -> Refused:
    return Refused(document.line, error.field or None, error.reason, " ".join(document.text.split())[:SHOWN])
