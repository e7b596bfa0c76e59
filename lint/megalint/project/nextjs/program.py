"""An app as a program: its interpreter for the server, and what its configuration says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from megalint.languages.javascript.evaluate import Interpreter, JsValue, Realm
from megalint.languages.javascript.evaluate.interpreter import FUEL
from megalint.languages.javascript.evaluate.objects import UNDEFINED
from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.modules import Modules
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.host import IN_BROWSER, NextHost
from megalint.project.nextjs.relevance import Relevance
from megalint.source import Location, Needle, Source, Span, whole

ENVIRONMENT: Final = Needle((whole("process"), whole("env")))
"""What a module mentions that can read the environment."""
ANYTHING: Final = Needle(
    (
        ("process", r"process\b"),
        whole("env"),
        ("next/", r"next/(?:headers|cache|server|dynamic)"),
        whole("cookies"),
        whole("headers"),
        ("searchParams", "searchParams"),
        ("no-store", "no-store"),
        whole("revalidate"),
        whole("dynamic"),
        whole("runtime"),
        ("auth", r"auth(?<=\bauth)"),
        ("use server", r"use server(?<=['\"]use server)\b"),
        ("use cache", r"use cache(?<=['\"]use cache)\b"),
    )
)
"""What a module mentions that can matter to what the server renders."""


LIVE_FUEL: Final = 2_000


class Program:
    """One app, run."""

    def __init__(self, checkout: Checkout, modules: Modules, app: App, config: AppConfig) -> None:
        self.checkout = checkout
        self.modules = modules
        self.app = app
        self.config = config
        self.host = NextHost(checkout, modules, Relevance(checkout, modules, ANYTHING))
        self.interpreter = Interpreter(self.host, Realm.SERVER)

    @cached_property
    def browser_host(self) -> NextHost:
        """The surroundings of the app's code in a browser."""
        relevance = Relevance(self.checkout, self.modules, ENVIRONMENT)
        return NextHost(self.checkout, self.modules, relevance, IN_BROWSER)

    @cached_property
    def browser(self) -> Interpreter:
        """The interpreter of the app's code in a browser."""
        return Interpreter(self.browser_host, Realm.BROWSER)

    def trial(self, action: Callable[[], object], *, is_live: bool = False) -> None:
        """Run *action* within bounds, and undo what it wrote to memory.

        Of what is live, nothing but the reads matters: it gets less time.
        """

        def run() -> JsValue:
            action()
            return UNDEFINED

        left = self.interpreter.budget
        self.interpreter.journal.trial(
            lambda: self.interpreter.attempt(run, LIVE_FUEL if is_live else FUEL)
        )
        self.checkout.work.counts["steps of javascript"] += left - self.interpreter.budget

    def export(self, source: Source, name: str) -> JsValue:
        """Return what *source* exports as *name*; undefined where the text never says the name."""
        if name != "default" and not source.mentions(name):
            return UNDEFINED
        site = Location(source, Span(0, 0))
        return self.interpreter.attempt(lambda: self.interpreter.export(source, name, site))
