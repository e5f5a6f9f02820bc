"""Bodies that were packed with gzip."""

import zlib

from werkzeug.exceptions import RequestEntityTooLarge

from ops_console.core.errors import BadInput

GZIP = b"\x1f\x8b"
"""What gzip begins with."""
LARGEST_UNPACKED = 64_000_000


def unpacked(data: bytes) -> bytes:
    """What was packed; refused where it is damaged, or larger than anybody needs."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, LARGEST_UNPACKED)
    except zlib.error as error:
        raise BadInput("The body is damaged gzip.", remedy="Pack it again.") from error
    if unpacker.unconsumed_tail:
        raise RequestEntityTooLarge(f"Unpacked, a body has at most {LARGEST_UNPACKED // 1_000_000} MB.")
    if not unpacker.eof:
        raise BadInput("The body is gzip that ends too early.", remedy="Send it again; nothing was kept.")
    return content
