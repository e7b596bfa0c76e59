"""The path alone decides what reads a file."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
import yaml

from megalint.classify import Kind, classify

HOOKS = Path(__file__).parent.parent / ".pre-commit-hooks.yaml"
CASES = [
    ("Makefile", Kind.MAKEFILE),
    ("deploy/failover.mk", Kind.MAKEFILE),
    ("scripts/failover.ps1", Kind.POWERSHELL),
    ("app/page.tsx", Kind.JAVASCRIPT),
    ("next.config.mts", Kind.JAVASCRIPT),
    ("ecosystem.config.cjs", Kind.JAVASCRIPT),
    ("lib/a.cts", Kind.JAVASCRIPT),
    ("PAGE.JSX", Kind.JAVASCRIPT),
    ("env.d.ts", None),
    ("types/index.d.mts", None),
    ("public/jquery.min.js", None),
    (".yarn/releases/yarn-4.5.0.cjs", None),
    (".pnp.cjs", None),
    ("apps/web/package.json", Kind.JSON),
    ("tsconfig.base.json", Kind.JSON),
    ("turbo.jsonc", Kind.JSON),
    ("package-lock.json", Kind.LOCK_FILE),
    ("npm-shrinkwrap.json", Kind.LOCK_FILE),
    ("pnpm-lock.yaml", Kind.LOCK_FILE),
    ("yarn.lock", Kind.LOCK_FILE),
    ("bun.lock", Kind.LOCK_FILE),
    ("bun.lockb", None),
    ("megalint-baseline.json", None),
    ("pnpm-workspace.yaml", Kind.WORKSPACE),
    ("Dockerfile", Kind.DOCKERFILE),
    ("apps/web/Dockerfile.prod", Kind.DOCKERFILE),
    ("Dockerfile-web", Kind.DOCKERFILE),
    ("web.dockerfile", Kind.DOCKERFILE),
    ("dockerfile", Kind.DOCKERFILE),
    ("prod.Dockerfile", Kind.DOCKERFILE),
    ("Containerfile", Kind.DOCKERFILE),
    ("Dockerfile.dockerignore", None),
    ("Dockerfiles", None),
    ("compose.yaml", Kind.COMPOSE),
    ("docker-compose.override.yml", Kind.COMPOSE),
    ("composer.yml", Kind.YAML),
    (".env", Kind.DOTENV),
    (".env.production.local", Kind.DOTENV),
    (".envrc", None),
    ("deploy/user_data.sh", Kind.SHELL),
    ("user_data.tpl", Kind.SHELL),
    ("main.tf", Kind.TERRAFORM),
    ("Caddyfile", Kind.PROXY),
    ("deploy/nginx.conf.template", Kind.PROXY),
    ("nginx/conf.d/web.conf", Kind.PROXY),
    ("public/_redirects", Kind.PROXY),
    ("netlify.toml", Kind.PROXY),
    ("functions/step.py", Kind.PYTHON),
    (".github/workflows/failover.yml", Kind.WORKFLOW),
    ("infra/stack.yaml", Kind.YAML),
    ("infra/web.sh.tftpl", Kind.SHELL),
    ("cloud-config.yaml", Kind.SHELL),
    ("user_data.txt", Kind.SHELL),
    ("userdata", Kind.SHELL),
    ("deploy/web.service", Kind.SHELL),
    ("package.json", Kind.JSON),
    ("pg_hba.conf", None),
    ("public/logo.png", None),
    ("README.md", None),
]


@pytest.mark.parametrize(("path", "kind"), CASES)
def test_kind_of_path(path: str, kind: Kind | None) -> None:
    assert classify(PurePosixPath(path)) is kind


def test_hook_runs_when_a_file_that_is_read_changes() -> None:
    pattern = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))[0]["files"]

    assert [path for path, kind in CASES if kind is not None and not re.search(pattern, path)] == []
    assert {kind for _, kind in CASES} == {*Kind, None}
