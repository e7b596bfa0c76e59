"""turbo.json: which variables reach a task."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from megalint.formats import jsonc
from megalint.formats.jsonc import Json
from megalint.source import Location, Source


@dataclass(frozen=True, slots=True)
class Turbo:
    """A turbo.json of the root or of a package."""

    source: Source
    json: Json

    @property
    def is_strict(self) -> bool:
        """Whether tasks see declared variables only: since 2 unless ``envMode`` says loose."""
        mode = self.json.text("envMode") or self.json.text("experimentalEnvMode")
        return mode == "strict" if mode else self.json.get("tasks") is not None

    def _tasks(self) -> dict[str, Json]:
        return self.json.items("tasks") or self.json.items("pipeline")

    def task(self, name: str, package: str) -> Json | None:
        """Return the definition of a task, the package's own first."""
        tasks = self._tasks()
        return tasks.get(f"{package}#{name}") or tasks.get(name)

    def place(self, name: str, package: str) -> Location:
        """Return where a task is defined."""
        task = self.task(name, package)
        span = self.json.span if task is None else task.key_span or task.span
        return Location(self.source, span)

    def patterns(self, name: str, package: str) -> tuple[str, ...]:
        """Return the names and wildcards that a task declares, the global ones included."""
        task = self.task(name, package)
        own = () if task is None else (*task.texts("env"), *task.texts("passThroughEnv"))
        return (*self.json.texts("globalEnv"), *self.json.texts("globalPassThroughEnv"), *own)


def parse(source: Source) -> Turbo:
    """Return the configuration in *source*."""
    return Turbo(source, jsonc.parse(source))


def passes(patterns: tuple[str, ...], variable: str) -> bool:
    """Whether a variable is let through; a later ``!NAME`` takes it back."""
    result = False
    for pattern in patterns:
        name = pattern.removeprefix("!").removeprefix("$")
        if fnmatchcase(variable, name):
            result = not pattern.startswith("!")
    return result
