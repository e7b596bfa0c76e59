"""The forms that a chain may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from megalint.output import json_text
from megalint.trace.pipeline import Chain, html_form, json_form, mermaid_form, text_form

FORMS: Final[Mapping[str, Callable[[Chain], str]]] = {
    "text": text_form.to_text,
    "json": lambda chain: json_text.to_json(json_form.to_json(chain)),
    "html": html_form.to_html,
    "mermaid": mermaid_form.to_mermaid,
}
