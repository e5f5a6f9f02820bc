"""What somebody said when setting a source of Alertmanager up: which labels mean what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from integrations.alertmanager import CLASSES, LEFT_OUT
from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import AlertClass

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    severity_label: str
    model_label: str
    service_label: str
    classes: Mapping[str, str]
    left_out: frozenset[str]
    web_url: str

    def class_of(self, labels: Labels) -> str | None:
        return self.classes.get(labels.get(self.severity_label, "").lower())

    def url_of(self, name: str) -> str | None:
        """The alerts of that name that fire now."""
        if not self.web_url:
            return None
        matcher = f'{{alertname="{name}"}}'
        return f"{self.web_url.rstrip('/')}/#/alerts?filter={quote(matcher)}"


def rules(settings: Mapping[str, Any]) -> Rules:
    """The rules; `Rejected` names what makes no sense."""
    return Rules(
        severity_label=str(settings.get("severity_label") or "severity"),
        model_label=str(settings.get("model_label") or "model"),
        service_label=str(settings.get("service_label") or "service"),
        classes=dict(map(_class, settings.get("classes", CLASSES))),
        left_out=frozenset(settings.get("left_out", LEFT_OUT)),
        web_url=str(settings.get("web_url") or ""),
    )


def _class(line: str) -> tuple[str, str]:
    severity, _, word = line.rpartition(" ")
    if not severity.strip() or word not in list(AlertClass):
        remedy = f"Write critical page, with one of {', '.join(AlertClass)}."
        raise Rejected(f"{line[:100]!r} names no severity and what it does.", remedy=remedy)
    return severity.strip().lower(), word
