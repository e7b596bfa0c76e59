"""Draw the sentences that megalint speaks from its source: f-strings and texts, as templates."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from megalint.registry import load_rules
from megalint.rule import Rule
from megalint.translation.catalogue import FILLED, Key
from megalint.translation.templates import Choice, Hole, Part, Template

SPEAKING: Final = (
    "audit/__init__.py",
    "check.py",
    "config/globs.py",
    "config/kinds.py",
    "config/mistakes.py",
    "config/reading.py",
    "config/rule_names.py",
    "formats/user_data.py",
    "discover.py",
    "languages/hcl/evaluate.py",
    "languages/hcl/parse.py",
    "languages/hcl/templates.py",
    "languages/hcl/tokens.py",
    "languages/javascript/parse.py",
    "project/evidence.py",
    "project/failover/reach.py",
    "project/failover/recovery.py",
    "project/failover/scripts.py",
    "project/launches/*.py",
    "project/live/decode.py",
    "project/live/facts.py",
    "project/live/table.py",
    "project/live/wording.py",
    "project/nextjs/middleware_config.py",
    "project/nextjs/middleware_files.py",
    "read.py",
    "readiness/checklist.py",
    "readiness/data.py",
    "readiness/detection.py",
    "readiness/dns.py",
    "readiness/forwarding.py",
    "readiness/pipeline.py",
    "readiness/standby.py",
    "rehearsal/collect.py",
    "rehearsal/given.py",
    "rehearsal/pointing.py",
    "run.py",
)
"""Modules of the engine, below ``megalint``, whose texts people read: paths or globs.

Of its other modules only the labels of places do.
"""
WORDS: Final = (
    "it",
    "this machine",
    "process",
    "minimum",
    "maximum",
    "redirects",
    "rewrites",
    "answers",
    "load balancer",
    "network",
    "machine",
    "the script ends before ({0})",
    "override of {0}",
    "a list of texts",
    "a list of globs",
    "a list of names of rules",
    "a list of {0}",
    "exported",
    "inline",
    *("{0} launch template", "{0} launch templates", "{0} version", "{0} versions"),
    *("{0} region", "{0} regions", "{0} region ({1})", "{0} regions ({1})"),
    *("{0} instance", "{0} instances"),
)
"""Words that findings put into sentences, and that no sentence of a module is."""
NOUNS: Final = ("app", "error", "file", "note", "question", "rule", "time", "warning")
"""What the summary of a report counts."""
CELLS: Final = (
    *("version", "created", "marks", "used by", "placeholder", "hosts", "environment"),
    *("complete", "not known"),
    *("given", "sometimes", "lacking", "empty", "no effect", "absent"),
    *("process", "env-file", "image", "image file", "file"),
    *("frozen at build", "frozen until revalidated", "frozen in standalone", "inlined at build"),
    *("read at server start", "read per request", "read in the browser"),
    *("never takes effect", "not read"),
    *("starts sometimes", "starts never"),
    "and what cannot be seen: a file of the image, or who starts it",
    "✓ given  ~ given on some runs  ✗ lacking  ∅ given empty  - no effect: the build has its own"
    "  . not given, not needed",
    *("user data", "env file", "written in code", "default in code", "not given"),
    *("name", "value", "from", "place", "points to"),
    *("pass", "fail", "not checked", "error", "warning", "note"),
    "The primary region",
    "Detection: health checks and alarms",
    "Forwarding: from the alarm to the recovery region",
    "The state machine and its approvals",
    *("What takes over", "Data", "DNS", "By hand"),
    *("Why is this bad?", "Example", "Use instead:"),
)
"""What the tables of an audit and of a trace, and the pages of rules, say by themselves."""
_PATTERNS: Final = frozenset(
    {"compile", "Kind", "TypeVar", "getattr", "getLogger", "Data", "aws", "shell", "mentions"}
)
"""Calls whose texts are not for people."""
_FIELD: Final = re.compile(r"(?<![$%{])\{[a-z_]*\}")
_LABELS: Final = frozenset({"labelled", "Location", "at", "Unknown"})
"""Calls that are given the label of a place, or why a value is not known."""
_CODE: Final = re.compile(r"[(^\\\-!$]|.*\n", re.DOTALL)
"""How texts begin that are code: patterns, options, what a fix writes."""
_ENGINE: Final = Path(__file__).parent
_LEAST: Final = 2


def sentences_spoken() -> list[Key]:
    """Return every sentence that people may read, sorted: of findings, rules and the summary."""
    rules = load_rules()
    found = {str(one) for path in _of_rules(rules) for one in sentences(path)}
    filled = {f"{{0}} {noun}{end}" for noun in NOUNS for end in ("", "s")}
    for path in sorted(_ENGINE.rglob("*.py")):
        has_labels_only = not _is_speaking(path.relative_to(_ENGINE).as_posix())
        found.update(str(one) for one in sentences(path, has_labels_only=has_labels_only))
        filled.update(_filled(path))
    found.update(WORDS)
    filled.update(CELLS)
    found.update(str(Template((rule.page().partition("\n")[0],))) for rule in rules)
    return sorted({("", one) for one in found} | {(FILLED, one) for one in filled})


def _is_speaking(path: str) -> bool:
    return any(fnmatch(path, one) for one in SPEAKING)


def _filled(path: Path) -> Iterator[str]:
    """Yield the sentences that a module fills by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) == "fill" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _of_rules(rules: Iterable[Rule[Any]]) -> list[Path]:
    """Return the files of *rules*."""
    modules = {type(rule).__module__ for rule in rules}
    return sorted(Path(str(sys.modules[name].__file__)) for name in modules)


def sentences(path: Path, *, has_labels_only: bool = False) -> Iterator[Template]:
    """Yield the templates of the texts in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set(_not_spoken(tree))
    labels = set(_labels(tree))
    for node in ast.walk(tree):
        if id(node) not in skipped and isinstance(node, ast.JoinedStr | ast.Constant):
            template = _template(node)
            if template is None or not template.is_sentence:
                continue
            if id(node) in labels or (not has_labels_only and _is_spoken(template)):
                yield template


def _labels(tree: ast.AST) -> Iterator[int]:
    """Yield the texts that are labels of places, which may be one word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _LABELS:
            yield from (id(one) for value in node.args for one in ast.walk(value))


def _is_spoken(template: Template) -> bool:
    """Whether it is words for people: more than one, or one beside a hole."""
    text = "".join(one for one in template.parts if isinstance(one, str)).strip()
    if _CODE.match(str(template)):
        return False
    return " " in text or (bool(template.holes) and " " in str(template))


def _not_spoken(tree: ast.AST) -> Iterator[int]:
    """Yield the nodes whose texts are not for people: docstrings, patterns, parts of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.Call) and _name(node.func) in _PATTERNS:
            yield from (id(one) for one in ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            yield from (id(one) for one in node.values)
        elif isinstance(node, ast.Assert):
            yield from (id(one) for one in ast.walk(node))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _template(node: ast.JoinedStr | ast.Constant) -> Template | None:
    if isinstance(node, ast.Constant):
        return _formatted(node.value) if isinstance(node.value, str) else None
    parts: list[Part] = []
    count = 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
            continue
        choice = _choice(value)
        if choice is not None:
            parts.append(choice)
        else:
            parts.append(Hole(count))
            count += 1
    return Template(tuple(parts))


def _formatted(text: str) -> Template:
    """Return a plain text; what ``str.format`` fills in is a hole."""
    texts = _FIELD.split(text)
    parts: list[Part] = [texts[0]] if texts[0] else []
    for number, one in enumerate(texts[1:]):
        parts += [Hole(number), one] if one else [Hole(number)]
    return Template(tuple(parts))


def _choice(node: ast.expr) -> Choice | None:
    """Return the forms of a verb: what ``verb(names, "is", "are")`` gives."""
    call = node.value if isinstance(node, ast.FormattedValue) else node
    if not (isinstance(call, ast.Call) and _name(call.func) == "verb"):
        return None
    words = [one.value for one in call.args[1:] if isinstance(one, ast.Constant)]
    is_plain = len(words) >= _LEAST and all(isinstance(one, str) for one in words)
    return Choice(tuple(map(str, words))) if is_plain else None
