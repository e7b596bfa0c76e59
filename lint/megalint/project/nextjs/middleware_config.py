"""What Next reads out of the ``config`` of a middleware, without running it (facts: matchers)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.project.apps import Bundler
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.matchers import EVERYWHERE, Matcher, compiled
from megalint.source import Location, Source, Span

PROXY_SINCE: Final = 16
STRICT_SINCE: Final = 15
_CASTS_SINCE: Final = {"satisfies": 15, "as": 16, "as const": 16, "<>": 16}
_KEYS: Final = frozenset({"source", "has", "missing", "locale"})
_TURBOPACK_KEYS: Final = _KEYS | {"matcher", "regions", "runtime"}


class Effect(Enum):
    """What Next does about a ``config`` that it cannot read."""

    STOPS = "the build stops"
    WARNS = "it warns and runs the middleware on every path"
    SILENT = "it runs the middleware on every path and says nothing"


class MatcherProblem(Struct, frozen=True):
    """Something in ``config`` that Next cannot read; *words* name it."""

    location: Location
    words: str
    effect: Effect


class ReadConfig(Struct, frozen=True):
    """The part of ``config`` that Next uses; :attr:`location` is where it is declared."""

    location: Location | None
    matchers: tuple[Matcher, ...]
    has_matcher: bool
    problem: MatcherProblem | None
    runtime: str | None


class _UnreadableError(Exception):
    """A node that Next's static analysis gives up on."""

    def __init__(self, node: js.Node, words: str) -> None:
        super().__init__(words)
        self.node = node
        self.words = words


class _InvalidError(_UnreadableError):
    """A value that Next reads, and refuses."""


def read_config(module: js.Module, config: AppConfig) -> ReadConfig:
    """Return the config that *module* exports as Next's static analysis sees it."""
    return _Reader(module.source, config).read(module)


class _Reader:
    def __init__(self, source: Source, config: AppConfig) -> None:
        self._source = source
        self._config = config
        self._major = config.app.major

    def read(self, module: js.Module) -> ReadConfig:
        declared = _declared(module)
        if declared is None:
            return self._without(None, self._re_exported(module))
        kind, value = declared
        location = Location(self._source, value.span)
        if kind != "const" and not self._is_turbopack:
            problem = MatcherProblem(location, f"`export {kind} config`", Effect.SILENT)
            return self._without(location, problem if _mentions(value, "matcher") else None)
        try:
            self._check(value)
            matcher = _member(self._bare(value), "matcher")
            entries = () if matcher is None else tuple(self._entries(matcher))
        except _UnreadableError as error:
            return self._without(location, self._problem(error))
        runtime = _text(_member(self._bare(value), "runtime"))
        if matcher is None or (not entries and self._is_turbopack):
            return ReadConfig(location, (self._everywhere(location),), False, None, runtime)
        return ReadConfig(location, entries, True, None, runtime)

    @property
    def _is_turbopack(self) -> bool:
        """Whether Turbopack reads the file itself; that of 15 leaves it to the code of webpack."""
        return self._config.app.bundler is Bundler.TURBOPACK and self._major >= PROXY_SINCE

    def _without(self, location: Location | None, problem: MatcherProblem | None) -> ReadConfig:
        return ReadConfig(location, (self._everywhere(location),), False, problem, None)

    def _everywhere(self, location: Location | None) -> Matcher:
        return Matcher("", EVERYWHERE, location or Location(self._source, Span(0, 0)))

    def _problem(self, error: _UnreadableError) -> MatcherProblem:
        stops = self._major >= STRICT_SINCE or isinstance(error, _InvalidError)
        effect = Effect.STOPS if stops else Effect.WARNS
        return MatcherProblem(Location(self._source, error.node.span), error.words, effect)

    def _re_exported(self, module: js.Module) -> MatcherProblem | None:
        """Next finds only what is declared where it is exported."""
        for statement in module.body:
            if isinstance(statement, js.ExportNames) and any(
                one.exported == "config" for one in statement.names
            ):
                effect = Effect.STOPS if self._is_turbopack else Effect.SILENT
                location = Location(self._source, statement.span)
                return MatcherProblem(location, "`export { config }`", effect)
        return None

    # --- what can be read at all ---

    def _check(self, node: js.Expression) -> None:
        """Raise :class:`_UnreadableError` at the first node that Next cannot read."""
        bare = self._bare(node)
        match bare:
            case js.Literal() | js.RegularExpression() | js.Name(_, "undefined"):
                pass
            case js.Template(_, _, values) if not values:
                pass
            case js.Array(_, elements):
                for one in elements:
                    if one is not None:
                        self._check(one)
            case js.Object(_, members):
                for member in members:
                    self._check_member(member)
            case _:
                raise _UnreadableError(bare, description(bare))

    def _check_member(self, member: js.Property | js.Accessor | js.Spread) -> None:
        if not isinstance(member, js.Property):
            raise _UnreadableError(member, description(member))
        if member.is_computed:
            raise _UnreadableError(member.key, "a computed key")
        if member.is_shorthand:
            raise _UnreadableError(member, "a variable")
        if self._is_read(member):
            self._check(member.value)

    def _is_read(self, member: js.Property) -> bool:
        """Turbopack leaves aside what is no matter of its own."""
        key = member.key.value if isinstance(member.key, js.Literal) else None
        return not self._is_turbopack or key in _TURBOPACK_KEYS

    def _bare(self, node: js.Expression) -> js.Expression:
        """Drop ``satisfies`` and ``as`` where this version of Next does."""
        while isinstance(node, js.Cast):
            since = _CASTS_SINCE.get(node.kind)
            if since is None or self._major < since:
                raise _UnreadableError(node, f"`{node.kind}`")
            node = node.operand
        return node

    # --- what is in it ---

    def _entries(self, value: js.Expression) -> Iterator[Matcher]:
        bare = self._bare(value)
        if isinstance(bare, js.Name):
            yield self._everywhere(Location(self._source, bare.span))
        elif isinstance(bare, js.Array):
            for one in bare.elements:
                if one is None:
                    raise _InvalidError(bare, "a hole in the list")
                yield self._entry(one)
        elif isinstance(bare, js.Object) and self._major >= STRICT_SINCE:
            raise _InvalidError(bare, "an object that is not in a list")
        else:
            yield self._entry(bare)

    def _entry(self, node: js.Expression) -> Matcher:
        bare = self._bare(node)
        if isinstance(bare, js.Object):
            return self._object(bare)
        return self._matcher(bare, bare, has_locale=True, is_conditional=False)

    def _object(self, node: js.Object) -> Matcher:
        for member in node.members:
            key = (
                member.key.value
                if isinstance(member, js.Property | js.Accessor)
                and isinstance(member.key, js.Literal)
                else None
            )
            if key not in _KEYS:
                raise _InvalidError(member, f"the key `{key}`")
        source = _member(node, "source")
        locale = _member(node, "locale")
        has_locale = not (isinstance(locale, js.Literal) and locale.value is False)
        is_conditional = any(_is_filled(_member(node, name)) for name in ("has", "missing"))
        return self._matcher(source, node, has_locale=has_locale, is_conditional=is_conditional)

    def _matcher(
        self,
        source: js.Expression | None,
        node: js.Node,
        *,
        has_locale: bool,
        is_conditional: bool,
    ) -> Matcher:
        text = None if source is None else _text(self._bare(source))
        if source is None or text is None:
            raise _InvalidError(source or node, "no string")
        if not text.startswith("/"):
            raise _InvalidError(source, "a path without `/` at its start")
        regexp = compiled(text, self._config, has_locale=has_locale)
        if regexp is None:
            raise _InvalidError(source, "no pattern that Next understands")
        return Matcher(text, regexp, Location(self._source, source.span), is_conditional)


def _declared(module: js.Module) -> tuple[str, js.Expression] | None:
    """Return how ``config`` is declared and exported at once, and its value."""
    for statement in module.body:
        match statement:
            case js.ExportDeclaration(_, js.Declaration(_, kind, declarators)):
                for one in declarators:
                    if isinstance(one.target, js.Name) and one.target.text == "config":
                        return None if one.value is None else (kind, one.value)
            case _:
                pass
    return None


def _member(node: js.Expression, name: str) -> js.Expression | None:
    """Return a property of an object literal; the last of one name wins."""
    found = None
    for member in node.members if isinstance(node, js.Object) else ():
        if isinstance(member, js.Property) and isinstance(member.key, js.Literal):
            found = member.value if member.key.value == name else found
    return found


def _mentions(node: js.Expression, name: str) -> bool:
    while isinstance(node, js.Cast):
        node = node.operand
    return _member(node, name) is not None


def _is_filled(node: js.Expression | None) -> bool:
    return node is not None and not (isinstance(node, js.Array) and not node.elements)


def _text(node: js.Expression | None) -> str | None:
    if isinstance(node, js.Literal) and isinstance(node.value, str):
        return node.value
    if isinstance(node, js.Template) and not node.values:
        return node.strings[0]
    return None


def description(node: js.Node) -> str:
    """Return words for a node where a literal is wanted."""
    names: dict[type[js.Node], str] = {
        js.Name: "a variable",
        js.Template: "a template with expressions",
        js.Spread: "a spread",
        js.Member: "a property access",
        js.Binary: "a concatenation",
        js.Call: "a call",
        js.Conditional: "a condition",
    }
    return names.get(type(node), "an expression")
