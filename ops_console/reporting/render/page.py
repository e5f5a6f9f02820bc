"""The report as HTML: a fragment for the console's own page, and a whole page that needs nothing else."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from ops_console.contracts.document import Block, Document

_TEMPLATES = Path(__file__).parents[1] / "templates"
_JINJA = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
CSS = (_TEMPLATES / "report.css").read_text("utf-8")


def fragment(document: Document) -> str:
    """One `<article>`; every text in it is escaped, the charts are our own drawings."""
    return _JINJA.get_template("report.html").render(
        document=document,
        sections=[section for section in document.sections if "page" in section.channels],
        kind=_kind,
    )


def page(document: Document) -> str:
    """A file to open, keep or print, with its styles inside."""
    title = " ".join((*document.marks, document.title))
    return _JINJA.get_template("page.html").render(title=title, css=CSS, fragment=fragment(document))


def _kind(block: Block) -> str:
    """The name of the macro that draws a block."""
    return type(block).__name__.lower()
