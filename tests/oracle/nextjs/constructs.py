"""The constructs that are built with the real Next.js: each reads one variable in one place.

A construct names its variable ``T_<ID>`` (or ``NEXT_PUBLIC_<ID>``); ``@`` stands for it. What it shows,
it shows as ``<b id="@" title={...}>`` in HTML or as ``@=value;`` in other answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field


class Construct(Struct, frozen=True, dict=True):
    """One read: the files it needs, and the address that shows its value."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    url: str = ""
    config: str = ""
    since: int = 14
    until: int = 99
    is_live_only: bool = False
    """Whether start and request cannot be told apart: the code runs in a process of its own."""

    @property
    def variable(self) -> str:
        """The name of its variable."""
        return self.name if self.name.startswith("NEXT_PUBLIC_") else f"T_{self.name}"

    def written(self) -> dict[str, str]:
        """Return the files with the variable filled in."""
        return {path: filled(text, self.variable) for path, text in self.files.items()}


def filled(text: str, variable: str) -> str:
    """Return *text* with the variable for each ``@``, and ``@`` for each marked one."""
    return text.replace("@", variable).replace("\x01", "@")


E = "process.env.@"


def show(expression: str) -> str:
    return f'<b id="@" title={{{expression}}}>x</b>'


def page(
    name: str,
    expression: str = E,
    *,
    head: str = "",
    first: str = "",
    since: int = 14,
    more: dict[str, str] | None = None,
    until: int = 99,
) -> Construct:
    """Return an app-router page that shows *expression*."""
    url = f"/{name.lower()}"
    text = f"{head}\nexport default async function Page(props) {{\n  {first}\n  return <main>{show(expression)}</main>;\n}}\n"
    return Construct(
        name, {f"app{url}/page.jsx": text, **(more or {})}, url, since=since, until=until
    )


def handler(
    name: str, body: str, *, head: str = "", since: int = 14, folder: str = "", url: str = ""
) -> Construct:
    """Return a route handler."""
    place = folder or f"/h/{name.lower()}"
    return Construct(name, {f"app{place}/route.js": f"{head}\n{body}\n"}, url or place, since=since)


def answer(expression: str = E) -> str:
    return f"new Response(`@=${{{expression}}};`)"


def config_constructs() -> Iterator[Construct]:
    """Yield values of next.config; the address is rewritten or redirected to ``/echo/<value>``."""
    forms = {
        "RW_DIRECT": ("", "{ source: '/rw_direct', destination: process.env.@ }", "/echo/"),
        "RW_TEMPLATE": (
            "",
            "{ source: '/rw_template', destination: `/echo/${process.env.@}` }",
            "",
        ),
        "RW_SUM": ("", "{ source: '/rw_sum', destination: '/echo/' + process.env.@ }", ""),
        "RW_CONST": (
            "const rwConst = process.env.@;",
            "{ source: '/rw_const', destination: `/echo/${rwConst}` }",
            "",
        ),
        "RW_DESTRUCT": (
            "const { @: rwDestruct } = process.env;",
            "{ source: '/rw_destruct', destination: `/echo/${rwDestruct}` }",
            "",
        ),
        "RW_HELPER": (
            "const rwHelper = (name) => process.env[name];",
            "{ source: '/rw_helper', destination: `/echo/${rwHelper('@')}` }",
            "",
        ),
        "RW_FALLBACK": (
            "",
            "{ source: '/rw_fallback', destination: `/echo/${process.env.@ ?? 'none'}` }",
            "",
        ),
        "RW_OR": (
            "const rwOr = process.env.@ || 'none';",
            "{ source: '/rw_or', destination: `/echo/${rwOr}` }",
            "",
        ),
        "RW_JOIN": (
            "",
            "{ source: '/rw_join', destination: ['', 'echo', process.env.@].join('/') }",
            "",
        ),
        "RW_OBJECT": (
            "const rwSettings = { base: process.env.@ };",
            "{ source: '/rw_object', destination: `/echo/${rwSettings.base}` }",
            "",
        ),
        "RW_FUNCTION": (
            "function rwTarget(path) { return `/echo/${process.env.@}${path}`; }",
            "{ source: '/rw_function', destination: rwTarget('') }",
            "",
        ),
        "RW_CLASS": (
            "class RwSettings { static base = process.env.@; }",
            "{ source: '/rw_class', destination: `/echo/${RwSettings.base}` }",
            "",
        ),
        "RW_SPREAD": (
            "const rwSpread = process.env.@ ? [{ source: '/rw_spread', destination: `/echo/${process.env.@}` }] : [];",
            "...rwSpread",
            "",
        ),
        "RW_MAP": (
            "",
            "...['@'].map((name) => ({ source: '/rw_map', destination: `/echo/${process.env[name]}` }))",
            "",
        ),
        "RW_ENTRIES": (
            "",
            "...Object.entries({ rw_entries: process.env.@ }).map(([from, to]) => ({ source: `/${from}`, destination: `/echo/${to}` }))",
            "",
        ),
        "RW_REPLACE": (
            "",
            "{ source: '/rw_replace', destination: '/echo/VALUE'.replace('VALUE', process.env.@) }",
            "",
        ),
        "RW_IMPORT": (
            "import { rwImported } from './settings.mjs';",
            "{ source: '/rw_import', destination: `/echo/${rwImported}` }",
            "",
        ),
        "RW_ASSIGN": (
            "const rwAssign = Object.assign({}, { to: process.env.@ });",
            "{ source: '/rw_assign', destination: `/echo/${rwAssign.to}` }",
            "",
        ),
    }
    for name, (head, rule, _) in forms.items():
        files = (
            {"settings.mjs": "export const rwImported = process.env.@;\n"}
            if name == "RW_IMPORT"
            else {}
        )
        yield Construct(name, files, f"/{name.lower()}", config=f"{head}\x00afterFiles\x00{rule}")
    yield Construct(
        "RW_BEFORE",
        {},
        "/rw_before",
        config="\x00beforeFiles\x00{ source: '/rw_before', destination: `/echo/${process.env.@}` }",
    )
    yield Construct(
        "RW_LAST",
        {},
        "/rw_last",
        config="\x00fallback\x00{ source: '/rw_last', destination: `/echo/${process.env.@}` }",
    )
    yield Construct(
        "RD_DIRECT",
        {},
        "/rd_direct",
        config="\x00redirects\x00{ source: '/rd_direct', destination: `/echo/${process.env.@}`, permanent: false }",
    )
    yield Construct(
        "RD_CONST",
        {},
        "/rd_const",
        config="const rdConst = `/echo/${process.env.@}`;\x00redirects\x00{ source: '/rd_const', destination: rdConst, permanent: true }",
    )
    yield Construct(
        "HD_VALUE",
        {},
        "/echo/header",
        config="\x00headers\x00{ source: '/echo/header', headers: [{ key: 'x-one', value: `@=${process.env.@};` }] }",
    )
    yield Construct(
        "HD_CONST",
        {},
        "/echo/header",
        config="const hdConst = `@=${process.env.@};`;\x00headers\x00{ source: '/echo/header', headers: [{ key: 'x-two', value: hdConst }] }",
    )
    env_page = "export const dynamic = 'force-dynamic';\nexport default function Page() { return <b id=\"T_EK_DIRECT\" title={process.env.COPY_EK}>x</b>; }\n"
    yield Construct(
        "EK_DIRECT",
        {"app/ek_direct/page.jsx": env_page},
        "/ek_direct",
        config="\x00env\x00COPY_EK: process.env.@",
    )


def static_pages() -> Iterator[Construct]:
    """Yield pages that look at nothing of the request."""
    yield page("SP_DIRECT")
    yield page("SP_STRING", "process.env['@']")
    yield page("SP_OPTIONAL", "process.env?.@")
    yield page("SP_TEMPLATE", "`${process.env.@}`")
    yield page("SP_SUM", "'' + process.env.@")
    yield page("SP_OR", "process.env.@ || 'none'")
    yield page("SP_NULLISH", "process.env.@ ?? 'none'")
    yield page("SP_TERNARY", "process.env.@ ? process.env.@ : 'none'")
    yield page("SP_ALIAS", "e.@", first="const e = process.env;")
    yield page("SP_DESTRUCT", "value", first="const { @: value } = process.env;")
    yield page("SP_DEFAULT", "value", first="const { @: value = 'none' } = process.env;")
    yield page("SP_NESTED", "value", first="const { env: { @: value } } = process;")
    yield page("SP_MODULE", "value", head="const value = process.env.@;")
    yield page("SP_LET", "value", head="let value = 'none';\nvalue = process.env.@;")
    yield page("SP_HELPER", "read('@')", head="const read = (name) => process.env[name];")
    yield page(
        "SP_REQUIRED",
        "required('@')",
        head="function required(name) { const value = process.env[name]; if (!value) throw new Error(name); return value; }",
    )
    yield page("SP_KEY", "process.env[key]", first="const key = '@';")
    yield page("SP_CLASS", "new Settings().value", head="class Settings { value = process.env.@; }")
    yield page(
        "SP_STATIC", "Settings.value", head="class Settings { static value = process.env.@; }"
    )
    yield page(
        "SP_GETTER",
        "settings.value",
        head="const settings = { get value() { return process.env.@; } };",
    )
    yield page("SP_OBJECT", "settings.a.b", head="const settings = { a: { b: process.env.@ } };")
    yield page(
        "SP_SPREAD",
        "settings.value",
        head="const base = { value: process.env.@ };\nconst settings = { ...base };",
    )
    yield page("SP_ARRAY", "['x', process.env.@].slice(1).join('')")
    yield page("SP_MAP", "['@'].map((name) => process.env[name])[0]")
    yield page("SP_FIND", "[process.env.@].find(Boolean)")
    yield page("SP_REDUCE", "['@'].reduce((all, name) => all + process.env[name], '')")
    yield page("SP_JSON", "JSON.parse(JSON.stringify({ value: process.env.@ })).value")
    yield page("SP_AWAIT", "await load()", head="async function load() { return process.env.@; }")
    yield page("SP_THEN", "await Promise.resolve().then(() => process.env.@)")
    yield page(
        "SP_ALL", "(await Promise.all([load()]))[0]", head="const load = async () => process.env.@;"
    )
    yield page(
        "SP_TRY",
        "value",
        first="let value; try { value = process.env.@; } catch { value = 'none'; }",
    )
    yield page(
        "SP_SWITCH",
        "pick('b')",
        head="function pick(kind) { switch (kind) { case 'a': return 'none'; case 'b': return process.env.@; default: return 'none'; } }",
    )
    yield page(
        "SP_LOOP",
        "value",
        first="let value = ''; for (const name of ['@']) value += process.env[name];",
    )
    yield page(
        "SP_LIB",
        "value",
        head="import { value } from '../../lib/sp_lib';",
        more={"lib/sp_lib.js": "export const value = process.env.@;\n"},
    )
    yield page(
        "SP_LIBFN",
        "value()",
        head="import { value } from '../../lib/sp_libfn';",
        more={"lib/sp_libfn.js": "export function value() { return process.env.@; }\n"},
    )
    yield page(
        "SP_BARREL",
        "value",
        head="import { value } from '../../lib/sp_barrel';",
        more={
            "lib/sp_barrel/index.js": "export * from './inner';\n",
            "lib/sp_barrel/inner.js": "export const value = process.env.@;\n",
        },
    )
    yield page(
        "SP_DEFAULTIMPORT",
        "settings.value",
        head="import settings from '../../lib/sp_defaultimport';",
        more={"lib/sp_defaultimport.js": "export default { value: process.env.@ };\n"},
    )
    yield page(
        "SP_NAMESPACE",
        "all.value",
        head="import * as all from '../../lib/sp_namespace';",
        more={"lib/sp_namespace.js": "export const value = process.env.@;\n"},
    )
    yield page(
        "SP_CJS",
        "all.value",
        head="const all = require('../../lib/sp_cjs');",
        more={"lib/sp_cjs.js": "module.exports = { value: process.env.@ };\n"},
    )
    yield page(
        "SP_LAZY",
        "(await import('../../lib/sp_lazy')).value",
        more={"lib/sp_lazy.js": "export const value = process.env.@;\n"},
    )
    yield Construct(
        "SP_COMPONENT",
        {
            "app/sp_component/page.jsx": f"function Inner() {{ return {show(E)}; }}\nexport default function Page() {{ return <main><Inner /></main>; }}\n"
        },
        "/sp_component",
    )
    yield Construct(
        "SP_CHILDREN",
        {
            "app/sp_children/page.jsx": f"function Card({{ children }}) {{ return <div>{{children}}</div>; }}\nexport default function Page() {{ return <Card>{show(E)}</Card>; }}\n"
        },
        "/sp_children",
    )
    yield Construct(
        "SP_PROP",
        {
            "app/sp_prop/page.jsx": 'function Show({ value }) { return <b id="@" title={value}>x</b>; }\nexport default function Page() { return <Show value={process.env.@} />; }\n'
        },
        "/sp_prop",
    )
    yield Construct(
        "SP_SUSPENSE",
        {
            "app/sp_suspense/page.jsx": f"import {{ Suspense }} from 'react';\nasync function Inner() {{ return {show(E)}; }}\nexport default function Page() {{ return <Suspense fallback={{null}}><Inner /></Suspense>; }}\n"
        },
        "/sp_suspense",
    )
    yield Construct(
        "SP_LAYOUT",
        {
            "app/sp_layout/layout.jsx": f"export default function Layout({{ children }}) {{ return <div>{show(E)}{{children}}</div>; }}\n",
            "app/sp_layout/page.jsx": "export default function Page() { return <p>x</p>; }\n",
        },
        "/sp_layout",
    )
    yield Construct(
        "SP_TEMPLATEFILE",
        {
            "app/sp_templatefile/template.jsx": f"export default function Template({{ children }}) {{ return <div>{show(E)}{{children}}</div>; }}\n",
            "app/sp_templatefile/page.jsx": "export default function Page() { return <p>x</p>; }\n",
        },
        "/sp_templatefile",
    )
    yield Construct(
        "SP_CLIENT",
        {
            "app/sp_client/page.jsx": "import { Show } from './show';\nexport default function Page() { return <Show />; }\n",
            "app/sp_client/show.jsx": f"'use client';\nexport function Show() {{ return {show(E)}; }}\n",
        },
        "/sp_client",
    )
    yield Construct(
        "SP_CLIENTPROP",
        {
            "app/sp_clientprop/page.jsx": "import { Show } from './show';\nexport default function Page() { return <Show value={process.env.@} />; }\n",
            "app/sp_clientprop/show.jsx": "'use client';\nexport function Show({ value }) { return <b id=\"@\" title={value}>x</b>; }\n",
        },
        "/sp_clientprop",
    )
    yield Construct(
        "SP_UNUSEDPARAMS",
        {
            "app/sp_unusedparams/page.jsx": f"export default function Page({{ searchParams }}) {{ return {show(E)}; }}\n"
        },
        "/sp_unusedparams",
    )
    yield Construct(
        "SP_FORCED",
        {
            "app/sp_forced/page.jsx": f"import {{ cookies }} from 'next/headers';\nexport const dynamic = 'force-static';\nexport default async function Page() {{ await cookies(); return {show(E)}; }}\n"
        },
        "/sp_forced",
    )
    yield Construct(
        "SP_SLUG",
        {
            "app/sp_slug/[id]/page.jsx": f"export function generateStaticParams() {{ return [{{ id: 'a' }}]; }}\nexport default function Page() {{ return {show(E)}; }}\n"
        },
        "/sp_slug/a",
    )
    yield Construct(
        "SP_METADATA",
        {
            "app/sp_metadata/page.jsx": "export const metadata = { description: `@=${process.env.@};` };\nexport default function Page() { return <p>x</p>; }\n"
        },
        "/sp_metadata",
    )
    yield Construct(
        "SP_GENMETA",
        {
            "app/sp_genmeta/page.jsx": "export async function generateMetadata() { return { description: `@=${process.env.@};` }; }\nexport default function Page() { return <p>x</p>; }\n"
        },
        "/sp_genmeta",
    )
    yield page(
        "SP_ZOD",
        "settings.@",
        head="import { z } from 'zod';\nconst settings = z.object({ @: z.string().optional() }).parse(process.env);",
    )
    yield page(
        "SP_SAFE",
        "checked.data.@",
        head="import { z } from 'zod';\nconst schema = z.object({\n  @: z.string().optional(),\n});\nconst checked = schema.safeParse(process.env);",
    )
    yield page(
        "SP_T3",
        "env.@",
        head="import { createEnv } from '@t3-oss/env-nextjs';\nimport { z } from 'zod';\nconst env = createEnv({ server: { @: z.string().optional() }, experimental__runtimeEnv: {} });".replace(
            "@t3-oss", "\x01t3-oss"
        ),
    )


LIVE = {
    "COOKIES": ("import { cookies } from 'next/headers';", "await cookies();", 14),
    "HEADERS": ("import { headers } from 'next/headers';", "await headers();", 14),
    "CONNECTION": ("import { connection } from 'next/server';", "await connection();", 15),
    "NOSTORE": ("import { unstable_noStore } from 'next/cache';", "unstable_noStore();", 14),
    "SEARCH": ("", "const { q } = await props.searchParams;", 14),
    "FORCE": ("export const dynamic = 'force-dynamic';", "", 14),
    "ZERO": ("export const revalidate = 0;", "", 14),
    "FETCH": ("", "await fetch('data:text/plain,x', { cache: 'no-store' });", 14),
    "DEEP": (
        "import { cookies } from 'next/headers';\nasync function session() { return (await cookies()).get('s'); }\nasync function user() { return session(); }",
        "await user();",
        14,
    ),
    "CHILD": (
        "import { headers } from 'next/headers';\nasync function Child() { await headers(); return null; }",
        "const child = <Child />;",
        14,
    ),
}


def live_pages() -> Iterator[Construct]:
    """Yield pages that are rendered per request, each with a read in the call and one at the top."""
    for name, (head, first, since) in LIVE.items():
        extra = "{child}" if name == "CHILD" else ""
        for kind, expression, top in (
            ("CALL", E, ""),
            ("TOP", "top", "const top = process.env.@;"),
        ):
            url = f"/lp_{name.lower()}_{kind.lower()}"
            text = f"{head}\n{top}\nexport default async function Page(props) {{\n  {first}\n  return <main>{show(expression)}{extra}</main>;\n}}\n"
            yield Construct(f"LP_{name}_{kind}", {f"app{url}/page.jsx": text}, url, since=since)
    yield Construct(
        "LP_BEFORE",
        {
            "app/lp_before/page.jsx": f"import {{ cookies }} from 'next/headers';\nexport default async function Page() {{ const value = process.env.@; await cookies(); return {show('value')}; }}\n"
        },
        "/lp_before",
    )
    yield Construct(
        "LP_LAYOUT",
        {
            "app/lp_layout/layout.jsx": "import { cookies } from 'next/headers';\nexport default async function Layout({ children }) { await cookies(); return children; }\n",
            "app/lp_layout/page.jsx": f"export default function Page() {{ return {show(E)}; }}\n",
        },
        "/lp_layout",
    )
    yield Construct(
        "LP_LIB",
        {
            "app/lp_lib/page.jsx": f"import {{ value }} from '../../lib/lp_lib';\nexport const dynamic = 'force-dynamic';\nexport default function Page() {{ return {show('value')}; }}\n",
            "lib/lp_lib.js": "export const value = process.env.@;\n",
        },
        "/lp_lib",
    )
    yield Construct(
        "LP_SLUG",
        {"app/lp_slug/[id]/page.jsx": f"export default function Page() {{ return {show(E)}; }}\n"},
        "/lp_slug/a",
    )
    yield Construct(
        "LP_CLIENTPROP",
        {
            "app/lp_clientprop/page.jsx": "import { Show } from './show';\nexport const dynamic = 'force-dynamic';\nexport default function Page() { return <Show value={process.env.@} />; }\n",
            "app/lp_clientprop/show.jsx": "'use client';\nexport function Show({ value }) { return <b id=\"@\" title={value}>x</b>; }\n",
        },
        "/lp_clientprop",
    )
    yield Construct(
        "LP_GENMETA",
        {
            "app/lp_genmeta/page.jsx": "export const dynamic = 'force-dynamic';\nexport async function generateMetadata() { return { description: `@=${process.env.@};` }; }\nexport default function Page() { return <p>x</p>; }\n"
        },
        "/lp_genmeta",
    )
    yield page("RV_PAGE", head="export const revalidate = 1;")
    yield page("RV_FETCH", first="await fetch('data:text/plain,x', { next: { revalidate: 1 } });")
    yield page("RV_TOP", "value", head="export const revalidate = 1;\nconst value = process.env.@;")


def handlers() -> Iterator[Construct]:
    """Yield route handlers and metadata files."""
    yield handler("RH_PLAIN", f"export function GET() {{ return {answer()}; }}")
    yield handler("RH_ARROW", f"export const GET = async () => {answer()};")
    yield handler("RH_UNUSED", f"export async function GET(request) {{ return {answer()}; }}")
    yield handler(
        "RH_TOP",
        f"export function GET() {{ return {answer('value')}; }}",
        head="const value = process.env.@;",
    )
    yield handler(
        "RH_URL", f"export function GET(request) {{ new URL(request.url); return {answer()}; }}"
    )
    yield handler(
        "RH_NEXTURL",
        f"export function GET(request) {{ request.nextUrl.searchParams.get('q'); return {answer()}; }}",
    )
    yield handler(
        "RH_URLTOP",
        f"export function GET(request) {{ new URL(request.url); return {answer('value')}; }}",
        head="const value = process.env.@;",
    )
    yield handler(
        "RH_HEADERS",
        f"export async function GET() {{ await headers(); return {answer()}; }}",
        head="import { headers } from 'next/headers';",
    )
    yield handler(
        "RH_FORCED",
        f"export function GET() {{ return {answer()}; }}",
        head="export const dynamic = 'force-static';",
    )
    yield handler(
        "RH_FORCEDURL",
        f"export function GET(request) {{ new URL(request.url); return {answer()}; }}",
        head="export const dynamic = 'force-static';",
    )
    yield handler(
        "RH_ERROR",
        f"export function GET() {{ return {answer()}; }}",
        head="export const dynamic = 'error';",
    )
    yield handler(
        "RH_LIVE",
        f"export function GET() {{ return {answer()}; }}",
        head="export const dynamic = 'force-dynamic';",
    )
    yield handler(
        "RH_LIVETOP",
        f"export function GET() {{ return {answer('value')}; }}",
        head="export const dynamic = 'force-dynamic';\nconst value = process.env.@;",
    )
    yield handler(
        "RH_OFF",
        f"export function GET() {{ return {answer()}; }}",
        head="export const revalidate = false;",
    )
    yield handler(
        "RH_REVALIDATE",
        f"export function GET() {{ return {answer()}; }}",
        head="export const revalidate = 1;",
    )
    yield handler(
        "RH_POST",
        f"export function GET() {{ return {answer()}; }}\nexport function POST() {{ return new Response('x'); }}",
    )
    yield handler(
        "RH_SLUG",
        f"export function GET() {{ return {answer()}; }}",
        folder="/h/rh_slug/[id]",
        url="/h/rh_slug/a",
    )
    yield handler(
        "RH_LISTED",
        f"export const dynamic = 'force-static';\nexport function generateStaticParams() {{ return [{{ id: 'a' }}]; }}\nexport function GET() {{ return {answer()}; }}",
        folder="/h/rh_listed/[id]",
        url="/h/rh_listed/a",
    )
    yield handler(
        "RH_JSON",
        "export const dynamic = 'force-static';\nexport function GET() { return Response.json({ text: `@=${process.env.@};` }); }",
    )
    yield Construct(
        "MD_SITEMAP",
        {
            "app/sitemap.js": "export default function sitemap() { return [{ url: `https://x.example/@=${process.env.@};` }]; }\n"
        },
        "/sitemap.xml",
    )
    yield Construct(
        "MD_ROBOTS",
        {
            "app/robots.js": "export default function robots() { return { rules: { userAgent: '*' }, sitemap: `https://x.example/@=${process.env.@};` }; }\n"
        },
        "/robots.txt",
    )
    yield Construct(
        "MD_MANIFEST",
        {
            "app/manifest.js": "export default function manifest() { return { name: `@=${process.env.@};` }; }\n"
        },
        "/manifest.webmanifest",
    )


def pages_router() -> Iterator[Construct]:
    """Yield files of the pages router."""
    prop = '<b id="@" title={props.value}>x</b>'

    def one(name: str, head: str, body: str) -> Construct:
        url = f"/{name.lower()}"
        return Construct(
            name,
            {
                f"pages{url}.jsx": f"{head}\nexport default function Page(props) {{ return {body}; }}\n"
            },
            url,
        )

    yield one("PR_STATIC", "", show(E))
    yield one("PR_TOP", "const value = process.env.@;", show("value"))
    yield one(
        "PR_GSP",
        "export async function getStaticProps() { return { props: { value: process.env.@ ?? null } }; }",
        prop,
    )
    yield one(
        "PR_GSPR",
        "export async function getStaticProps() { return { props: { value: process.env.@ ?? null }, revalidate: 1 }; }",
        prop,
    )
    yield one(
        "PR_GSSP",
        "export async function getServerSideProps() { return { props: { value: process.env.@ ?? null } }; }",
        prop,
    )
    yield one(
        "PR_GSSPTOP",
        "const value = process.env.@;\nexport async function getServerSideProps() { return { props: { value: value ?? null } }; }",
        prop,
    )
    yield one(
        "PR_GSSPBODY",
        "export async function getServerSideProps() { return { props: {} }; }",
        show(E),
    )
    yield Construct(
        "PR_INITIAL",
        {
            "pages/pr_initial.jsx": 'function Page(props) { return <b id="@" title={props.value}>x</b>; }\nPage.getInitialProps = async () => ({ value: process.env.@ });\nexport default Page;\n'
        },
        "/pr_initial",
    )
    yield Construct(
        "PR_API",
        {
            "pages/api/pr_api.js": "export default function handler(req, res) { res.send(`@=${process.env.@};`); }\n"
        },
        "/api/pr_api",
    )
    yield Construct(
        "PR_APITOP",
        {
            "pages/api/pr_apitop.js": "const value = process.env.@;\nexport default function handler(req, res) { res.send(`@=${value};`); }\n"
        },
        "/api/pr_apitop",
    )
    yield Construct(
        "PR_PATHS",
        {
            "pages/pr_paths/[id].jsx": "export async function getStaticPaths() { return { paths: [{ params: { id: 'a' } }], fallback: 'blocking' }; }\nexport async function getStaticProps() { return { props: { value: process.env.@ ?? null } }; }\nexport default function Page(props) { return <b id=\"@\" title={props.value}>x</b>; }\n"
        },
        "/pr_paths/a",
    )


def access_forms() -> Iterator[Construct]:
    """Yield the forms in which a public variable is read, in a live handler."""
    forms = {
        "DOT": "process.env.@",
        "STRING": "process.env['@']",
        "ALIAS": "(() => { const e = process.env; return e.@; })()",
        "OPTIONAL": "process.env?.@",
        "OPTIONALPROCESS": "process?.env?.@",
        "BACKTICK": "process.env[`@`]",
        "CONSTANT": "(() => { const n = '@'; return process.env[n]; })()",
        "ENVOFPROCESS": "(() => { const { env } = process; return env.@; })()",
        "DESTRUCT": "(() => { const { @: v } = process.env; return v; })()",
        "NESTEDDESTRUCT": "(() => { const { env: { @: v } } = process; return v; })()",
        "SPREAD": "({ ...process.env }).@",
        "JOINED": "process.env['NEXT_PUBLIC_' + 'JOINED']",
    }
    for name, expression in forms.items():
        yield handler(
            f"NEXT_PUBLIC_{name}",
            f"export function GET(request) {{ new URL(request.url); return {answer(expression)}; }}",
            folder=f"/f/{name.lower()}",
        )
    yield handler(
        "NEXT_PUBLIC_HELPER",
        f"export function GET(request) {{ new URL(request.url); return {answer(chr(39).join(('read(', '@', ')')))}; }}",
        head="function read(name) { return process.env[name]; }",
        folder="/f/helper",
    )
    yield handler(
        "NEXT_PUBLIC_IMPORTED",
        f"export function GET(request) {{ new URL(request.url); return {answer('env.@')}; }}",
        head="import { env } from 'node:process';",
        folder="/f/imported",
    )


def servers() -> Iterator[Construct]:
    """Yield middleware and instrumentation: their values come as headers and through memory."""
    middleware = (
        "import { NextResponse } from 'next/server';\nconst top = process.env.T_MW_TOP;\n"
        "export default function middleware() {\n  const response = NextResponse.next();\n"
        "  response.headers.set('x-mw', `T_MW_TOP=${top};T_MW_CALL=${process.env.T_MW_CALL};NEXT_PUBLIC_MW=${process.env.NEXT_PUBLIC_MW};`);\n"
        "  return response;\n}\nexport const config = { matcher: ['/echo/mw'] };\n"
    )
    for name in ("MW_TOP", "MW_CALL", "NEXT_PUBLIC_MW"):
        yield Construct(name, {"middleware.js": middleware}, "/echo/mw", is_live_only=True)


def all_constructs(major: int) -> list[Construct]:
    """Return the constructs that a version of Next can be asked about."""
    groups = (
        config_constructs,
        static_pages,
        live_pages,
        handlers,
        pages_router,
        access_forms,
        servers,
    )
    return [one for group in groups for one in group() if one.since <= major <= one.until]


def cache_component_constructs() -> list[Construct]:
    """Return constructs of an app with cacheComponents, where parts of one page differ."""
    inner = "import { Suspense } from 'react';\nimport { cookies } from 'next/headers';\nasync function Inner() { await cookies(); return %s; }\nexport default function Page() { return <main>%s<Suspense fallback={null}><Inner /></Suspense></main>; }\n"
    return [
        page("CC_STATIC"),
        Construct("CC_SHELL", {"app/cc_shell/page.jsx": inner % ("null", show(E))}, "/cc_shell"),
        Construct("CC_INNER", {"app/cc_inner/page.jsx": inner % (show(E), "")}, "/cc_inner"),
        handler("CC_PLAIN", f"export async function GET() {{ return {answer()}; }}"),
        handler(
            "CC_URL",
            f"export async function GET(request) {{ new URL(request.url); return {answer()}; }}",
        ),
        Construct(
            "CC_LAYOUT",
            {
                "app/cc_layout/layout.jsx": f"export default function Layout({{ children }}) {{ return <div>{show(E)}{{children}}</div>; }}\n",
                "app/cc_layout/page.jsx": "export default function Page() { return <p>x</p>; }\n",
            },
            "/cc_layout",
        ),
    ]
