"""User data as EC2 keeps it: base64, perhaps gzip, UTF-8."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Final

MAX_BYTES: Final = 1_000_000
"""More than any user data unpacks to: EC2 takes 16 KiB."""
_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31


class Undecodable(Exception):
    """The text says what is wrong with the user data."""


def decoded(text: str) -> str:
    """Return the script in *text*; raises :class:`Undecodable`."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable("it is not base64") from error
    if data.startswith(_GZIP):
        data = _unpacked(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Undecodable(f"it is not UTF-8 text (byte {error.start})") from error


def _unpacked(data: bytes) -> bytes:
    machine = zlib.decompressobj(_GZIP_WINDOW)
    try:
        found = machine.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise Undecodable("its gzip is damaged") from error
    if machine.unconsumed_tail:
        raise Undecodable(f"its gzip unpacks to more than {MAX_BYTES // 1_000_000} MB")
    if not machine.eof:
        raise Undecodable("its gzip is cut off")
    return found
