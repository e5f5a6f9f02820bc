"""What vendors deliver, as operations of the description: one for each address at which an integration is told."""

from collections.abc import Iterable, Iterator

from typing_extensions import TypedDict

from ops_console.contracts.integration import Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.web.problems import ProblemDocument
from ops_console.web.schemas import Json, Schemas

TAG = "Deliveries"
PROOF = "delivery"
PROOF_SAYS = "The secret of the source, which also says which source is meant."
KEPT = "It is answered once it is kept, and read within a minute; gzip is fine."
SOURCE: Json = {
    "name": "source",
    "in": "path",
    "required": True,
    "description": "The name of the source, as it was set up.",
    "schema": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,59}$"},
}
TAKEN = {"202": "It is kept.", "200": "It was kept before; a repetition changes nothing."}
REFUSED = {
    "401": "Nobody who knows the secret sent it.",
    "404": "No source takes deliveries here.",
    "413": "The body is too large.",
    "429": "The source delivers too much; `Retry-After` says when there is room again.",
    "503": "The secret of the source cannot be read; send it again later.",
}


class Delivered(TypedDict):
    """What was kept: its id, and whether it was known before."""

    delivery: str
    known: bool


def hook_operations(manifests: Iterable[Manifest], schemas: Schemas) -> Iterator[tuple[str, Json]]:
    """Each address with its operation, by the title of the integration."""
    for manifest in sorted(manifests, key=lambda each: each.title.casefold()):
        if "webhook" in manifest.roles:
            yield f"/hooks/{manifest.key}/{{source}}", _operation(manifest, schemas, at_fixed_address=False)
        if manifest.address:
            yield manifest.address, _operation(manifest, schemas, at_fixed_address=True)


def _operation(manifest: Manifest, schemas: Schemas, *, at_fixed_address: bool) -> Json:
    proof = " ".join(each.hint for each in manifest.secrets if each.name == WEBHOOK_SECRET)
    problems = schemas.of_answer(ProblemDocument)
    refusal = {"application/problem+json": problems} if at_fixed_address else {"text/plain": {"type": "string"}}
    return {
        "operationId": f"deliver_{manifest.key}{'_at_its_address' if at_fixed_address else ''}",
        "tags": [TAG],
        "summary": f"Deliver what {manifest.title} says{' at the one address its senders know' * at_fixed_address}",
        "description": f"{KEPT} {proof}".strip(),
        "security": [{PROOF: []}] if at_fixed_address else [],
        "parameters": [] if at_fixed_address else [SOURCE],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
        "responses": {
            **_answers(TAKEN, {"application/json": schemas.of_answer(Delivered)}),
            **_answers(REFUSED, refusal),
        },
    }


def _answers(statuses: dict[str, str], content: dict[str, Json]) -> Json:
    bodies = {media: {"schema": schema} for media, schema in content.items()}
    return {status: {"description": says, "content": bodies} for status, says in statuses.items()}
