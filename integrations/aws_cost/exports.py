"""FOCUS exports in S3: https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html

A manifest is written once all its files are, and names them; nothing else in the bucket is read. An export either
overwrites its files or writes new ones beside them, so a file that is younger than its manifest belongs to a version
that is still being written.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from integrations.aws_cost.account import Account
from integrations.aws_cost.api import Aws
from integrations.aws_cost.refusals import AGAIN, Changed, Gone, refusals
from ops_console.contracts.http import MINUTE
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import iso, now

MANIFEST = re.compile(r"/metadata/billing_period=(\d{4}-\d\d)/(?:.+/)?[^/]*manifest\.json", re.IGNORECASE)
LARGEST = 8_000_000
"""Bytes of a manifest that are read."""
SETTLES = timedelta(minutes=2)
"""The manifest and the last file of an export are written at about the same time."""
ABANDONED = timedelta(days=2)
"""An export that is still not whole after that will not be."""
CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Written:
    """An object as it was listed or asked for."""

    key: str
    etag: str
    at: datetime
    size: int

    @property
    def name(self) -> str:
        return PurePosixPath(self.key).name

    @property
    def version(self) -> str:
        """Of when it is, and what: an object may be written anew and say the same. A listing tells finer times."""
        return f"{self.etag} {iso(self.at.replace(microsecond=0))}"


@dataclass(frozen=True, slots=True)
class Export:
    """One billing period of an export that is whole: its manifest and the files it names."""

    period: str
    manifest: Written
    files: tuple[Written, ...]


class Bucket:
    """The bucket of one export."""

    def __init__(self, aws: Aws, account: Account) -> None:
        self._account, self._aws = account, aws

    def manifests(self) -> dict[str, Written]:
        """The newest manifest of each billing period."""
        found: dict[str, Written] = {}
        folder = f"{self._account.folder}/metadata/"
        with refusals(self._account.export):
            pages = self._aws.service("s3").get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._account.bucket, Prefix=folder):
                for each in page.get("Contents", ()):
                    told = MANIFEST.search(each["Key"])
                    one = Written(each["Key"], each["ETag"], each["LastModified"], each["Size"])
                    if told and (told[1] not in found or (found[told[1]].at, found[told[1]].key) < (one.at, one.key)):
                        found[told[1]] = one
        return found

    def export(self, period: str, manifest: Written) -> Export:
        """What a manifest names, all of it there and none of it newer than the manifest."""
        files = []
        for key in self._keys(manifest):
            if key.endswith(".parquet"):
                remedy = "Make an export whose file format is gzip and csv; the data are the same."
                raise Rejected(f"The export {self._account.export} is written as Parquet.", remedy=remedy)
            files.append(self._file(key, period, manifest))
        return Export(period, manifest, tuple(files))

    def rows(self, export: Export) -> Iterator[Path | None]:
        """Each file in turn, fetched into a folder of its own that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="ops-console-aws-") as folder:
            for number, each in enumerate(export.files):
                path = Path(folder) / f"{number}" / each.name
                path.parent.mkdir()
                yield from self._fetched(each, path)
                yield path
                path.unlink()
        if self._asked(export.manifest.key).version != export.manifest.version:
            raise self._being_written(export.period)

    def header(self, export: Export) -> bytes:
        """How the first file begins."""
        if not export.files:
            return b""
        with refusals(export.files[0].key):
            said = self._got(export.files[0], Range=f"bytes=0-{CHUNK}")
            try:
                content: bytes = said.read()
            finally:
                said.close()
        return content

    def _keys(self, manifest: Written) -> list[str]:
        with refusals(manifest.key):
            body = self._got(manifest)
            try:
                content = b"".join(body.iter_chunks(CHUNK)) if manifest.size <= LARGEST else b""
            finally:
                body.close()
        try:
            return [self._key(str(each)) for each in json.loads(content)["dataFiles"]]
        except (ValueError, KeyError, TypeError):
            remedy = "Check that the export was made by Data Exports."
            raise Rejected(f"The manifest {manifest.key} names no files.", remedy=remedy) from None

    def _key(self, address: str) -> str:
        """Files are named by their whole address or by their key."""
        if not address.startswith("s3://"):
            return address
        bucket, _, key = address.removeprefix("s3://").partition("/")
        if bucket != self._account.bucket:
            raise Rejected(f"A manifest of {self._account.export} leads to the bucket {bucket[:100]}.")
        return key

    def _file(self, key: str, period: str, manifest: Written) -> Written:
        try:
            found = self._asked(key)
        except Gone:
            if now() - manifest.at < ABANDONED:
                raise self._being_written(period) from None
            remedy = "Let AWS fill the export again, or let this source begin later."
            raise Rejected(f"A file of {period} is not there any more: {key}.", remedy=remedy) from None
        if found.at > manifest.at + SETTLES:
            raise self._being_written(period)
        return found

    def _being_written(self, period: str) -> Changed:
        return Changed(f"AWS writes the export of {period} just now.", retry_after=15 * MINUTE, remedy=AGAIN)

    def _asked(self, key: str) -> Written:
        with refusals(key):
            said = self._aws.service("s3").head_object(Bucket=self._account.bucket, Key=key)
        return Written(key, said["ETag"], said["LastModified"], said["ContentLength"])

    def _got(self, each: Written, **more: Any) -> Any:
        """What is read is what was listed, or nothing."""
        place = {"Bucket": self._account.bucket, "Key": each.key, "IfMatch": each.etag}
        return self._aws.service("s3").get_object(**place, **more)["Body"]

    def _fetched(self, each: Written, path: Path) -> Iterator[None]:
        with refusals(each.key):
            body = self._got(each)
            try:
                with path.open("wb") as file:
                    for chunk in body.iter_chunks(CHUNK):
                        file.write(chunk)
                        yield None
            finally:
                body.close()
