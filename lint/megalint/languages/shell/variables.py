"""The variables of the current shell: read, set, and those that the shell itself keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from megalint.languages.shell.host import Host
from megalint.languages.shell.signals import Discard, Exit
from megalint.languages.shell.state import KEYED, File, Machine, Shell, Status, Variable, either
from megalint.languages.shell.syntax import Parameter, Range
from megalint.numerals import is_whole
from megalint.source import Location
from megalint.text import OPAQUE, Text, joined
from megalint.values import Unknown

_UNKNOWN: Final = {
    "$": "a process id",
    "!": "a process id",
    "RANDOM": "a random number",
    "SRANDOM": "a random number",
    "SECONDS": "the time",
    "EPOCHSECONDS": "the time",
    "HOSTNAME": "the host's name",
    "PPID": "a process id",
    "BASHPID": "a process id",
    "LINENO": "a line number",
    "BASH_VERSION": "the version of bash",
    "OLDPWD": "the folder before",
    "_": "the last argument",
    "REPLY": "a line that was read",
    "GROUPS": "the groups",
    "OSTYPE": "the system",
    "MACHTYPE": "the system",
    "HOSTTYPE": "the system",
}


class Variables:
    """Reads and sets what the shell of the run holds."""

    shell: Shell
    machine: Machine
    host: Host
    here: Location | None
    substitutions = 0

    # --- reading ---------------------------------------------------------------------------

    def lookup(self, part: Parameter, index: Text | None) -> Text | None:
        """Return the value of a parameter, or of its item *index*; None where it is unset."""
        if index is not None:
            return self._item(part, index.flat)
        found = self.value(part.name)
        is_tested = part.operator is not None and part.operator[-1] in "-=?+"
        is_tested = is_tested and not (part.operator or "").startswith("!")
        if found is None and "u" in self.shell.options and not is_tested:
            raise self.fatal(part.range)
        return found

    def value(self, name: str) -> Text | None:
        """Return the value of a variable or of a special parameter, or None."""
        variable = self.shell.variables.get(name)
        if variable is not None:
            return self._of(variable)
        if is_whole(name):
            return self._positional(int(name))
        special = self._special(name)
        if special is not None:
            return special
        if name in _UNKNOWN:
            return Text.opaque(Unknown(_UNKNOWN[name]))
        if not self.shell.has_known_environment:
            return Text.opaque(Unknown(f"the variable {name} of who starts the script"))
        return None

    def _of(self, variable: Variable) -> Text | None:
        value = variable.value
        if variable.items is not None:
            value = variable.items[0] if variable.items else None
        if value is None or variable.is_certain:
            return value
        return either(value, Text())

    def _positional(self, number: int) -> Text | None:
        if number == 0:
            return self.shell.script_name or Text.literal(self.shell.name)
        items = self.shell.positional
        return items[number - 1] if number <= len(items) else None

    def _special(self, name: str) -> Text | None:
        match name:
            case "#":
                return Text.literal(str(len(self.shell.positional)))
            case "?":
                return self._status()
            case "-":
                letters = "".join(sorted(one for one in self.shell.options if len(one) == 1))
                return Text.literal(f"{letters}hB")
            case "PWD":
                return self.shell.cwd
            case "UID" | "EUID":
                return Text.literal("0") if self.shell.user == "root" else None
            case "BASH_SOURCE" | "BASH_ARGV0":
                return self.shell.script_name or None
            case "IFS":
                return Text.literal(" \t\n")
            case _:
                return None

    def _status(self) -> Text:
        if self.shell.status is Status.OK or self.shell.status is Status.ASSUMED:
            return Text.literal("0")
        if self.shell.status is Status.FAIL:
            return Text.literal("1")
        return Text.opaque(Unknown("how the command before ended"))

    def _item(self, part: Parameter, index: str) -> Text | None:
        items = self.items(part.name)
        if _is_keyed(items):
            return items[0]
        number = self.number(index) if not is_whole(index.removeprefix("-")) else index
        if number == "unknown value" or OPAQUE in index:
            return Text.opaque(Unknown(f"an item of ${part.name}"), part.range.location)
        try:
            return items[int(number or 0)]
        except (IndexError, ValueError):
            return None

    def keys(self, name: str) -> list[Text]:
        """Return the keys of an array: numbers from 0, or one that is not known."""
        items = self.items(name)
        return items if _is_keyed(items) else [Text.literal(str(one)) for one in range(len(items))]

    def items(self, name: str) -> list[Text]:
        """Return the items of an array, or those of ``$@``."""
        if name in {"@", "*"}:
            return list(self.shell.positional)
        variable = self.shell.variables.get(name)
        if variable is None:
            return []
        if variable.items is not None:
            return list(variable.items)
        return [] if variable.value is None else [variable.value]

    def number(self, name: str) -> str | None:
        """Return the text of a variable for arithmetic; an unset one is empty."""
        found = self.value(name)
        if found is None:
            return ""
        return found.known if found.known is not None else "unknown value"

    # --- setting ---------------------------------------------------------------------------

    def assign(
        self, name: str, value: Text, location: Location | None, *, is_append: bool = False
    ) -> None:
        """Set a variable; it stays exported where it was, and is with ``set -a``."""
        before = self.shell.variables.get(name)
        if before is not None and before.is_readonly:
            self.shell.status = Status.FAIL
            return
        if before is not None and before.items is not None:
            # an array stays one: its first item is set, and no command is given it
            head = before.items[0] + value if is_append and before.items else value
            items = (head, *before.items[1:])
            self.shell.variables[name] = replace(before, items=items, location=location)
            return
        if is_append and before is not None and before.value is not None:
            value = before.value + value
        is_exported = "a" in self.shell.options or (before is not None and before.is_exported)
        how = "exported" if is_exported else "assigned"
        self.shell.variables[name] = Variable(value, is_exported, location or self.here, how)

    def assign_items(
        self, name: str, items: tuple[Text, ...], location: Location | None, *, is_append: bool
    ) -> None:
        """Set an array; the items of one with keys are not told apart."""
        if any(re.match(r"\[.*\]=", one.flat, re.DOTALL) for one in items):
            items = (Text.opaque(KEYED, location),)
        if is_append:
            items = (*self.items(name), *items)
        self.shell.variables[name] = Variable(None, location=location or self.here, items=items)

    def assign_item(self, name: str, index: Text, value: Text, location: Location | None) -> None:
        """Set one item of an array; with another key than the next number all become unknown."""
        items = self.items(name)
        if not is_whole(index.flat) or int(index.flat) > len(items) or _is_keyed(items):
            items = [Text.opaque(KEYED, location)]
            index, value = Text.literal("0"), items[0]
        items[int(index.flat) :] = [value, *items[int(index.flat) + 1 :]]
        self.shell.variables[name] = Variable(
            None, location=location or self.here, items=tuple(items)
        )

    def put_number(self, name: str, value: int) -> None:
        """Set a variable to a number that arithmetic computed."""
        self.assign(name, Text.literal(str(value), self.here), self.here)

    def export(self, name: str, how: str = "exported") -> None:
        """Give a variable to every command from here on."""
        before = self.shell.variables.get(name)
        if before is None:
            self.shell.variables[name] = Variable(None, True, self.here, how)
        else:
            self.shell.variables[name] = replace(before, is_exported=True, how=how)

    def keep_local(self, name: str) -> None:
        """Remember a variable, so that it is again what it was when the function ends."""
        if self.shell.locals:
            *outer, last = self.shell.locals
            if all(one != name for one, _ in last):
                last = (*last, (name, self.shell.variables.get(name)))
            self.shell.locals = (*outer, last)

    def restore_locals(self) -> None:
        """End the scope of the innermost function."""
        *outer, last = self.shell.locals
        self.shell.locals = tuple(outer)
        for name, variable in last:
            if variable is None:
                self.shell.variables.pop(name, None)
            else:
                self.shell.variables[name] = variable

    # --- folders and files -----------------------------------------------------------------

    def home(self, user: str) -> Text | None:
        """Return the home folder that a tilde stands for."""
        own = self.shell.variables.get("HOME") if not user else None
        if own is not None and own.value is not None:
            return own.value
        found = self.host.home(user or self.shell.user)
        return None if found is None else Text.literal(found)

    def path(self, name: Text) -> str:
        """Return the absolute path that *name* is, with ``.`` and ``..`` taken out."""
        flat = name.flat
        whole = flat if flat.startswith("/") else f"{self.shell.cwd.flat}/{flat}"
        parts: list[str] = []
        for part in whole.split("/"):
            if part == "..":
                del parts[-1:]
            elif part not in {"", "."}:
                parts.append(part)
        return "/" + "/".join(parts)

    def file(self, path: str) -> File | None:
        """Return a file as far as its content is known."""
        if path == "/dev/null":
            return File(Text())
        return self.machine.files.get(path) or self.host.image_file(path)

    def content(self, name: Text) -> Text | None:
        """Return what a file holds; None where there is none, open where it is not known."""
        path = self.path(name)
        found = self.file(path)
        if found is None:
            return Text.opaque(Unknown(f"the content of {path}")) + Text.literal("\n")
        if found.content is None or found.is_certain:
            return found.content
        return either(found.content, Text.opaque(Unknown(f"the content of {path}")))

    def keep_file(
        self, path: str, content: Text, *, is_append: bool = False, owner: str | None = None
    ) -> None:
        """Write a file: the last one who writes it wins."""
        before = self.file(path)
        place: tuple[Location, ...] = (self.here,) if self.here is not None else ()
        is_whole = True
        if is_append:
            kept = before.content if before is not None else None
            is_whole = before is not None and before.is_whole
            if before is None:
                kept = Text.opaque(Unknown(f"what the image has in {path}")) + Text.literal("\n")
            content = joined((kept or Text(), content))
            place = (before.writes if before is not None else ()) + place
        self.machine.files[path] = File(
            content,
            owner or (before.owner if before is not None and before.content else self.shell.user),
            is_whole,
            writes=place,
        )

    # --- errors ----------------------------------------------------------------------------

    def bad_substitution(self, place: Range) -> Discard:
        """Return the signal of an expansion that bash cannot read."""
        self.host.refused("bad substitution", place.location)
        return Discard(Status.FAIL)

    def fatal(self, place: Range) -> Exit:
        """Return the signal of ``set -u`` or ``${x:?}``."""
        self.here = place.location or self.here
        return Exit(Status.FAIL, is_guard=True)


def _is_keyed(items: Sequence[Text]) -> bool:
    return any(piece.unknown is KEYED for one in items for piece in one.pieces)
