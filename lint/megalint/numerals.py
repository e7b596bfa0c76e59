"""Whole numbers as text: those that Python reads, and no others."""

from __future__ import annotations

from typing import Final

MAX_DIGITS: Final = 15
"""Any number that counts something is shorter; what :class:`int` takes ends at 4300 digits."""


def is_whole(text: str) -> bool:
    """Whether *text* is a whole number: ``str.isdigit`` is true of ``²``, too."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
