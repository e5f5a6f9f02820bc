"""One entity of the catalog as the fields of a fact about a model or service.

The format: https://backstage.io/docs/features/software-catalog/descriptor-format
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ops_console.contracts.yaml_documents import Values, part, text

ALIASES = (
    "github.com/project-slug",
    "gitlab.com/project-slug",
    "bitbucket.org/project-slug",
    "pagerduty.com/service-id",
    "backstage.io/kubernetes-id",
    "argocd/app-name",
    "jenkins.io/job-full-name",
    "sentry.io/project-slug",
    "sonarqube.org/project-key",
)
"""Annotations by whose value another tool names the same thing. Others may hold keys that nobody else should see."""
KINDS = {
    "service": "service",
    "ml-service": "online",
    "online-model": "online",
    "batch-model": "batch",
    "batch-job": "batch",
    "streaming-model": "streaming",
    "llm-application": "llm_app",
    "agent": "llm_app",
}
"""Types of components as the kinds of a model; a kind's own word is understood, too."""
OWN_WORDS = ("online", "batch", "streaming", "edge", "llm_app", "prompt", "index", "service")
LIFECYCLES = {
    "deprecated": "production",
    "development": "experimental",
    "staging": "experimental",
    "beta": "experimental",
    "decommissioned": "retired",
    "archived": "retired",
}
"""What is deprecated still runs, and still breaks."""
NOT_RUNNING = ("library", "website", "documentation", "template")
"""Types of components that nobody deploys as a model or service."""
SCAFFOLDED = "backstage.io/source-template"
TIER_KEYS = ("tier", "service-tier")
TIER = re.compile(r"(?:tier[-_ ]?)?([123])", re.I)


def fields(entity: Values) -> dict[str, Any]:
    """The fact's fields; what the entity does not say is left out."""
    metadata, spec = part(entity, "metadata"), part(entity, "spec")
    annotations = part(metadata, "annotations")
    told = {
        "external_id": reference(entity),
        "name": name_of(entity),
        "url": _address(annotations),
        "kind": _kind(text(spec, "type")),
        "lifecycle": LIFECYCLES.get(text(spec, "lifecycle").lower(), text(spec, "lifecycle").lower()),
        "tier": _tier(metadata),
        **_answers(text(spec, "owner")),
        "runbook_url": _runbook(metadata),
        "depends_on": [_named(each) for each in _texts(spec.get("dependsOn"))],
        "paved_road": ["scaffold"] if text(annotations, SCAFFOLDED) else [],
        "aliases": [reference(entity), *filter(None, [text(metadata, "title")]), *names_elsewhere(entity)],
    }
    return {name: value for name, value in told.items() if value}


def reference(entity: Values) -> str:
    """The entity's own name for itself: `component:default/ranker`."""
    metadata = part(entity, "metadata")
    namespace = text(metadata, "namespace") or "default"
    return f"{text(entity, 'kind')}:{namespace}/{text(metadata, 'name')}".lower()


def name_of(entity: Values) -> str:
    metadata = part(entity, "metadata")
    return _spelt(text(metadata, "namespace"), text(metadata, "name"))


def names_elsewhere(entity: Values) -> list[str]:
    """What other tools call it."""
    annotations = part(part(entity, "metadata"), "annotations")
    return list(dict.fromkeys(value for key in ALIASES if (value := text(annotations, key))))


def _texts(found: Any) -> list[str]:
    return [each.strip() for each in found if isinstance(each, str) and each.strip()] if isinstance(found, list) else []


def _spelt(namespace: str, name: str) -> str:
    """A name in another namespace than the usual one carries it."""
    return name if namespace in ("", "default") else f"{namespace}/{name}"


def _split(ref: str) -> tuple[str, str, str]:
    """Kind, namespace and name of `[kind:][namespace/]name`."""
    kind, colon, rest = ref.rpartition(":")
    namespace, slash, name = rest.rpartition("/")
    return (kind.lower() if colon else ""), (namespace if slash else ""), name


def _named(ref: str) -> str:
    kind, namespace, name = _split(ref)
    spelt = _spelt(namespace, name)
    return spelt if kind in ("", "component") else f"{kind}:{spelt}"


def _answers(owner: str) -> dict[str, str]:
    """A user owns by himself, a group as a team; the kind is a group where none is written."""
    kind, namespace, name = _split(owner)
    spelt = _spelt(namespace, name)
    return {"owner": spelt} if kind == "user" else {"owner": spelt, "team": spelt}


def _kind(word: str) -> str:
    spelt = word.lower().replace(" ", "-").replace("_", "-")
    own = spelt.replace("-", "_")
    return KINDS.get(spelt, own if own in OWN_WORDS else "")


def _tier(metadata: Values) -> str:
    for keyed in (part(metadata, "labels"), part(metadata, "annotations")):
        for key in keyed:
            if key.rpartition("/")[2].lower() in ("tier", "service-tier") and (
                found := TIER.fullmatch(text(keyed, key))
            ):
                return found[1]
    tagged = (re.fullmatch(r"tier[-_]?([123])", tag, re.I) for tag in _texts(metadata.get("tags")))
    return next((tag[1] for tag in tagged if tag), "")


def _runbook(metadata: Values) -> str:
    annotations = part(metadata, "annotations")
    for key in annotations:
        if key.rpartition("/")[2].lower() in ("runbook", "runbook-url"):
            return text(annotations, key)
    return next(_runbook_links(metadata), "")


def _runbook_links(metadata: Values) -> Iterator[str]:
    links = metadata.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and "runbook" in f"{text(link, 'type')} {text(link, 'title')}".lower():
            yield text(link, "url")


def _address(annotations: Values) -> str:
    seen = text(annotations, "backstage.io/view-url") or text(annotations, "backstage.io/source-location")
    return seen.removeprefix("url:")
