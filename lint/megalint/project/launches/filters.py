"""Commands that print a part of what they read: ``grep``, ``cut``, ``tr``, ``head``, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from megalint.languages.shell import patterns
from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status
from megalint.numerals import is_whole
from megalint.project.launches import options, sed
from megalint.project.launches.expressions import basic, extended
from megalint.project.launches.files import read_all
from megalint.text import OPAQUE, Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_END: Final = Text.literal("\n")


def print_lines(lines: Iterable[Text], shell: Interpreter) -> None:
    """Print lines, each with its line feed."""
    shell.write(joined(part for line in lines for part in (line, _END)))


def unknown(call: Call, shell: Interpreter, what: str = "") -> Status:
    """Print something that is not known."""
    shell.write(Text.opaque(Unknown(what or f"what {call.name} prints"), call.location))
    return Status.UNKNOWN


def _grep(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words, {"-e", "--regexp", "-m", "-A", "-B", "-C", "-f", "--include"}, is_mixed=True
    )
    operands = list(read.operands)
    form = read.get("-e", "--regexp")
    if form is None and operands:
        form = operands.pop(0)
    names = {name for name, _ in read.found}
    text = read_all(operands, shell)
    if text is None:
        return Status.FAIL
    expression = None if form is None else _expression(form, names, call)
    if expression is None or not names <= set(_GREP_KNOWN) or text.flat == OPAQUE:
        return Status.UNKNOWN if "-q" in names else unknown(call, shell)
    lines = list(text.lines())
    longest = max((one.flat for one in lines), key=len, default="")
    if patterns.bounded(expression.pattern, longest) is None:
        return unknown(call, shell)
    chosen = [one for one in lines if bool(expression.search(one.flat)) != ("-v" in names)]
    if "-q" not in names:
        _print_found(chosen, expression, names, call, shell)
    if chosen:
        return Status.OK
    return Status.UNKNOWN if OPAQUE in text.flat else Status.FAIL


_GREP_KNOWN: Final = ("-v", "-q", "-E", "-F", "-i", "-e", "-o", "-c", "-h", "-s", "-w", "-x")


def _print_found(
    chosen: list[Text], expression: re.Pattern[str], names: set[str], call: Call, shell: Interpreter
) -> None:
    if "-c" in names:
        shell.write(Text.literal(f"{len(chosen)}\n", call.location))
    elif "-o" in names:
        print_lines(
            (
                line[match.start() : match.end()]
                for line in chosen
                for match in expression.finditer(line.flat)
                if match.end() > match.start()
            ),
            shell,
        )
    else:
        print_lines(chosen, shell)


def _expression(form: Text, names: set[str], call: Call) -> re.Pattern[str] | None:
    if form.known is None:
        return None
    if "-F" in names or call.name == "fgrep":
        text = "|".join(re.escape(one) for one in form.flat.split("\n"))
    elif "-E" in names or call.name == "egrep":
        text = extended(form.flat)
    else:
        text = basic(form.flat)
    if "-w" in names:
        text = rf"\b(?:{text})\b"
    if "-x" in names:
        text = rf"\A(?:{text})\Z"
    flags = "(?i)" if "-i" in names else ""
    return patterns.compiled(flags + text)


def _head(call: Call, shell: Interpreter, system: System) -> Status:
    return _ends(call, shell, lambda lines, count: lines[:count])


def _tail(call: Call, shell: Interpreter, system: System) -> Status:
    return _ends(call, shell, lambda lines, count: lines[-count:] if count else [])


def _ends(
    call: Call, shell: Interpreter, choose: Callable[[list[Text], int], list[Text]]
) -> Status:
    words = [
        Text.literal("-n" + word.flat[1:]) if re.fullmatch(r"-\d+", word.flat) else word
        for word in call.words
    ]
    read = options.read(words, {"-n", "-c", "--lines", "--bytes"}, is_mixed=True)
    count = read.get("-n", "--lines")
    text = read_all(read.operands, shell)
    number = "10" if count is None else count.flat
    if text is None:
        return Status.FAIL
    if "-c" in read or not is_whole(number) or OPAQUE in text.flat:
        return unknown(call, shell)
    print_lines(choose(list(text.lines()), int(number)), shell)
    return Status.OK


def _cut(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words, {"-d", "--delimiter", "-f", "--fields", "-c", "-b"}, is_mixed=True
    )
    text = read_all(read.operands, shell)
    fields = read.get("-f", "--fields")
    letters = read.get("-c", "-b")
    chosen = fields if fields is not None else letters
    if text is None:
        return Status.FAIL
    ranges = None if chosen is None else _ranges(chosen.flat)
    if ranges is None or OPAQUE in text.flat:
        return unknown(call, shell)
    mark = read.get("-d", "--delimiter")
    separator = "\t" if mark is None else mark.flat
    if fields is None:
        print_lines((_letters(line, ranges) for line in text.lines()), shell)
    else:
        print_lines((_fields(line, ranges, separator) for line in text.lines()), shell)
    return Status.OK


def _ranges(text: str) -> list[tuple[int, int]] | None:
    found: list[tuple[int, int]] = []
    for one in text.split(","):
        match = re.fullmatch(r"(\d*)(-?)(\d*)", one)
        if match is None or not (match[1] or match[3]):
            return None
        low = int(match[1] or 1)
        found.append((low, int(match[3] or 1_000_000) if match[2] else low))
    return found


def _is_in(number: int, ranges: list[tuple[int, int]]) -> bool:
    return any(low <= number <= high for low, high in ranges)


def _letters(line: Text, ranges: list[tuple[int, int]]) -> Text:
    return joined(line[n : n + 1] for n in range(len(line)) if _is_in(n + 1, ranges))


def _fields(line: Text, ranges: list[tuple[int, int]], separator: str) -> Text:
    if separator not in line.flat:
        return line
    mark = Text.literal(separator)
    parts = [part for n, part in enumerate(line.split(separator), 1) if _is_in(n, ranges)]
    return joined(one for part in parts for one in (mark, part))[len(separator) :]


def _tr(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, ())
    names = {name for name, _ in read.found}
    text = shell.read_rest()
    sets = [_set(word.flat) for word in read.operands]
    if None in sets or not names <= {"-d"} or not sets or OPAQUE in text.flat:
        return unknown(call, shell)
    first = sets[0] or ""
    if "-d" in names:
        keep = [n for n, char in enumerate(text.flat) if char not in first]
        shell.write(joined(text[n : n + 1] for n in keep))
        return Status.OK
    second = (sets[1] or "") if len(sets) > 1 else ""
    if not second:
        return unknown(call, shell)
    second = second.ljust(len(first), second[-1])
    table = str.maketrans(first, second[: len(first)])
    shell.write(Text.literal(text.flat.translate(table), text.location))
    return Status.OK


def _set(text: str) -> str | None:
    """Return the letters of a set of ``tr``; None for what is not read."""
    text = text.replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z")
    text = text.replace("[:digit:]", "0-9").replace("[:space:]", " \\t\\n\\r")
    if "[:" in text:
        return None
    for escape, char in (("\\n", "\n"), ("\\t", "\t"), ("\\r", "\r"), ("\\\\", "\\")):
        text = text.replace(escape, char)

    def spread(match: re.Match[str]) -> str:
        return "".join(map(chr, range(ord(match[1]), ord(match[2]) + 1)))

    return re.sub(r"(.)-(.)", spread, text, flags=re.DOTALL)


def _wc(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, (), is_mixed=True)
    text = read_all(read.operands, shell)
    if text is None:
        return Status.FAIL
    names = [name for name, _ in read.found]
    counts = {"-l": text.flat.count("\n"), "-w": len(text.flat.split()), "-c": len(text.flat)}
    if len(names) != 1 or names[0] not in counts or OPAQUE in text.flat or read.operands:
        return unknown(call, shell)
    shell.write(Text.literal(f"{counts[names[0]]}\n", call.location))
    return Status.OK


def _sort(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-k", "-t", "-o"}, is_mixed=True)
    text = read_all(read.operands, shell)
    if text is None:
        return Status.FAIL
    names = {name for name, _ in read.found}
    if not names <= {"-u", "-r"} or OPAQUE in text.flat:
        return unknown(call, shell)
    lines = sorted(text.lines(), key=lambda line: line.flat.encode(), reverse="-r" in names)
    if "-u" in names:
        lines = list({line.flat: line for line in lines}.values())
    print_lines(lines, shell)
    return Status.OK


def _basename(call: Call, shell: Interpreter, system: System) -> Status:
    operands = options.read(call.words, {"-s", "-a"}).operands
    if not operands or operands[0].known is None:
        return unknown(call, shell)
    flat = operands[0].flat.rstrip("/")
    start = flat.rfind("/") + 1
    name = operands[0][start : len(flat)]
    if len(operands) > 1 and name.flat.endswith(operands[1].flat) and name.flat != operands[1].flat:
        name = name[: len(name) - len(operands[1])]
    print_lines([name], shell)
    return Status.OK


def _dirname(call: Call, shell: Interpreter, system: System) -> Status:
    operands = options.read(call.words, ()).operands
    if not operands or (operands[0].known is None and "/" not in operands[0].flat):
        return unknown(call, shell)
    flat = operands[0].flat.rstrip("/")
    end = flat.rfind("/")
    folder = Text.literal("." if end < 0 else "/") if end <= 0 else operands[0][:end]
    print_lines([folder], shell)
    return Status.OK


def _awk(call: Call, shell: Interpreter, system: System) -> Status:
    """Read ``awk '{print $N}'`` and ``awk -F: '{print $N}'``; anything else is not known."""
    read = options.read(call.words, {"-F", "-v", "-f"})
    match = None
    if read.operands:
        match = re.fullmatch(r"\s*\{\s*print\s+\$(\d+|NF)\s*;?\s*\}\s*", read.operands[0].flat)
    text = read_all(read.operands[1:], shell) if match is not None else None
    if match is None or text is None or "-v" in read or OPAQUE in text.flat:
        return unknown(call, shell)
    mark = read.get("-F")
    print_lines((_column(line, match[1], mark) for line in text.lines()), shell)
    return Status.OK


def _column(line: Text, number: str, mark: Text | None) -> Text:
    if number == "0":
        return line
    if mark is None:
        parts = [line[m.start() : m.end()] for m in re.finditer(r"\S+", line.flat)]
    else:
        parts = list(line.split(mark.flat))
    if number == "NF":
        return parts[-1] if parts else Text()
    return parts[int(number) - 1] if int(number) <= len(parts) else Text()


def _sed(call: Call, shell: Interpreter, system: System) -> Status:
    return sed.run(call, shell, system)


def _seq(call: Call, shell: Interpreter, system: System) -> Status:
    numbers = [word.flat for word in call.words[1:]]
    if not all(re.fullmatch(r"-?\d+", one) for one in numbers) or not 1 <= len(numbers) <= 3:  # noqa: PLR2004
        return unknown(call, shell)
    first = int(numbers[0]) if len(numbers) > 1 else 1
    step = int(numbers[1]) if len(numbers) == 3 else 1  # noqa: PLR2004
    last = int(numbers[-1])
    values = range(first, last + (1 if step > 0 else -1), step) if step else range(0)
    print_lines((Text.literal(str(n), call.location) for n in values[:500]), shell)
    return Status.OK


COMMANDS: Final = {
    "grep": _grep,
    "egrep": _grep,
    "fgrep": _grep,
    "head": _head,
    "tail": _tail,
    "cut": _cut,
    "tr": _tr,
    "wc": _wc,
    "sort": _sort,
    "basename": _basename,
    "dirname": _dirname,
    "awk": _awk,
    "sed": _sed,
    "seq": _seq,
}
