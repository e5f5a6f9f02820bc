"""Google Cloud on loopback, a fixed day, and no waiting."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pytest_httpserver import HTTPServer

from tests.integrations.gcp_cost.cloud import Cloud

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=4, cap=True):
        yield traveller


@pytest.fixture(scope="session")
def private_key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def cloud(httpserver: HTTPServer, private_key: str) -> Cloud:
    key = {
        "type": "service_account",
        "project_id": "acme-billing",
        "private_key_id": "1",
        "private_key": private_key,
        "client_email": "console@acme-billing.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": httpserver.url_for("/token"),
    }
    return Cloud(httpserver, json.dumps(key))
