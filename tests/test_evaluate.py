"""Expressions come to what the real JavaScript makes of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import PurePosixPath

import pytest

from megalint import Source
from megalint.languages.javascript.evaluate import Interpreter, JsValue, Realm, to_value
from megalint.languages.javascript.evaluate.objects import ArrayValue, ObjectValue
from megalint.project.checkout import Checkout
from megalint.project.modules import Modules
from megalint.project.nextjs.host import NextHost
from megalint.project.nextjs.relevance import ALWAYS, Relevance
from megalint.source import Location, Span
from megalint.values import Known, Undefined, names, sketch

EXPRESSIONS = [
    "1 + 2 * 3 - 4",
    "'a' + 1 + true + null",
    "`x${1 + 1}y${'z'}`",
    "[1, ...[2, 3], 4].map((x) => x * 2).filter((x) => x > 2).join('-')",
    "({ a: 1, ...{ b: 2 }, ['c' + 'd']: 3 })",
    "Object.assign({}, { a: 1 }, { b: 2 })",
    "Object.entries({ a: 1, b: 2 }).flatMap(([k, v]) => [k, v])",
    "Object.fromEntries([['a', 1], ['b', 2]])",
    "(({ a, b: { c = 5 } = {}, ...rest }) => [a, c, rest])({ a: 1, x: 2 })",
    "(([a, , b = 3, ...c]) => [a, b, c])([1, 2, undefined, 4, 5])",
    "[3, 1, 2].concat([4], 5).includes(5)",
    "'a,b,c'.split(',').reverse().join('')",
    "' Abc '.trim().toUpperCase().replace('B', 'x').slice(1)",
    "'a/b//c'.replace(/\\/+/g, '/')",
    "['a', 'b'].some((x) => x === 'b') && ['a', 'b'].every((x) => x !== 'c')",
    "(null ?? undefined ?? 0) || 'x'",
    "typeof undefined + typeof 'a' + typeof 1 + typeof (() => 1)",
    "(() => { let s = 0; for (let i = 0; i < 5; i++) { if (i === 3) continue; s += i; } return s; })()",
    "(() => { let s = ''; for (const [k, v] of Object.entries({ a: 1, b: 2 })) s += k + v; return s; })()",
    "(() => { let n = 10; while (true) { n--; if (n < 5) break; } return n; })()",
    "(() => { switch ('b') { case 'a': return 1; case 'b': case 'c': return 2; default: return 3; } })()",
    "(() => { try { throw new Error('x'); } catch { return 'caught'; } })()",
    "(() => { class A { static s = 1; f = 2; get g() { return this.f + 1; } m(x) { return x + this.f; } } class B extends A { f = 5; } const b = new B(); return [A.s, b.g, b.m(1)]; })()",
    "(() => { const o = {}; o.a = 1; o['b'] = 2; delete o.c; o.a += 5; o.d ??= 7; return o; })()",
    "(() => { const a = []; a.push(1, 2); a.unshift(0); a[3] = 9; return [a.length, a]; })()",
    "(function f(n) { return n <= 1 ? 1 : n; })(5)",
    "[1, [2, [3]]].flat().length",
    "new URL('/a?b=1', 'https://x.example/c').pathname",
    "String(12) + Number('5') + Boolean('')",
    "[1, 2, 3].reduce((all, one) => all + one, 0)",
    "[['a', 1]].find(([k]) => k === 'a')[1]",
    "((a, b = a + 1, ...c) => [a, b, c])(1, undefined, 3, 4)",
    "({ f() { return this.v; }, v: 4 }).f()",
    "((x) => x?.y?.z ?? 'none')({ y: null })",
    "JSON.stringify === undefined ? 1 : 2",
    "[...'abc'].map((letter, place) => letter + place)",
    "Array.from(['a'], (x) => x + '!')",
    "((a) => { a: for (const x of [1, 2]) { if (x === 2) break; a += x; } return a; })(0)",
    "'x'.repeat(3).padStart(5, '-')",
    "[1, 2, 3, 4].slice(1, -1)",
    "!!'' === false && !0",
    "'abc'.at(1) + 'abc'.charAt(0) + 'abc'.indexOf('c')",
    "Object.keys({ a: 1, 2: 3 }).length",
    "(a => b => a + b)(1)(2)",
    "(() => { const { length } = 'abcd'; return length; })()",
    "`${[1, 2]}`",
    "0x10 + 0b11 + 1_000",
    "'\\u{1F600}\\x41\\n'",
    "((...all) => all.length)(...[1, 2], 3)",
]


def interpreter_of(files: dict[str, str]) -> tuple[Interpreter, Checkout]:
    checkout = Checkout(Source(PurePosixPath(path), text) for path, text in files.items())
    modules = Modules(checkout)
    host = NextHost(checkout, modules, Relevance(checkout, modules, ALWAYS))
    return Interpreter(host, Realm.SERVER), checkout


def value_of(files: dict[str, str], name: str = "value", entry: str = "a.ts") -> JsValue:
    interpreter, checkout = interpreter_of(files)
    source = checkout.get(PurePosixPath(entry))
    assert source is not None
    return interpreter.export(source, name, Location(source, Span(0, 0)))


def plain(value: JsValue) -> object:
    """Return a known value as JSON has it."""
    if isinstance(value, ArrayValue):
        assert value.rest == ()
        return [plain(one) for one in value.elements]
    if isinstance(value, ObjectValue):
        return {
            key: plain(one)
            for key, one in value.properties.items()
            if plain(one) is not Undefined.UNDEFINED
        }
    assert isinstance(value, Known), value
    is_whole = isinstance(value.value, float) and value.value.is_integer()
    return int(value.value) if is_whole else value.value  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def in_node() -> list[object]:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    script = f"process.stdout.write(JSON.stringify([{','.join(EXPRESSIONS)}]))"
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True)
    return list(json.loads(done.stdout))


@pytest.mark.parametrize(
    "number", range(len(EXPRESSIONS)), ids=lambda number: EXPRESSIONS[number][:50]
)
def test_expression_comes_to_what_node_says(number: int, in_node: list[object]) -> None:
    value = value_of({"a.ts": f"export const value = {EXPRESSIONS[number]};"})

    assert plain(value) == in_node[number]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`http://${process.env.HOST}:${process.env.PORT}/x`", "http://${HOST}:${PORT}/x"),
        ("'a/' + process.env.HOST", "a/${HOST}"),
        ("['http:', '', process.env.HOST].join('/')", "http://${HOST}"),
        ("(process.env.HOST || 'x') + '/y'", "${HOST}/y"),
        ("process.env.HOST!.replace(/x$/, '') as string", "${HOST}"),
        ("(() => { const { HOST: h = 'x' } = process.env; return `${h}!`; })()", "${HOST}!"),
        ("new URL('/api', process.env.HOST).toString()", "${HOST}/api"),
        ("'https://HOST/x'.replace('HOST', process.env.HOST)", "https://${HOST}/x"),
        ("((k: string) => process.env[k])('HOST')", "${HOST}"),
        ("String(process.env.HOST)", "${HOST}"),
    ],
)
def test_text_that_is_partly_known_stays_recognisable(text: str, expected: str) -> None:
    assert sketch(to_value(value_of({"a.ts": f"export const value = {text};"}))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("process.env.A ? 1 : 2", {"A"}),
        ("process.env.A && process.env.B", {"A", "B"}),
        ("(() => { if (process.env.A) return 1; return 2; })()", {"A"}),
        ("(() => { if (!process.env.A) throw new Error(); return 2; })()", set()),
        (
            "(() => { const list = []; if (process.env.A) list.push(1); return list.length ? list : list; })()",
            {"A"},
        ),
        ("process.env.NODE_ENV === 'production' ? 1 : process.env.A", set()),
        ("unknown(process.env.A).b.c()", {"A"}),
        ("(() => { let x = process.env.A; x = process.env.B; return x; })()", {"B"}),
        ("(() => { const f = () => process.env.A; return 1; })()", set()),
        ("[process.env.A].filter(Boolean)", {"A"}),
        ("{ ...process.env }.A", {"A"}),
    ],
)
def test_a_value_depends_on_what_decides_it(text: str, expected: set[str]) -> None:
    from megalint.languages.javascript.evaluate import deep_flows

    wrapped = f"({text})" if text.startswith("{") else text
    value = value_of(
        {
            "a.ts": f"export const value = {wrapped.replace('{ ...process.env }.A', '({ ...process.env }).A')};"
        }
    )

    assert set(names(deep_flows(value))) == expected


def test_imports_of_every_kind() -> None:
    files = {
        "a.ts": "import d, { one as uno } from './b'; import * as all from './b'; import data from './c.json'; const old = require('./d');\nexport const value = [d, uno, all.two, all.three, data.x, old.y, old.default?.z];\n",
        "b/index.ts": "export * from './inner'; export { four as three } from './inner'; export default 'default';\n",
        "b/inner.ts": "export const one = 1; export const two = one + 1; export const four = 4;\n",
        "c.json": '{ "x": [1] }',
        "d.cjs": "exports.y = 5; module.exports.z = 6;\n",
    }

    assert plain(value_of(files)) == ["default", 1, 2, 4, [1], 5, Undefined.UNDEFINED]
