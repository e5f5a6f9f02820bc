"""Style sheets and scripts under addresses that carry their content's hash, so that browsers may keep them for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from ops_console.reporting.charts.tokens import stylesheet

OWN = Path(__file__).parent / "static"
STYLES = "console.css"
PLOTLY = "plotly.min.js"
"""From the plotly wheel; loaded on detail pages, over a drawing that is there already."""


@dataclass
class Asset:
    """One file, compressed when first asked for."""

    name: str
    path: Path
    more: str = ""

    @property
    def content(self) -> bytes:
        return self.path.read_bytes() + self.more.encode()

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.content, 6, mtime=0)

    @property
    def address(self) -> str:
        return f"/assets/{self.digest}/{self.name}"

    @property
    def media_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Assets:
    """Every file of `static/`, and plotly.js."""

    def __init__(self) -> None:
        found = [path for path in OWN.iterdir() if path.is_file()]
        found.append(Path(str(files("plotly") / "package_data" / PLOTLY)))
        self._known = {path.name: Asset(path.name, path) for path in found}
        self._known[STYLES].more = stylesheet()

    def __getitem__(self, name: str) -> Asset:
        return self._known[name]

    def get(self, digest: str, name: str) -> Asset | None:
        asset = self._known.get(name)
        return asset if asset is not None and asset.digest == digest else None

    def address(self, name: str) -> str:
        return self[name].address
