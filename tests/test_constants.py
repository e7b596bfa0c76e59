"""What the arguments of call sites are, by the constants in reach."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from megalint import Source
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.constants import Constants, patterns
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk

OTHER = "export const BASE = '/api'; export const PATHS = { list: '/api/list' } as const;"


def module_of(text: str, name: str = "page.ts") -> js.Module:
    return parse(Source(PurePosixPath(name), text))


def argument(text: str) -> tuple[str, ...]:
    """Return what the argument of the call of ``ask`` in *text* may be."""
    module, other = module_of(text), module_of(OTHER, "other.ts")
    constants = Constants(lambda _, specifier: other if specifier == "./other" else None)
    for node in walk(module):
        match node:
            case js.Call(_, js.Name(_, "ask"), (first, *_)):
                return patterns(constants.value(module, first))
            case _:
                pass
    raise AssertionError("no call of ask")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ask('/api/x')", ("/api/x",)),
        ("const a = '/api'; ask(a + '/x')", ("/api/x",)),
        ("function f(id) { ask(`/api/events/${id}`) }", ("/api/events/*",)),
        ("const a = '/x'; function f() { const a = '/y'; ask(a) }", ("/y",)),
        ("const a = '/x'; function f(a) { ask(a) }", ("*",)),
        ("const a = '/x'; { const a = '/y' } ask(a)", ("/x",)),
        ("let a = '/x'; ask(a)", ("*",)),
        ("const { a } = given; ask(a + '/x')", ("*/x",)),
        ("ask(flag ? '/a' : '/b')", ("/a", "/b")),
        ("ask((process.env.BASE ?? '') + '/x')", ("*/x", "/x")),
        ("ask('' || '/a')", ("/a",)),
        ("ask('' ?? '/a')", ("",)),
        ("ask('/a' || '/b')", ("/a",)),
        ("ask(new URL('/api/x', window.location.origin).toString())", ("/api/x",)),
        ("ask(new URL('/api/x', elsewhere))", ("*",)),
        ("ask(String('/a') as string)", ("/a",)),
        ("import { BASE } from './other'; ask(`${BASE}/x`)", ("/api/x",)),
        ("import { BASE as b } from './other'; ask(b)", ("/api",)),
        ("import { PATHS } from './other'; ask(PATHS.list)", ("/api/list",)),
        ("import { BASE } from 'package'; ask(BASE)", ("*",)),
        ("const p = { a: '/a', ...more }; ask(p.a)", ("*",)),
        ("const a = b; const b = a; ask(a)", ("*",)),
    ],
)
def test_argument_is(text: str, wanted: tuple[str, ...]) -> None:
    assert argument(text) == wanted
