"""The code as a QR picture: read by the counter's scanner, or by any telephone that opens the page.

Black on white with the quiet zone the standard asks for (ISO/IEC 18004: four modules), in dark pages too, since
many scanners do not read it the other way round.
"""

from __future__ import annotations

import io

import segno

_WIDTH = 480
"""Pixels at least; messengers shrink pictures and scanners need sharp edges."""
_QUIET = 4


def png(content: str) -> bytes:
    """A picture for a file."""
    code = segno.make_qr(content, error="m")
    scale = -(-_WIDTH // code.symbol_size(border=_QUIET)[0])
    out = io.BytesIO()
    code.save(out, kind="png", scale=scale, border=_QUIET, dark="#000", light="#fff")
    return out.getvalue()


def svg(content: str) -> bytes:
    """A picture for a page, sharp at any size."""
    out = io.BytesIO()
    segno.make_qr(content, error="m").save(
        out, kind="svg", scale=8, border=_QUIET, dark="#000", light="#fff", omitsize=True, nl=False
    )
    return out.getvalue()
