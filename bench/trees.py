"""Write a monorepo of a given size: seeded, so that anyone can rebuild the trees of the figures.

    python bench/trees.py --files 4000 --apps 6 --seed 1 /tmp/medium

Its mix is that of self-hosted monorepos: apps of Next.js with pages, handlers and components,
packages that they share, tests, locales, styles and documents, and a little infrastructure.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

WORDS: Final = [
    "account",
    "order",
    "ticket",
    "seat",
    "event",
    "venue",
    "payment",
    "refund",
    "invoice",
    "coupon",
    "queue",
    "search",
    "review",
    "profile",
    "session",
    "message",
    "report",
    "export",
    "upload",
    "member",
    "team",
    "role",
    "audit",
    "chart",
    "filter",
]
ENV: Final = [
    "INTERNAL_API_URL",
    "AWS_REGION",
    "DYNAMODB_TABLE",
    "QUEUE_URL",
    "SESSION_SECRET",
    "MAIL_HOST",
    "CACHE_URL",
    "NEXT_PUBLIC_SITE_URL",
    "NEXT_PUBLIC_CDN_URL",
    "FEATURE_FLAGS",
]
SHARES: Final = (
    ("component", 0.44),
    ("test", 0.16),
    ("library", 0.12),
    ("page", 0.07),
    ("handler", 0.04),
    ("style", 0.05),
    ("locale", 0.06),
    ("document", 0.04),
    ("python", 0.02),
)
"""How many files of each kind there are; what is left of them are terraform and scripts."""


class Tree:
    """Writes files, with numbers drawn from one seed."""

    def __init__(self, folder: Path, apps: int, seed: int) -> None:
        self.folder = folder
        self.apps = [f"apps/{'web' if number == 0 else f'app{number}'}" for number in range(apps)]
        self.random = random.Random(seed)
        self.count = 0

    def write(self, path: str, text: str) -> None:
        """Write a file below the folder."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        self.count += 1

    def app(self) -> str:
        """Return one of the apps; the first is the largest."""
        return self.random.choice([self.apps[0], *self.apps])

    def name(self) -> str:
        """Return a name that no other file has."""
        self.count += 1
        return f"{self.random.choice(WORDS)}-{self.random.choice(WORDS)}-{self.count}"

    def title(self, name: str) -> str:
        """Return the name of the component in a file called *name*."""
        return "".join(part.title() for part in name.split("-"))


def build(folder: Path, files: int, apps: int, seed: int) -> int:
    """Write the tree and return how many files it has: about *files*."""
    tree = Tree(folder, apps, seed)
    roots(tree)
    for path in tree.apps:
        app(tree, path)
    makers: dict[str, Callable[[Tree], None]] = {
        "component": component,
        "test": test,
        "library": library,
        "page": page,
        "handler": handler,
        "style": style,
        "locale": locale,
        "document": document,
        "python": python,
    }
    left = max(files - sum(1 for one in folder.rglob("*") if one.is_file()), 0)
    for kind, share in SHARES:
        for _ in range(int(left * share)):
            makers[kind](tree)
    return sum(1 for one in folder.rglob("*") if one.is_file())


def roots(tree: Tree) -> None:
    """Write what stands at the root, and the infrastructure."""
    tree.write(
        "package.json", json.dumps({"private": True, "workspaces": ["apps/*", "packages/*"]})
    )
    tree.write("turbo.json", json.dumps({"tasks": {"build": {"dependsOn": ["^build"]}}}, indent=2))
    tree.write("packages/ui/package.json", json.dumps({"name": "@acme/ui", "main": "index.ts"}))
    tree.write("packages/ui/index.ts", "export {};\n")
    tree.write("packages/lib/package.json", json.dumps({"name": "@acme/lib", "main": "index.ts"}))
    tree.write("packages/lib/index.ts", "export {};\n")
    tree.write(
        "infra/main.tf",
        "".join(f"{block}\n" for path in tree.apps for block in template(path.rpartition("/")[2])),
    )
    for path in tree.apps:
        name = path.rpartition("/")[2]
        tree.write(f"infra/user_data_{name}.sh", user_data(name))


def template(name: str) -> Iterator[str]:
    """Yield the blocks of Terraform that start an app."""
    yield (
        f'resource "aws_launch_template" "{name}" {{\n  name_prefix = "{name}-"\n'
        f'  user_data = base64encode(templatefile("user_data_{name}.sh", {{\n'
        '    aws_region = "ap-northeast-1"\n  }))\n}\n'
    )
    yield (
        f'resource "aws_autoscaling_group" "{name}" {{\n  min_size = 0\n  max_size = 4\n'
        f"  launch_template {{\n    id = aws_launch_template.{name}.id\n"
        f"    version = aws_launch_template.{name}.latest_version\n  }}\n}}\n"
    )


def user_data(name: str) -> str:
    """Return the script that starts an app."""
    return (
        f"#!/bin/bash\nset -e\ncd /srv/acme/apps/{name}\nexport AWS_REGION=${{aws_region}}\n"
        "cat > .env.production <<EOF\nINTERNAL_API_URL=http://api.internal:3001\nEOF\n"
        f'sudo -u ec2-user --preserve-env=AWS_REGION pm2 start npm --name "{name}" -- start\n'
    )


def app(tree: Tree, path: str) -> None:
    """Write the frame of an app."""
    manifest = {
        "name": path.rpartition("/")[2],
        "scripts": {"build": "next build", "start": "next start"},
        "dependencies": {"next": "15.5.9", "react": "19.1.0", "@acme/ui": "*", "@acme/lib": "*"},
    }
    tree.write(f"{path}/package.json", json.dumps(manifest, indent=2))
    tree.write(
        f"{path}/tsconfig.json",
        json.dumps({"compilerOptions": {"paths": {"@/*": ["./src/*"]}, "baseUrl": "."}}),
    )
    tree.write(
        f"{path}/next.config.ts",
        "const api = process.env.INTERNAL_API_URL || 'http://localhost:3001';\n"
        "export default {\n  output: 'standalone',\n  async rewrites() {\n"
        "    return [{ source: '/api/:path*', destination: `${api}/:path*` }];\n  },\n};\n",
    )
    tree.write(f"{path}/src/lib/env.ts", "".join(map(exported, ENV)))
    tree.write(
        f"{path}/src/app/layout.tsx",
        "export default function Layout({ children }) {\n  return <html><body>{children}</body></html>;\n}\n",
    )
    tree.write(f"{path}/Dockerfile", DOCKERFILE)
    tree.write(f"{path}/.env.example", "".join(f"{name}=\n" for name in ENV))


DOCKERFILE: Final = (
    "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
    'FROM node:22\nCOPY --from=build /app/.next/standalone ./\nCMD ["node", "server.js"]\n'
)


def exported(name: str) -> str:
    """Return a constant that holds a variable."""
    return f"export const {name.lower()} = process.env.{name} ?? '';\n"


def component(tree: Tree) -> None:
    """Write a component, of an app or shared."""
    name = tree.name()
    title = tree.title(name)
    folder = tree.random.choice([f"{tree.app()}/src/components", "packages/ui/src"])
    rows = "".join(
        f'      <li key="{number}" className="row">{{items[{number}]?.{tree.random.choice(WORDS)}}}</li>\n'
        for number in range(tree.random.randint(4, 30))
    )
    tree.write(
        f"{folder}/{name}.tsx",
        "'use client';\nimport { useMemo, useState } from 'react';\n\n"
        f"export function {title}({{ items, onSelect }}: {{ items: any[]; onSelect: (id: string) => void }}) {{\n"
        "  const [open, setOpen] = useState(false);\n"
        "  const total = useMemo(() => items.reduce((sum, one) => sum + one.price, 0), [items]);\n"
        "  if (!items.length) return null;\n"
        f'  return (\n    <ul onClick={{() => setOpen(!open)}} aria-label="{title}">\n{rows}'
        "      <li onClick={() => onSelect(String(total))}>{open ? total : '…'}</li>\n    </ul>\n  );\n}\n",
    )


def library(tree: Tree) -> None:
    """Write functions; one file in eight reads the environment."""
    name = tree.name()
    reads = tree.random.random() < 1 / 8
    folder = (
        f"{tree.app()}/src/lib"
        if reads
        else tree.random.choice([f"{tree.app()}/src/lib", "packages/lib/src"])
    )
    first = f"const base = process.env.{tree.random.choice(ENV)} ?? '';\n\n" if reads else ""
    functions = "".join(
        f"export function {tree.random.choice(WORDS)}{number}(input: number[]): number {{\n"
        f"  let total = {number};\n  for (const one of input) {{\n"
        "    if (one % 2 === 0) total += one * 3;\n    else total -= one;\n  }\n"
        f"  return Math.max(total, {tree.random.randint(0, 99)});\n}}\n\n"
        for number in range(tree.random.randint(2, 12))
    )
    last = "export const load = (id: string) => fetch(`${base}/items/${id}`);\n" if reads else ""
    tree.write(f"{folder}/{name}.ts", f"{first}{functions}{last}")


def page(tree: Tree) -> None:
    """Write a page; every second one is static, one in four reads the environment."""
    name = tree.name()
    import_line = (
        "import { internal_api_url } from '@/lib/env';\n" if tree.random.random() < 1 / 4 else ""
    )
    dynamic = "" if tree.random.random() < 1 / 2 else "export const dynamic = 'force-dynamic';\n"
    body = "<p>{internal_api_url}</p>" if import_line else "<p>static</p>"
    tree.write(
        f"{tree.app()}/src/app/{name}/page.tsx",
        f"{import_line}{dynamic}export default async function Page() {{\n"
        f"  const rows = ['{name}', 'two', 'three'];\n"
        f"  return <main><h1>{name}</h1>{body}{{rows.map((row) => <b key={{row}}>{{row}}</b>)}}</main>;\n}}\n",
    )


def handler(tree: Tree) -> None:
    """Write a route handler that reads the environment per request."""
    name = tree.name()
    tree.write(
        f"{tree.app()}/src/app/api/{name}/route.ts",
        "import { NextResponse } from 'next/server';\n\nexport async function POST(request: Request) {\n"
        "  const body = await request.json();\n"
        f"  const answer = await fetch(`${{process.env.{tree.random.choice(ENV)}}}/v1/{name}`, {{\n"
        "    method: 'POST', body: JSON.stringify(body),\n  });\n"
        "  if (!answer.ok) return NextResponse.json({ error: 'upstream' }, { status: 502 });\n"
        "  return NextResponse.json(await answer.json());\n}\n",
    )


def test(tree: Tree) -> None:
    """Write a unit test."""
    name = tree.name()
    cases = "".join(
        f"  it('case {number}', () => {{\n    expect({number} + {number}).toBe({number * 2});\n  }});\n"
        for number in range(tree.random.randint(3, 20))
    )
    tree.write(
        f"{tree.app()}/src/__tests__/{name}.test.ts",
        f"import {{ describe, expect, it }} from 'vitest';\n\ndescribe('{name}', () => {{\n{cases}}});\n",
    )


def style(tree: Tree) -> None:
    """Write a style sheet."""
    rules = "".join(f".c{number} {{ margin: {number}px; }}\n" for number in range(40))
    tree.write(f"{tree.app()}/src/styles/{tree.name()}.css", rules)


def locale(tree: Tree) -> None:
    """Write the texts of a language."""
    texts = {f"{word}.{number}": f"{word} 문구 {number}" for word in WORDS for number in range(4)}
    tree.write(f"{tree.app()}/locales/{tree.name()}.json", json.dumps(texts, ensure_ascii=False))


def document(tree: Tree) -> None:
    """Write a document."""
    lines = "".join(f"## Step {number}\n\nRun it and look.\n\n" for number in range(20))
    tree.write(f"docs/{tree.name()}.md", f"# Notes\n\n{lines}")


def python(tree: Tree) -> None:
    """Write a function of Lambda."""
    name = tree.name()
    tree.write(
        f"functions/{name}.py",
        "import json\nimport os\n\nimport boto3\n\nTABLE = os.environ['TABLE']\n"
        "client = boto3.client('dynamodb')\n\n\ndef handler(event, context):\n"
        "    item = client.get_item(TableName=TABLE, Key={'id': {'S': event['id']}})\n"
        "    return {'statusCode': 200, 'body': json.dumps(item.get('Item', {}))}\n",
    )


def main() -> None:
    """Write a tree."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=4000)
    parser.add_argument("--apps", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    count = build(given.folder, given.files, given.apps, given.seed)
    print(f"{count} files in {given.folder}")


if __name__ == "__main__":
    main()
