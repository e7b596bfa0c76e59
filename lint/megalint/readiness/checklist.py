"""The checklist as a whole: every stage in order, and at its end what only people can do."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from megalint.audit import audit
from megalint.config import Config
from megalint.formats.aws_answers import Inventory, inventory
from megalint.formats.failover_answers import Book
from megalint.readiness import (
    Checklist,
    Item,
    Stage,
    Told,
    data,
    detection,
    dns,
    forwarding,
    pipeline,
    standby,
)
from megalint.readiness.commands import shell
from megalint.report import Problem, Report
from megalint.rule import Rule

_BY_HAND: Final = Told(Stage.BY_HAND)


def checklist(
    book: Book,
    root: Path | None,
    rules: list[Rule[Any]],
    config: Config = Config(),
    names: tuple[str, ...] = (),
) -> Checklist:
    """Return the checklist of one account; with *names* (globs) of what is called so.

    What rules can look at (launch templates, topics) is checked by *rules* against the checkout at
    *root*.
    """
    held = _inventory(book)
    audited = None if held is None else audit(root, (held,), rules, config)
    found = None if audited is None else audited.report
    failures = () if found is None else (one for one in found.problems if one.is_internal)
    items = tuple(one for one in _items(book, found) if _is_meant(one, names))
    problems = (*failures, *_unanswered(book))
    project = None if audited is None else audited.project
    return Checklist(book.account, book.primary, book.recovery, items, problems, project=project)


def _inventory(book: Book) -> Inventory | None:
    """Return what the rules are shown: templates, and the topics whose subscriptions are known."""
    answers = [
        {"Subscriptions": [{"TopicArn": reply.about, **one}]}
        for reply in book.replies
        if reply.operation == "list_subscriptions_by_topic"
        for page in reply.pages
        for one in page.get("Subscriptions") or ()
    ]
    if book.inventory is None and not answers:
        return None
    own = book.inventory or Inventory(book.account, book.recovery)
    topics = inventory(answers, book.recovery).subscriptions
    return replace(own, not_checked=(), subscriptions=topics)


def _items(book: Book, found: Report | None) -> Iterator[Item]:
    yield from standby.primary(book)
    yield from detection.items(book)
    yield from forwarding.items(book)
    yield from pipeline.items(book, found)
    yield from standby.items(book, found)
    yield from data.items(book)
    yield from dns.items(book)
    yield from _by_hand(book)


def _is_meant(item: Item, names: tuple[str, ...]) -> bool:
    if not names or not item.subject or item.stage is Stage.BY_HAND:
        return True
    return any(fnmatchcase(item.subject, one) for one in names)


def _unanswered(book: Book) -> Iterator[Problem]:
    for region, one in book.unanswered:
        words = f"not checked: {one.service} {one.operation}: {one.reason}"
        yield Problem(f"{book.account} {region}".strip(), words, is_unanswered=True)


def _by_hand(book: Book) -> Iterator[Item]:
    """Yield what no answer of AWS tells: it stays to be done by people."""
    hosts = [
        str(one.get("DNSName"))
        for one in book.items(book.recovery, "elbv2", "describe_load_balancers", "LoadBalancers")
        or ()
    ]
    host = hosts[0] if hosts else "HOST"
    for id_, words, command in (
        ("terraform-plan", "whether the code is what is applied", shell("terraform plan")),
        ("api-health", "whether the API answers", shell(f"curl http://{host}/api/health")),
        ("newest-data", "whether the newest rows have arrived", ""),
        ("resolved-name", "what clients resolve", shell("nslookup NAME")),
        (
            "site",
            "whether people can use the site",
            shell(f"megalint rehearse --to {book.recovery} --live"),
        ),
    ):
        yield _BY_HAND.unchecked(id_, "", words, command)
