"""A checklist as JUnit's XML: an item is a case, what was not looked at is skipped."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from megalint.output.plain import printable
from megalint.readiness import Checklist, Item, Outcome
from megalint.readiness.wording import Words


def to_junit(found: Checklist, fail_on: str) -> str:
    """Return the XML; only what *fail_on* lets fail is a failure."""
    words = Words(found)
    failing = {id(one) for one in found.failing(fail_on)}
    skipped = found.counts[Outcome.NOT_CHECKED]
    cases = "".join(_case(one, words, is_failing=id(one) in failing) for one in found.items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="megalint dr" tests="{len(found.items)}"'
        f' failures="{len(failing)}" errors="0" skipped="{skipped}">\n{cases}'
        "</testsuite></testsuites>\n"
    )


def _case(item: Item, words: Words, *, is_failing: bool) -> str:
    name = f"{item.id} {item.subject}".strip()
    head = f"<testcase classname={_quoted(item.stage.name.lower())} name={_quoted(name)}"
    said = words.say(item.words)
    if item.outcome is Outcome.NOT_CHECKED:
        return f"{head}><skipped message={_quoted(said)}/></testcase>\n"
    if is_failing:
        text = f"{said} $ {item.command}" if item.command else said
        return f"{head}><failure message={_quoted(text)}/></testcase>\n"
    return f"{head}/>\n"


def _quoted(text: str) -> str:
    return quoteattr(printable(text))
