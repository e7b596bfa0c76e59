"""Lowering: faithful, with right places, and never failing."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from megalint import Source
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk

SNIPPET = """import a, { b as c } from './d';
export default async function Page({ params }: { params: Promise<X> }) {
  const { x = 1, ...rest } = process.env;
  for (const [k, v] of Object.entries(rest)) { if (k) continue; }
  return <Main {...rest} a="한글" b={`x${v}`}>text &amp; {v}</Main>;
}
class A<T> extends B<T> { static #p = 1; constructor(private readonly q: string) { super(); } get r() { return this.q!; } }
export const s = (x as unknown as T) satisfies U ? y?.z?.[0]?.() : new W(1, ...v);
"""


def module(text: str, name: str = "a.tsx") -> js.Module:
    return parse(Source(PurePosixPath(name), text))


def expression(text: str, name: str = "a.tsx") -> js.Node:
    (statement,) = module(f"({text});", name).body
    assert isinstance(statement, js.ExpressionStatement)
    return statement.expression


def reasons(parsed: js.Module) -> list[str]:
    return [
        node.reason for node in walk(parsed) if isinstance(node, js.Opaque | js.OpaqueStatement)
    ]


def test_everything_in_the_snippet_has_a_meaning() -> None:
    parsed = module(SNIPPET)

    assert parsed.errors == ()
    assert reasons(parsed) == []


@pytest.mark.parametrize(
    "text",
    [
        "process.env.한글",
        "`a${b}c`",
        "x ?? (y || z)",
        "f(...a, 1)",
        "async (a) => a",
        "<a b={1}>c</a>",
    ],
)
def test_spans_are_the_text_of_the_node(text: str) -> None:
    prefix = "const 서울 = '😀';\r\n"
    source = Source(PurePosixPath("a.tsx"), f"\ufeff{prefix}const v = {text};")
    declaration = parse(source).body[-1]

    assert isinstance(declaration, js.Declaration)
    value = declaration.declarators[0].value
    assert value is not None
    assert source[value.span] == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import type { A } from 'a';", js.Empty),
        ("import { type A } from 'a';", js.Empty),
        ("import 'a';", js.Import),
        ("export type A = 1;", js.Empty),
        ("interface A {}", js.Empty),
        ("declare const a: 1;", js.Empty),
        ("export * as a from 'b';", js.ExportAll),
        ("export = a;", js.ExportAssignment),
        ("import a = require('b');", js.ImportRequire),
        ("enum A { B = 1, C }", js.Enum),
        ("namespace A { export const b = 1; }", js.OpaqueStatement),
        ("export abstract class A { abstract b(): void; }", js.ExportDeclaration),
        ("label: for (;;) break label;", js.Labelled),
        ("do { } while (a);", js.While),
    ],
)
def test_statements(text: str, kind: type[js.Node]) -> None:
    (statement,) = module(text, "a.ts").body

    assert isinstance(statement, kind)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("<T>x", "a.ts", js.Cast),
        ("x!", "a.ts", js.Cast),
        ("x as const", "a.ts", js.Cast),
        ("a?.b", "a.js", js.Member),
        ("a?.[b]", "a.js", js.Index),
        ("a?.()", "a.js", js.Call),
        ("import('a')", "a.js", js.ImportCall),
        ("a`b${c}`", "a.js", js.TaggedTemplate),
        ("/a/g", "a.js", js.RegularExpression),
        ("async function* f() { yield* g(); }", "a.js", js.Function),
        ("class { static { a(); } }", "a.js", js.Class),
        ("{ get a() { return 1; }, async b() {}, [c]: 1, d, ...e }", "a.js", js.Object),
        ("<></>", "a.jsx", js.Jsx),
        ("a = b, c", "a.js", js.Sequence),
        ("[a, , ...b]", "a.js", js.Array),
    ],
)
def test_expressions(text: str, name: str, kind: type[js.Node]) -> None:
    assert isinstance(expression(text, name), kind)


def test_constructor_parameters_become_properties() -> None:
    (statement,) = module("class A { constructor(private x: string) {} }", "a.ts").body

    assert any(isinstance(node, js.Assign) for node in walk(statement))


def test_broken_text_keeps_what_is_whole() -> None:
    parsed = module("export const a = ;\nexport const b = process.env.B;\n", "a.ts")

    assert parsed.errors
    assert any(isinstance(node, js.Member) and node.property == "B" for node in walk(parsed))


def check_spans(text: str, name: str) -> None:
    for node in walk(module(text, name)):
        assert 0 <= node.span.start <= node.span.end <= len(text)


@given(st.text(max_size=200), st.sampled_from(["a.ts", "a.tsx", "a.js", "a.mjs"]))
def test_any_text_is_lowered(text: str, name: str) -> None:
    check_spans(text, name)


@settings(max_examples=150)
@given(
    st.integers(0, len(SNIPPET)),
    st.integers(0, 40),
    st.text("(){}[]<>`'\"$=>.,;: \n/*x", max_size=6),
)
def test_any_change_of_good_code_is_lowered(place: int, length: int, inserted: str) -> None:
    check_spans(SNIPPET[:place] + inserted + SNIPPET[place + length :], "a.tsx")
