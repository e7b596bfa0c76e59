"""JSON that a terminal may be shown."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_ACTING: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""What JSON takes as it is, and a terminal or a reader of text acts on."""


def to_json(value: Any, indent: int | None = 2) -> str:
    """Return *value* as JSON text; characters that act, and no others, are escaped.

    Without *indent* it is on one line, and made several times as fast.
    """
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n"


def escaped(text: str) -> str:
    """Return JSON text with the characters that act escaped."""
    return _ACTING.sub(lambda match: json.dumps(match[0])[1:-1], text)
