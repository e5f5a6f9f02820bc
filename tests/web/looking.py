"""What a console says at some addresses, as one JSON object: for tests of a copy of the package, which needs a process
of its own. `python -m tests.web.looking DATABASE_URL ADDRESS…`
"""

import json
import sys

import integrations
import reports
from ops_console import factory
from ops_console.contracts.parts import assemble
from ops_console.core import logs
from ops_console.core.db import engine_for
from tests.web.api.test_facts import bearer
from tests.web.conftest import sign_in


def main(url: str, *addresses: str) -> None:
    logs.configure()  # to standard error, as the command line does
    engine = engine_for(url)
    browser = sign_in(factory.create_app(assemble(integrations, reports), database_url=url).test_client(), engine)
    headers = bearer(engine, "kpis:read")
    print(json.dumps({address: browser.get(address, headers=headers).text for address in addresses}))


if __name__ == "__main__":
    main(*sys.argv[1:])
