"""SVG to PNG without a browser, in a font that ships with the product."""

import font_roboto
import resvg_py

BACKGROUND = "#FFFFFF"


def png(svg: str, width: int, background: str = BACKGROUND) -> bytes:
    """The drawing as PNG, `width` pixels wide.

    resvg drops text silently where a font is missing, so no system font is asked and ours is named.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            background=background,
            skip_system_fonts=True,
            font_dirs=[font_roboto.font_directory],
            font_family="Roboto",
            sans_serif_family="Roboto",
        )
    )
