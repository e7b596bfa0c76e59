"""What a shell and its machine hold while a script runs: variables, functions, files."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from enum import Enum
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from megalint.languages.shell.syntax import Function
from megalint.source import Location
from megalint.text import Text
from megalint.values import Choice, Known, Unknown, Value

KEYED: Final = Unknown("an item of an array with keys")
"""Why the one item is not known that stands for all of an array with keys of its own."""


class Status(Enum):
    """How a command ends. ASSUMED: well, if nothing is wrong with the machine."""

    OK = "ok"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"
    FAIL = "fail"

    @property
    def negated(self) -> Status:
        """The status after ``!``."""
        match self:
            case Status.OK:
                return Status.FAIL
            case Status.FAIL:
                return Status.OK
            case _:
                return Status.UNKNOWN


class Variable(Struct, frozen=True):
    """A shell variable; its value is None where it is declared only.

    :attr:`is_certain` is False where it may not be set at all. :attr:`items` are those of an array.
    :attr:`location` is where it was set, and :attr:`how`: "exported", "inline", "assigned".
    """

    value: Text | None
    is_exported: bool = False
    location: Location | None = None
    how: str = "assigned"
    is_certain: bool = True
    items: tuple[Text, ...] | None = None
    is_readonly: bool = False


class Missed(Struct, frozen=True):
    """A value that a command might be thought to receive, and why it does not.

    :attr:`kind` is one of unexported, other-command, subshell, user-switch, turbo.
    """

    name: str
    kind: str
    set_at: Location
    lost_at: Location | None
    words: str = ""


class File(Struct, frozen=True):
    """A file as the script left it.

    :attr:`content` None: it was removed. :attr:`is_whole` is False where the image's own content
    may come before. :attr:`writes` are the places that wrote it.
    """

    content: Text | None
    owner: str = "root"
    is_whole: bool = True
    is_certain: bool = True
    writes: tuple[Location, ...] = ()


class Shell(Struct):
    """One shell process. A child of it begins with what is exported, a subshell with all of it."""

    user: str
    cwd: Text
    name: str = "bash"
    script_name: Text = field(default_factory=Text)
    variables: dict[str, Variable] = field(default_factory=dict[str, Variable])
    functions: dict[str, Function] = field(default_factory=dict[str, Function])
    positional: tuple[Text, ...] = ()
    options: frozenset[str] = frozenset()
    status: Status = Status.OK
    missed: dict[str, Missed] = field(default_factory=dict[str, Missed])
    locals: tuple[tuple[tuple[str, Variable | None], ...], ...] = ()
    has_known_environment: bool = True

    def copy(self) -> Shell:
        """Return a shell that may change without changing this one."""
        return replace(
            self,
            variables=dict(self.variables),
            functions=dict(self.functions),
            missed=dict(self.missed),
        )

    def exported(self) -> dict[str, Variable]:
        """Return what a command is given; a variable without value is not given."""
        return {
            name: one
            for name, one in self.variables.items()
            if one.is_exported and one.value is not None and one.items is None
        }


class Machine(Struct):
    """What outlives a shell: files, and what commands keep there (processes, units)."""

    files: dict[str, File] = field(default_factory=dict[str, File])
    kept: dict[Hashable, object] = field(default_factory=dict[Hashable, object])

    def copy(self) -> Machine:
        """Return a machine that may change without changing this one."""
        return Machine(dict(self.files), dict(self.kept))

    def below(self, folder: str) -> Iterator[str]:
        """Yield the paths of the files in *folder* and its folders."""
        prefix = folder.rstrip("/") + "/"
        return (path for path in list(self.files) if path.startswith(prefix))


def either(first: Text, second: Text) -> Text:
    """Return the text that is one of two."""
    if first.flat == second.flat and first.known is not None and second.known is not None:
        return first
    options: dict[Value, None] = {}
    for text in (first, second):
        value = text.value
        for one in value.alternatives if isinstance(value, Choice) else (value,):
            options[one] = None
    return Text.opaque(Choice(tuple(options)), first.location or second.location)


def likely(text: Text) -> str | None:
    """Return the text where it is known, or the only one that the script itself gives it."""
    known = text.known
    if known is not None:
        return known
    value = text.value
    if isinstance(value, Choice):
        found = {
            one.value
            for one in value.alternatives
            if isinstance(one, Known) and isinstance(one.value, str) and one.value
        }
        return found.pop() if len(found) == 1 else None
    return None


def joined_shells(first: Shell, second: Shell) -> Shell:
    """Return the shell after one of two roads."""
    status = first.status if first.status is second.status else Status.UNKNOWN
    return replace(
        first,
        variables=dict(_joined_variables(first.variables, second.variables)),
        functions={**second.functions, **first.functions},
        cwd=either(first.cwd, second.cwd),
        status=status,
        options=first.options & second.options,
        missed={**second.missed, **first.missed},
    )


def _joined_variables(
    first: Mapping[str, Variable], second: Mapping[str, Variable]
) -> Iterator[tuple[str, Variable]]:
    for name in {**first, **second}:
        one, other = first.get(name), second.get(name)
        if one is not None and one == other:
            yield name, one
        elif one is None or other is None:
            only = one or other
            if only is not None:
                yield name, replace(only, is_certain=False)
        else:
            yield name, _joined_variable(one, other)


def _joined_variable(one: Variable, other: Variable) -> Variable:
    value = one.value if one.value is not None else other.value
    if one.value is not None and other.value is not None:
        value = either(one.value, other.value)
    return replace(
        one,
        value=value,
        is_exported=one.is_exported or other.is_exported,
        is_certain=one.is_certain and other.is_certain and one.is_exported == other.is_exported,
        items=one.items if one.items == other.items else None,
    )


def joined_machines(first: Machine, second: Machine) -> Machine:
    """Return the machine after one of two roads; what only one of them did is not certain."""
    files: dict[str, File] = {}
    for path in {**first.files, **second.files}:
        one, other = first.files.get(path), second.files.get(path)
        files[path] = one if one is not None and one == other else _joined_file(one, other)
    return Machine(files, {**second.kept, **first.kept})


def _joined_file(one: File | None, other: File | None) -> File:
    if one is None or other is None:
        only = one or other
        assert only is not None
        return replace(only, is_certain=False)
    if one.content is None or other.content is None:
        return replace(one if one.content is not None else other, is_certain=False)
    return File(
        either(one.content, other.content),
        one.owner,
        one.is_whole and other.is_whole,
        one.is_certain and other.is_certain,
        one.writes + other.writes,
    )
