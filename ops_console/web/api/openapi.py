"""`GET /api/v1/openapi.json`: what the API is, for tools."""

from ops_console.web.access import Access
from ops_console.web.api._api import Api
from ops_console.web.console import console
from ops_console.web.openapi import Document, description
from ops_console.web.operation import Answer

pages = Api("openapi", "Description")


# Public: it says what the published source says and nothing of what the workspace holds, and gateways, generators and
# editors read it before anybody has made them a token.
@pages.get("/api/v1/openapi.json", access=Access.PUBLIC)
def openapi() -> Answer[Document]:
    """This description, as OpenAPI 3.1"""
    return Answer(description(console().routes.values(), console().parts.manifests.values()))
