"""S3, budgets and identities of AWS, by moto; and Data Exports, which moto has not, as it writes to S3."""

import csv
import gzip
import io
import json
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import boto3

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks
from tests.ingest.test_costs import HEADER, charge

LOOPBACK = networks("127.0.0.0/8, ::1/128")
KEYS = {"access_key_id": "AKIA0S3CRET", "secret_access_key": "s3cret"}
BUCKET, FOLDER = "acme-costs", "reports/focus"
NUMBER = "123456789012"
SESSION = boto3.session.Session("test", "test", region_name="us-east-1")
Charge = dict[str, Any]


def month(period: str, amount: Any = "1.5", **said: Any) -> Charge:
    """A charge on the second day of a billing period."""
    year, number = map(int, period.split("-"))
    following = f"{year + number // 12}-{number % 12 + 1:02}"
    return charge(
        BillingPeriodStart=f"{period}-01T00:00:00Z",
        BillingPeriodEnd=f"{following}-01T00:00:00Z",
        ChargePeriodStart=f"{period}-02T00:00:00Z",
        ChargePeriodEnd=f"{period}-03T00:00:00Z",
        BilledCost=str(amount),
        EffectiveCost=str(amount),
        **said,
    )


def packed(charges: Sequence[Charge], header: Sequence[str] = HEADER) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(charges)
    return gzip.compress(text.getvalue().encode(), mtime=0)


class Cloud:
    """One account. Data Exports writes the files of a period first and its manifest last."""

    def __init__(self, url: str) -> None:
        self.url = url
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()
        self.s3 = self.client("s3")
        self.s3.create_bucket(Bucket=BUCKET)

    def client(self, name: str) -> Any:
        return SESSION.client(name, endpoint_url=self.url)

    def settings(self, **changes: Any) -> dict[str, Any]:
        return {"export": f"s3://{BUCKET}/{FOLDER}", "endpoint_url": self.url} | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("aws_cost", self.settings(**changes), KEYS, LOOPBACK)

    def write(self, period: str, *files: Sequence[Charge], version: str = "") -> None:
        """A whole export of a period: over the last one, or beside it as a version of its own."""
        self.write_manifest(period, self.write_files(period, *files, version=version), version=version)

    def write_files(self, period: str, *files: Sequence[Charge], version: str = "") -> list[str]:
        folder = f"{FOLDER}/data/BILLING_PERIOD={period}{version and '/'}{version}"
        keys = [f"{folder}/focus-{number:05}.csv.gz" for number in range(1, len(files) + 1)]
        for key, charges in zip(keys, files, strict=True):
            self.put(key, packed(charges))
        return keys

    def write_manifest(self, period: str, keys: Sequence[str], version: str = "") -> str:
        key = f"{FOLDER}/metadata/BILLING_PERIOD={period}{version and '/'}{version}/focus-Manifest.json"
        files = [f"s3://{BUCKET}/{each}" for each in keys]
        self.put(key, json.dumps({"executionId": version or "e1", "dataFiles": files}).encode())
        return key

    def put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)

    def budget(self, name: str, amount: str = "5000", unit: str = "MONTHLY", **said: Any) -> None:
        made = {
            "BudgetName": name,
            "BudgetLimit": {"Amount": amount, "Unit": "USD"},
            "TimeUnit": unit,
            "BudgetType": "COST",
        }
        self.client("budgets").create_budget(AccountId=NUMBER, Budget=made | said)


def at(period: str, day: int = 2) -> datetime:
    return datetime.fromisoformat(f"{period}-{day:02}T00:00:00+00:00")
