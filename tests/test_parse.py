"""JavaScript and TypeScript, lowered: one row for each construct, and hostile input."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import MAX_ERRORS, MAX_LENGTH, parse
from megalint.languages.javascript.walk import walk
from megalint.source import Source

CPU_SECONDS = 20


def parsed(text: str, path: str = "a.tsx") -> js.Module:
    return parse(Source(PurePosixPath(path), text))


def sketch(item: object) -> str:
    """Write a tree on one line: fields that are false, empty or None are left out."""
    if isinstance(item, tuple):
        return "[" + " ".join(sketch(one) for one in item) + "]"
    if isinstance(item, js.Node):
        hidden = {"span", "property_span"}
        kept = [(name, getattr(item, name)) for name in item.__struct_fields__]
        shown = [
            name if value is True and name != "value" else sketch(value)
            for name, value in kept
            if name not in hidden and value is not False and value is not None and value != ()
        ]
        return type(item).__name__ + "(" + " ".join(shown) + ")"
    return repr(item)


def value_of(text: str, path: str = "a.tsx") -> js.Expression:
    module = parsed(f"({text});", path)
    (statement,) = module.body
    assert isinstance(statement, js.ExpressionStatement)
    return statement.expression


def literal(text: str) -> object:
    value = value_of(text, "a.js")
    if isinstance(value, js.Template):
        assert len(value.strings) == 1
        return value.strings[0]
    if isinstance(value, js.Unary):
        assert isinstance(value.operand, js.Literal)
        return value.operand.value
    assert isinstance(value, js.Literal)
    return value.value


EXPRESSIONS = [
    ("a.b", "Member(Name('a') 'b')"),
    ("a?.b", "Member(Name('a') 'b' optional)"),
    ("a /* ? */ . b", "Member(Name('a') 'b')"),
    ("a?.[b]", "Index(Name('a') Name('b') optional)"),
    ("a?.(b)", "Call(Name('a') [Name('b')] optional)"),
    ("a?.<T>(b)", "Call(Name('a') [Name('b')] optional)"),
    ("a(...b)", "Call(Name('a') [Spread(Name('b'))])"),
    ("new A", "New(Name('A'))"),
    ("new Map<A, B>(c)", "New(Name('Map') [Name('c')])"),
    ("((a))", "Name('a')"),
    ("this.#a", "Member(This() '#a')"),
    ("#a in b", "Binary('in' Name('#a') Name('b'))"),
    ("import.meta.url", "Member(ImportMeta() 'url')"),
    ("import('x', {})", "ImportCall(Literal('x'))"),
    ("new.target", "Opaque('new.target')"),
    ("a || b ?? c", "Logical('??' Logical('||' Name('a') Name('b')) Name('c'))"),
    ("a ** b", "Binary('**' Name('a') Name('b'))"),
    ("(typeof a, void 0)", "Sequence([Unary('typeof' Name('a')) Unary('void' Literal(0))])"),
    ("a ? b : /* c */ d", "Conditional(Name('a') Name('b') Name('d'))"),
    ("a ||= b", "Assign('||=' Name('a') Name('b'))"),
    ("++a", "Update('++' Name('a') is_prefix)"),
    ("a--", "Update('--' Name('a'))"),
    ("await a", "Await(Name('a'))"),
    ("[a,, ...b]", "Array([Name('a') None Spread(Name('b'))])"),
    ("/[/]a/gi", "RegularExpression('[/]a' 'gi')"),
    ("`a${b}\\n`", "Template(['a' '\\n'] [Name('b')])"),
    ("a`b`", "TaggedTemplate(Name('a') Template(['b']))"),
    ("a<T>`b`", "TaggedTemplate(Name('a') Template(['b']))"),
    ("await a.b<T[]>`c`", "Await(TaggedTemplate(Member(Name('a') 'b') Template(['c'])))"),
    ("() => a<T[]>`b`", "Function([Return(TaggedTemplate(Name('a') Template(['b'])))] is_arrow)"),
    ("a as B", "Cast(Name('a') 'as')"),
    ("a as const", "Cast(Name('a') 'as const')"),
    ("a satisfies B", "Cast(Name('a') 'satisfies')"),
    ("a!", "Cast(Name('a') '!')"),
    ("a<B>", "Cast(Name('a') '<>')"),
    ("async a => b", "Function([Parameter(Name('a'))] [Return(Name('b'))] is_arrow is_async)"),
    (
        "function* a() { yield* b }",
        "Function('a' [ExpressionStatement(Yield(Name('b') is_delegate))] is_generator)",
    ),
    (
        "() => { 'use server' }",
        "Function([ExpressionStatement(Literal('use server'))] ['use server'] is_arrow)",
    ),
    (
        "{ a, b: c, [d]: e, ...f }",
        "Object([Property(Literal('a') Name('a') is_shorthand) Property(Literal('b') Name('c')) Property(Name('d') Name('e') is_computed) Spread(Name('f'))])",
    ),
    (
        "{ 'a b': 1, 2: 3, get: 4 }",
        "Object([Property(Literal('a b') Literal(1)) Property(Literal(2) Literal(3)) Property(Literal('get') Literal(4))])",
    ),
    (
        "{ get a() {}, set a(b) {}, async c() {} }",
        "Object([Accessor('get' Literal('a') Function()) Accessor('set' Literal('a') Function([Parameter(Name('b'))])) Property(Literal('c') Function(is_async))])",
    ),
    ("class A extends B<C> {}", "Class('A' Name('B'))"),
    (
        "class { static a = 1; #b; static { c } }",
        "Class([Field(Literal('a') Literal(1) is_static) Field(Literal('#b')) StaticBlock([ExpressionStatement(Name('c'))])])",
    ),
    (
        "class { private get a() {} get() {} static async *b() {} }",
        "Class([Accessor('get' Literal('a') Function()) Method(Literal('get') Function()) Method(Literal('b') Function(is_async is_generator) is_static)])",
    ),
    (
        "class { declare a: B; c(): void; @d c() {} [e: string]: F }",
        "Class([Method(Literal('c') Function())])",
    ),
    (
        "class { constructor(private a: B, c) { d } }",
        "Class([Method(Literal('constructor') Function([Parameter(Name('a') 'B') Parameter(Name('c'))] [ExpressionStatement(Assign('=' Member(This() 'a') Name('a'))) ExpressionStatement(Name('d'))]))])",
    ),
    (
        "function (this: A, b?: C, d = 1, ...e: F[]) {}",
        "Function([Parameter(Name('b') 'C') Parameter(DefaultPattern(Name('d') Literal(1))) Parameter(Name('e') 'F[]' is_rest)])",
    ),
    (
        "({ a, b: c = 1, ...d }) => e",
        "Function([Parameter(ObjectPattern([PatternProperty(Literal('a') Name('a')) PatternProperty(Literal('b') DefaultPattern(Name('c') Literal(1)))] Name('d')))] [Return(Name('e'))] is_arrow)",
    ),
    (
        "[a,, b = 1, ...c] = d",
        "Assign('=' ArrayPattern([Name('a') None DefaultPattern(Name('b') Literal(1))] Name('c')) Name('d'))",
    ),
]

JSX = [
    ("<a/>", "Jsx(Literal('a'))"),
    ("<></>", "Jsx()"),
    ("<A.b.C/>", "Jsx(Member(Member(Name('A') 'b') 'C'))"),
    ("<this.a/>", "Jsx(Member(This() 'a'))"),
    ("<svg:rect/>", "Jsx(Literal('svg:rect'))"),
    (
        "<A b c='d' {...e} f={g} h:i=<j/>/>",
        "Jsx(Name('A') [JsxAttribute('b' Literal(True)) JsxAttribute('c' Literal('d')) Spread(Name('e')) JsxAttribute('f' Name('g')) JsxAttribute('h:i' Jsx(Literal('j')))])",
    ),
    ("<a>{/* b */}{...c}{}</a>", "Jsx(Literal('a') [Spread(Name('c'))])"),
    ("<a>b {c} d</a>", "Jsx(Literal('a') [Literal('b ') Name('c') Literal(' d')])"),
    ("<a>\n  b\n  c {d}\n  e\n</a>", "Jsx(Literal('a') [Literal('b c ') Name('d') Literal('e')])"),
    ("<a> \n </a>", "Jsx(Literal('a'))"),
    ("<a>&lt;b&nbsp;&#x41;&#66;&apos;</a>", "Jsx(Literal('a') [Literal(\"<b\\xa0AB'\")])"),
    ("<a>b & c</a>", "Jsx(Literal('a') [Literal('b & c')])"),
    ("<a>b &unknown; c</a>", "Jsx(Literal('a') [Literal('b &unknown; c')])"),
    ("<a b='?c=1&reg=2&amp;d' />", "Jsx(Literal('a') [JsxAttribute('b' Literal('?c=1&reg=2&d'))])"),
]

STATEMENTS = [
    ("const a: string = b", "Declaration('const' [Declarator(Name('a') Name('b'))])"),
    ("using a = b", "Declaration('const' [Declarator(Name('a') Name('b'))])"),
    ("await using a = b", "Declaration('const' [Declarator(Name('a') Name('b'))])"),
    (
        "if (a) b; else if (c) d; else e",
        "If(Name('a') ExpressionStatement(Name('b')) If(Name('c') ExpressionStatement(Name('d')) ExpressionStatement(Name('e'))))",
    ),
    (
        "for (let a = 0; a; a++);",
        "For(Declaration('let' [Declarator(Name('a') Literal(0))]) Name('a') Update('++' Name('a')) Empty())",
    ),
    ("for (;;) break", "For(Empty() Jump('break'))"),
    (
        "for (const [a] of b) c",
        "ForEach('const' ArrayPattern([Name('a')]) 'of' Name('b') ExpressionStatement(Name('c')))",
    ),
    ("for (a.b in c);", "ForEach(Member(Name('a') 'b') 'in' Name('c') Empty())"),
    ("a: do continue a; while (b)", "Labelled('a' While(Name('b') Jump('continue' 'a') is_do))"),
    (
        "switch (a) { case 1: default: b }",
        "Switch(Name('a') [Case(Literal(1)) Case([ExpressionStatement(Name('b'))])])",
    ),
    (
        "try { a } catch (b: unknown) {} finally { c }",
        "Try(Block([ExpressionStatement(Name('a'))]) Name('b') Block() Block([ExpressionStatement(Name('c'))]))",
    ),
    ("throw a", "Throw(Name('a'))"),
    ("enum A { B, 'c d' = 1 }", "Enum('A' [EnumMember('B') EnumMember('c d' Literal(1))])"),
    ("namespace A { b }", "OpaqueStatement('namespace')"),
    ("with (a) b", "OpaqueStatement('with_statement')"),
    ("function a(): void; function a() {}", "Empty() FunctionDeclaration(Function('a'))"),
    (
        "import a, { b as c, type D, default as e } from 'f'",
        "Import('f' 'a' [ImportedName('b' 'c') ImportedName('default' 'e')])",
    ),
    ("import * as a from 'b'", "Import('b' 'a')"),
    ("import 'a'", "Import('a')"),
    ("import {} from 'a'", "Import('a')"),
    ("import { type A } from 'b'", "Empty()"),
    ("import type A from 'b'", "Empty()"),
    ("import type from 'a'", "Import('a' 'type')"),
    ("import a = require('b')", "ImportRequire('a' 'b')"),
    ("export { a as default, type B } from 'c'", "ExportNames([ExportedName('a' 'default')] 'c')"),
    ("export { a, b as 'c d' }", "ExportNames([ExportedName('a' 'a') ExportedName('b' 'c d')])"),
    ("export * from 'a'; export * as b from 'c'", "ExportAll('a') ExportAll('c' 'b')"),
    ("export type { A } from 'b'; export type * from 'c'", "Empty() Empty()"),
    (
        "export const a = 1",
        "ExportDeclaration(Declaration('const' [Declarator(Name('a') Literal(1))]))",
    ),
    (
        "export declare const a: 1; export type B = 1; export interface C {}",
        "Empty() Empty() Empty()",
    ),
    ("export default function a() {}", "ExportDefault(Function('a'))"),
    ("export default async () => {}", "ExportDefault(Function(is_arrow is_async))"),
    ("export default abstract class A {}", "ExportDefault(Class('A'))"),
    ("export default interface A {}", "Empty()"),
    ("export default function a(): void", "Empty()"),
    ("@a export class B {}", "ExportDeclaration(ClassDeclaration(Class('B')))"),
    ("export = a", "ExportAssignment(Name('a'))"),
    (
        "declare module 'a' {} declare global {} interface A {} type B = 1; ;",
        "Empty() Empty() Empty() Empty() Empty()",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [*EXPRESSIONS, *JSX])
def test_expression(text: str, expected: str) -> None:
    module = parsed(f"x = {text};")

    assert module.errors == ()
    assert sketch(module.body) == f"[ExpressionStatement(Assign('=' Name('x') {expected}))]"


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statement(text: str, expected: str) -> None:
    module = parsed(text)

    assert module.errors == ()
    assert sketch(module.body) == f"[{expected}]"


def test_type_assertion_is_a_cast_where_there_is_no_jsx() -> None:
    assert sketch(value_of("<T>a", "a.ts")) == "Cast(Name('a') '<>')"


@pytest.mark.parametrize("path", ["a.js", "a.mjs", "a.cjs", "a.jsx"])
def test_javascript_with_types_is_read(path: str) -> None:
    module = parsed("let a: string = b as C", path)

    assert module.errors == ()
    assert (
        sketch(module.body) == "[Declaration('let' [Declarator(Name('a') Cast(Name('b') 'as'))])]"
    )


def test_comparison_with_a_template_stays_one_in_javascript() -> None:
    assert sketch(value_of("a < b > `c`", "a.js")).startswith("Binary('>'")


@pytest.mark.parametrize(
    "start", ["", "\ufeff", "#!/usr/bin/env node\n", "// a\n", "/* a */ ", "\r\n"]
)
def test_directives_stand_at_the_top(start: str) -> None:
    module = parsed(f"{start}'use client'; \"use strict\"\na; 'use server'")

    assert module.directives == ("use client", "use strict")


# --- literals ------------------------------------------------------------------------------

LITERALS = [
    r"'a\nb\t\r\b\f\v\0'",
    r"'\x41\u0042\u{43}\u{1F600}'",
    r"'\ud83d\ude00'",
    r"'\'\"\\\q\8'",
    r"'\101\400\777\08'",
    "'a\\\nb\\\r\nc'",
    "'한글 😀'",
    "'\u2028'",
    r'"it\'s"',
    "''",
    r"`a\nb\`\${c}$`",
    "`a\r\nb\rc`",
    "`a\\\r\nb`",
    "`$`",
    "``",
    "0",
    "1_000.5",
    ".5",
    "5.",
    "1e3",
    "1E-7",
    "0x1F",
    "0XfF_ff",
    "0b101",
    "0o17",
    "017",
    "089",
    "9007199254740993",
    "0x20000000000001",
    "123456789012345678901234567890",
    "1e999",
    "10n",
    "0xFFn",
    "9007199254740993n",
]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_literals_have_the_values_that_node_gives_them() -> None:
    program = (
        "for (const t of JSON.parse(require('fs').readFileSync(0))) {"
        " const v = (0, eval)(t);"
        " console.log(JSON.stringify(typeof v === 'string' ? v : typeof v + ' ' + v)) }"
    )
    result = subprocess.run(
        ["node", "-e", program],
        input=json.dumps(LITERALS),
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [json.loads(line) for line in result.stdout.split("\n") if line]

    assert len(expected) == len(LITERALS)
    for text, value in zip(LITERALS, expected, strict=True):
        lowered = literal(text)
        if isinstance(lowered, str):
            assert lowered == value, text
        else:
            kind, digits = value.split(" ")
            real = int(digits) if kind == "bigint" else float(digits.replace("Infinity", "inf"))
            assert lowered == real, text


# --- places --------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["", "\ufeff", "'한글';", "/* 😀 */ ", "\r\n\r\n", "'\ud800';"])
def test_spans_count_characters(start: str) -> None:
    source = Source(
        PurePosixPath("a.tsx"), f"{start}const 값 = f(process.env.URL, `😀`, <b c='é'/>);\r\n"
    )

    texts = {type(node).__name__: source[node.span] for node in walk(parse(source))}

    assert texts["Declaration"] == "const 값 = f(process.env.URL, `😀`, <b c='é'/>);"
    assert texts["Call"] == "f(process.env.URL, `😀`, <b c='é'/>)"
    assert texts["Template"] == "`😀`"
    assert texts["JsxAttribute"] == "c='é'"
    members = [node for node in walk(parse(source)) if isinstance(node, js.Member)]
    assert [source[node.property_span] for node in members] == ["URL", "env"]


def assert_places(module: js.Module) -> None:
    length = len(module.source.text)
    for node in walk(module):
        assert 0 <= node.span.start <= node.span.end <= length, (node.span, type(node))
    for error in module.errors:
        assert 0 <= error.span.start <= error.span.end <= length


# --- what is broken ------------------------------------------------------------------------


def test_the_rest_of_a_broken_file_is_read() -> None:
    module = parsed("const a = ;\nexport const b = 1;\n")

    assert [str(error) for error in module.errors] == ["a.tsx:1"]
    assert sketch(module.body[-1]) == (
        "ExportDeclaration(Declaration('const' [Declarator(Name('b') Literal(1))]))"
    )


def test_an_object_with_an_error_may_hold_anything() -> None:
    module = parsed("x = { a: 1, ? b }")

    objects = [node for node in walk(module) if isinstance(node, js.Object)]
    assert all(any(isinstance(one, js.Spread) for one in node.members) for node in objects)
    assert module.errors


def test_errors_are_few() -> None:
    assert len(parsed("const = ;\n" * 200).errors) == MAX_ERRORS


def test_a_huge_file_is_not_read() -> None:
    module = parsed("a;" * MAX_LENGTH, "a.js")

    assert module.body == ()
    assert len(module.errors) == 1


@pytest.mark.parametrize(
    "text", ["", "\0", "\0\x01\x02" * 50, "\ud800", "\ufeff", "\r", "`", "<a", "${", "'"]
)
@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.tsx"])
def test_any_text_is_read(text: str, path: str) -> None:
    assert_places(parsed(text, path))


N = 20_000
NESTED = {
    "parentheses": "(" * N + "a" + ")" * N,
    "arrays": "[" * N + "]" * N,
    "array patterns": "let " + "[" * N + "a" + "]" * N + "=b",
    "object patterns": "let " + "{a:" * N + "b" + "}" * N + "=c",
    "assigned patterns": "[" * N + "a" + "]" * N + "=b",
    "objects": "x=" + "{a:" * N + "1" + "}" * N,
    "functions": "x=" + "function(){return " * N + "1" + "}" * N,
    "arrows": "x=>" * N + "1",
    "classes": "x=" + "class{a(){return " * N + "1" + "}}" * N,
    "calls": "f(" * N + ")" * N,
    "members": "a" + ".b(c)" * N,
    "conditions": "a?b:" * N + "c",
    "templates": "`${" * N + "a" + "}`" * N,
    "blocks": "{" * N + "}" * N,
    "else": "if(a)b;else " * N + "c",
    "tries": "try{" * N + "}catch{}" * N,
    "switches": "switch(a){case 1:" * N + "}" * N,
    "elements": "x=" + "<a>" * N + "</a>" * N,
    "attributes": "x=" + "<a b={" * N + "1" + "}/>" * N,
    "tags": "x=<a" + ".a" * N + "/>",
    "opened": "[{(<a>" * N,
}


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("path", ["a.js", "a.tsx"])
def test_deep_nesting_is_cut_off(name: str, path: str) -> None:
    limit, started = sys.getrecursionlimit(), time.process_time()

    module = parsed(NESTED[name], path)

    assert time.process_time() - started < CPU_SECONDS
    assert sys.getrecursionlimit() == limit
    assert_places(module)


def test_a_long_sum_is_read_to_its_end() -> None:
    module = parsed(" + ".join(f"a{number}" for number in range(N)))

    names = [node.text for node in walk(module) if isinstance(node, js.Name)]
    assert names == [f"a{number}" for number in range(N)]


def test_modest_nesting_is_kept() -> None:
    module = parsed("x = " + "{ a: [() => <b>{" * 40 + "process.env.URL" + "}</b>] }" * 40)

    assert not [node for node in walk(module) if isinstance(node, js.Opaque)]


# --- fuzz ----------------------------------------------------------------------------------

SNIPPET = """'use client'
import a, { type B, c as d } from "e"
export default class F<T> extends G { constructor(private h = 1) { super() } get i() { return `${this.h}\\u{1F600}` } }
export const j = async ({ k, ...l }: M, [n,, o = 2]) => { for (const p of l) if (k?.[n]) break; else try { throw p } catch { } }
const q = <R s="t" {...u}>한글 &amp; {v as W} <x.y/></R>, z = await f<A[]>`b${c}`
switch (q) { case 1: enum A { B = "c" } default: label: do ; while (0x1n) }
"""
PIECES = st.sampled_from(
    [
        *"(){}[]<>`'\"\\/.,;:?!&|=+-*@#$\n\r\0 😀한",
        "=>",
        "${",
        "...",
        "?.",
        "</",
        "import ",
        "class ",
        "type ",
        "await ",
        "\ud800",
    ]
)


@given(st.text() | st.lists(PIECES).map("".join), st.sampled_from(["a.js", "a.ts", "a.tsx"]))
@settings(max_examples=200, deadline=None)
def test_random_text_never_raises(text: str, path: str) -> None:
    assert_places(parsed(text, path))


@given(
    st.lists(
        st.tuples(st.integers(0, len(SNIPPET)), st.integers(0, 30), PIECES), min_size=1, max_size=8
    ),
    st.sampled_from(["a.js", "a.ts", "a.tsx"]),
)
@settings(max_examples=300, deadline=None)
def test_random_edits_never_raise(edits: list[tuple[int, int, str]], path: str) -> None:
    text = SNIPPET
    for place, length, piece in edits:
        text = text[:place] + piece + text[place + length :]

    assert_places(parsed(text, path))


def test_the_fuzzed_snippet_is_valid() -> None:
    assert parsed(SNIPPET).errors == ()
