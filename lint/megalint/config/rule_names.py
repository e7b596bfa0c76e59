"""Names of rules that no rule has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatch

from megalint.config.kinds import close, shown
from megalint.config.mistakes import KINDS, Mistake, UnknownRuleName
from megalint.config.model import Config
from megalint.config.reading import Layer
from megalint.finding import Severity
from megalint.source import Location


def mistakes_by_kind(config: Config, known: Collection[str]) -> dict[type[object], list[Mistake]]:
    """Return all mistakes in a configuration by their types, each of :data:`KINDS` among them.

    *known* are the ids and families of the rules that there are.
    """
    found: dict[type[object], list[Mistake]] = {kind: [] for kind in KINDS}
    for mistake in (*config.mistakes, *unknown_rule_names(config.layers, known)):
        found[type(mistake)].append(mistake)
    return found


def unknown_rule_names(
    layers: Iterable[Layer], known: Collection[str]
) -> Iterator[UnknownRuleName]:
    """Yield a mistake for each name in *layers* that is none of *known*, and no glob over them."""
    for layer in layers:
        taken: set[str | None] = {None}
        for table, name, location in _written(layer):
            if not is_known(name, known):
                meant = close(name, sorted(known))
                words = f"`{name}` in `{table}` is no rule and no family, and has no effect"
                new = None if meant in taken else _new(layer, table, meant)
                yield UnknownRuleName(location, words, meant, new)
                taken.add(meant)


def is_known(name: str, known: Collection[str]) -> bool:
    """Whether *name* is one of *known*, or a glob that matches one."""
    return name in known or any(fnmatch(one, name) for one in known)


def is_named(names: Collection[str], patterns: Iterable[str]) -> bool:
    """Whether one of *names*, those of one rule, is meant by one of *patterns*."""
    return any(fnmatch(name, one) for one in patterns for name in names)


def level_of(names: Collection[str], levels: Mapping[str, Severity]) -> Severity | None:
    """Return the level of what has *names*, the most exact first, or of the last glob over them."""
    exact = (levels[one] for one in names if one in levels)
    globs = (level for one, level in reversed([*levels.items()]) if is_named(names, (one,)))
    return next(exact, next(globs, None))


def _new(layer: Layer, table: str, meant: str | None) -> str | None:
    """Return how *meant* is written in a table; None where that is there already."""
    if meant is None or (table == "rules" and layer.holds("rules", meant)):
        return None
    return meant if table == "rules" else shown(meant)


def _written(layer: Layer) -> Iterator[tuple[str, str, Location]]:
    for name in layer.names("rules"):
        yield "rules", name, layer.location("rules", name, is_key=True)
    for glob in layer.names("per-path"):
        for number, name in enumerate(layer.get("per-path", glob, "ignore")):
            yield "per-path", name, layer.location("per-path", glob, "ignore", number)
