from __future__ import annotations

import pytest

from megalint import Project
from megalint.project.deployments import (
    BuildProvision,
    Image,
    RuntimeProvision,
    SelfHosting,
    StandaloneUse,
    Start,
)
from trees import project_of

WEB = '{ "name": "web", "scripts": { "build": "next build", "start": "next start" }, "dependencies": { "next": "15.5.9" } }'
SHOP = {
    "package.json": '{ "name": "shop", "workspaces": ["apps/*"] }',
    "package-lock.json": '{ "lockfileVersion": 3 }',
    "apps/web/package.json": WEB,
    "apps/web/app/page.tsx": "",
    "apps/admin/package.json": WEB.replace('"web"', '"admin"'),
    "apps/admin/app/page.tsx": "",
    "apps/worker/package.json": '{ "name": "worker" }',
}
BUILD = "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build --workspace web\n"


def images(project: Project) -> list[str]:
    return [one.app.name for one in project.each(Image)]


def given(project: Project) -> list[tuple[str, str, str]]:
    return [(one.name, one.value, one.channel) for one in project.each(RuntimeProvision)]


def servers(project: Project) -> list[tuple[str, str | None]]:
    return [(one.kind, one.server) for one in project.each(StandaloneUse)]


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("apps/web/Dockerfile", BUILD, ["web"]),
        ("Dockerfile", BUILD.replace("--workspace", "--filter"), ["web"]),
        ("Dockerfile", "FROM node\nRUN cd apps/admin && npm run build\n", ["admin"]),
        (
            "Dockerfile",
            "FROM node\nCOPY apps/web/package.json .\nRUN cd apps/admin && npm run build\n",
            ["admin"],
        ),
        ("apps/worker/Dockerfile", "FROM node\nCOPY apps/web ./\nRUN npm run build\n", []),
        ("apps/web/Dockerfile.dev", 'FROM node\nCOPY . .\nCMD ["npx", "next", "dev"]\n', []),
        ("apps/web/Dockerfile", "FROM nginx\nCOPY out /srv\n", []),
    ],
)
def test_image_belongs_to_the_app_that_it_builds(path: str, text: str, wanted: list[str]) -> None:
    assert images(project_of({**SHOP, path: text})) == wanted


def test_what_the_build_sees_is_not_given_at_run_time() -> None:
    project = project_of(
        {
            "app/page.tsx": "",
            "Dockerfile": "FROM node\nARG A\nENV B=1\nRUN npx next build\nENV C=1\nENV B=1\nENV B=2\n",
        }
    )

    assert [(one.name, one.value) for one in project.each(BuildProvision)] == [
        ("A", ""),
        ("B", "1"),
    ]
    assert given(project) == [("C", "1", "image"), ("B", "2", "image")]


def test_compose_gives_to_the_service_that_builds_the_app() -> None:
    project = project_of(
        {
            **SHOP,
            "apps/web/Dockerfile": BUILD,
            "deploy/run.env": "QUEUE_URL=http://q\n",
            "deploy/compose.yml": """
services:
  db: { image: postgres, environment: { POSTGRES_DB: x } }
  web:
    build:
      context: ..
      dockerfile: apps/web/Dockerfile
      args: { SHOP_URL: same }
    env_file: run.env
    environment: [ "SHOP_URL=same", "API_URL=http://a" ]
  dev:
    build: { context: .., dockerfile: apps/web/Dockerfile }
    command: npx next dev
    environment: { DEV_URL: x }
""",
        }
    )

    assert given(project) == [
        ("API_URL", "http://a", "process"),
        ("QUEUE_URL", "http://q", "env-file"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "module.exports = { apps: [{ name: 'w', cwd: '/srv/shop/apps/web', script: 'npm', args: 'start', env: { API_URL: 'http://a', KEY: read() } }, "
        "{ name: 'x', script: 'worker.js', env: { OTHER: '1' } }] };",
        "const web = { script: 'node_modules/next/dist/bin/next', args: ['start'], cwd: './apps/web',\n"
        " env_production: { 'API_URL': 'http://a', KEY: read() }, env_dev: { B: '1' } };\nmodule.exports = { apps: [web] };",
    ],
)
def test_ecosystem_file_gives_to_the_process_of_the_app(text: str) -> None:
    project = project_of({**SHOP, "ecosystem.config.js": text})

    assert given(project) == [("API_URL", "http://a", "process"), ("KEY", "", "process")]
    assert {one.app.name for one in project.each(SelfHosting)} == {"web"}
    assert [(one.app.name, one.kind) for one in project.each(Start)] == [("web", "next-start")]


def test_script_that_builds_first_gives_late_only_what_follows() -> None:
    script = "export A_URL=1\nnpm run build\nexport B_URL=2\npm2 start npm -- start\n"

    assert given(project_of({"app/page.tsx": "", "deploy.sh": script})) == [
        ("B_URL", "2", "process")
    ]


@pytest.mark.parametrize(
    ("tail", "wanted"),
    [
        (
            'COPY --from=build /app/apps/web/.next/standalone ./\nCMD ["node", "server.js"]',
            "server.js",
        ),
        (
            "COPY --from=build /app/apps/web/.next/standalone /srv\nCMD node /srv/apps/web/server.js",
            "apps/web/server.js",
        ),
        (
            "COPY --from=build /app/apps/web/.next/standalone ./\nWORKDIR apps/web\nCMD node server.js",
            "apps/web/server.js",
        ),
        (
            "COPY --from=build /app/apps/web/.next/standalone ./\nCOPY server.js ./\nCMD node server.js",
            None,
        ),
        ("COPY --from=build /app/.next/standalone ./\nCMD node server.js", None),
        (
            "COPY --from=build /app/apps/web/.next/standalone ./\nRUN mv apps/web/* .\nCMD node server.js",
            None,
        ),
        ("COPY --from=build /app/apps/web/.next/standalone ./\nCMD node $ENTRY/server.js", None),
    ],
)
def test_started_file_is_told_relative_to_the_standalone_folder(
    tail: str, wanted: str | None
) -> None:
    text = f"{BUILD}FROM node:20\nWORKDIR /run\n{tail}\n"

    found = servers(project_of({**SHOP, "apps/web/Dockerfile": text}))

    assert found == [("copy", None), ("start", wanted)]
