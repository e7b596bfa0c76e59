"""What Next's own analysis reads out of ``config`` is what megalint reads."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

import pytest

from megalint import Source
from megalint.languages.javascript.parse import parse
from megalint.project.nextjs.matchers import EVERYWHERE
from megalint.project.nextjs.middleware_config import Effect, read_config
from oracle.nextjs_matchers.test_compiled import config_of, run
from oracle.npm import installed

SCRIPT: Final = Path(__file__).parent / "read.js"
FUNCTION: Final = "export function middleware() {}\n"
FORMS: Final = {
    "string": "export const config = { matcher: '/a' };",
    "array": "export const config = { matcher: ['/a', '/b/:p*'] };",
    "template": "export const config = { matcher: [`/a`] };",
    "no_config": "",
    "no_matcher": "export const config = {};",
    "undefined": "export const config = { matcher: undefined };",
    "variable": "const m = ['/a']; export const config = { matcher: m };",
    "shorthand": "const matcher = ['/a']; export const config = { matcher };",
    "whole_variable": "const c = { matcher: ['/a'] }; export const config = c;",
    "as_const": "export const config = { matcher: ['/a'] } as const;",
    "as_const_within": "export const config = { matcher: ['/a'] as const };",
    "as_type": "export const config = { matcher: ['/a'] } as any;",
    "as_string": "export const config = { matcher: ['/a' as string] };",
    "angle_brackets": "export const config = <any>{ matcher: ['/a'] };",
    "satisfies": "export const config = { matcher: ['/a'] } satisfies object;",
    "annotated": "export const config: { matcher: string[] } = { matcher: ['/a'] };",
    "not_null": "export const config = { matcher: ['/a']! };",
    "two_declared": "export const a = 1, config = { matcher: ['/a'] };",
    "let": "export let config = { matcher: ['/a'] };",
    "var": "export var config = { matcher: ['/a'] };",
    "other_key": "const r = 'x'; export const config = { matcher: ['/a'], regions: [r] };",
    "other_literal": "export const config = { matcher: ['/a'], unstable_allowDynamic: ['/a/**'] };",
    "concatenation": "export const config = { matcher: ['/a' + '/b'] };",
    "filled_template": "const p = 'x'; export const config = { matcher: [`/${p}`] };",
    "environment": "export const config = { matcher: [process.env.X] };",
    "ternary": "export const config = { matcher: true ? '/a' : '/b' };",
    "call": "export const config = { matcher: ['/a'].concat('/b') };",
    "spread_of_object": "const b = {}; export const config = { ...b, matcher: ['/a'] };",
    "spread": "const b = ['/a']; export const config = { matcher: [...b] };",
    "computed_key": "export const config = { ['matcher']: ['/a'] };",
    "quoted_key": "export const config = { 'matcher': ['/a'] };",
    "method": "export const config = { matcher() {} };",
    "twice": "export const config = { matcher: ['/a'], matcher: ['/b'] };",
    "object": "export const config = { matcher: [{ source: '/a', has: [{ type: 'header', key: 'x' }] }] };",
    "object_with_locale": "export const config = { matcher: [{ source: '/a', locale: false }] };",
    "object_alone": "export const config = { matcher: { source: '/a' } };",
    "object_without_source": "export const config = { matcher: [{ has: [] }] };",
    "object_with_other_key": "export const config = { matcher: [{ source: '/a', basePath: false }] };",
    "number": "export const config = { matcher: 3 };",
    "regular_expression": "export const config = { matcher: [/a/] };",
    "no_slash": "export const config = { matcher: ['a'] };",
    "empty_string": "export const config = { matcher: [''] };",
    "capturing_group": "export const config = { matcher: ['/(a(b))'] };",
    "unbalanced": "export const config = { matcher: ['/((?!a|b).*'] };",
    "hole": "export const config = { matcher: [, '/a'] };",
    "exported_later": "const config = { matcher: ['/a'] }; export { config };",
    "renamed": "const c = { matcher: ['/a'] }; export { c as config };",
    "from_elsewhere": "export { config } from './conf';",
}


@pytest.mark.parametrize("major", [14, 15, 16])
def test_config_is_read_as_in_next(major: int) -> None:
    home = installed(f"next-{major}")
    config = config_of(major, {})
    wanted = run(SCRIPT, str(home), {name: text + FUNCTION for name, text in FORMS.items()})

    differing = {}
    for name, text in FORMS.items():
        module = parse(Source(PurePosixPath("middleware.ts"), text + FUNCTION))
        read = read_config(module, config)
        effect = None if read.problem is None else read.problem.effect
        regexps = [one.regexp for one in read.matchers]
        next_says = wanted[name]
        is_refused = next_says["refused"] or (major > 14 and next_says["complaints"])
        said = (effect is Effect.STOPS, None if effect else regexps)
        truth = next_says["regexps"] or [EVERYWHERE]
        is_silent = effect is Effect.SILENT and truth == [EVERYWHERE]
        is_warned = effect is Effect.WARNS and truth == [EVERYWHERE] and next_says["complaints"]
        if not (
            is_silent or is_warned or said == (bool(is_refused), None if is_refused else truth)
        ):
            differing[name] = (next_says, said, effect)

    assert differing == {}
