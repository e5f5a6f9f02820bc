"""SVG to PNG without a browser, in a font that ships with the product."""

from io import BytesIO

import font_roboto
import resvg_py
from PIL import Image

PAPER = "#FFFFFF"
COLOURS = 128
"""More than a drawing has beside the shades of its edges; a palette cuts its file to less than half."""


def png(svg: str, width: int, background: str = PAPER) -> bytes:
    """The drawing as PNG, `width` pixels wide.

    resvg drops text silently where a font is missing, so no system font is asked and ours is named.
    """
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        background=background,
        skip_system_fonts=True,
        font_dirs=[font_roboto.font_directory],
        font_family="Roboto",
        sans_serif_family="Roboto",
    )
    # Median cut keeps flat colours exactly; dithering would dot them.
    colours = Image.open(BytesIO(bytes(drawn))).convert("RGB")
    small = BytesIO()
    colours.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()
