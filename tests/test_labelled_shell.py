"""Labelled launch scripts, each run for real when it was labelled: megalint must say the same."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from megalint.config import Config, Image, Service
from megalint.languages.shell.state import likely
from megalint.project.launches.facts import Certainty, Injection, Launch
from megalint.project.linkers import link
from megalint.source import Source

CASES = Path(__file__).parents[1] / "fixtures" / "labelled" / "shell"
NAMES = sorted(path.name for path in CASES.iterdir())
MANIFEST = '{"name": "%s", "scripts": {"start": "next start"}, "dependencies": {"next": "15.5.9"}}'
ROUTE = "export async function POST() { return Response.json([%s]) }"


def load(name: str, part: str) -> Any:
    path = CASES / name / part
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def terraform(name: str) -> str:
    render = load(name, "case.json")["render"]
    script = '"${path.module}/user_data.sh"'
    loaded = f"file({script})"
    if render == "templatefile":
        values = "\n".join(f"    {k} = {json.dumps(v)}" for k, v in load(name, "vars.json").items())
        loaded = f"templatefile({script}, {{\n{values}\n  }})"
    return f'resource "aws_launch_template" "it" {{\n  user_data = base64encode({loaded})\n}}\n'


def launches(name: str) -> list[Launch]:
    case = load(name, "case.json")
    keys = tuple(case["keys"])
    reads = ", ".join(f"process.env.{key}" for key in keys)
    texts = {
        "terraform/main.tf": terraform(name),
        "terraform/user_data.sh": (CASES / name / "user_data.sh").read_bytes().decode(),
    }
    for app in ("web", "app"):
        texts[f"apps/{app}/package.json"] = MANIFEST % app
        texts[f"apps/{app}/app/api/all/route.ts"] = ROUTE % reads
    config = Config(
        image=Image(os={"amzn": "amazon", "debian": "debian"}[case["sudoers"]]),
        services=(
            Service("web", "apps/web", "web-frontend", keys),
            Service("app", "apps/app", "app-backend", keys),
        ),
    )
    sources = [Source(PurePosixPath(path), text) for path, text in texts.items()]
    return list(link(sources, config).each(Launch))


def processes(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load(name, "label.json")["processes"]
    return found


def of_process(found: list[Launch], process: dict[str, Any]) -> Launch | None:
    same = [
        one
        for one in found
        if one.process == process["name"] and one.location.line == process["line"]
    ]
    return same[-1] if same else None


def shown(values: dict[str, Injection], keys: list[str]) -> dict[str, str | None]:
    return {key: likely(values[key].value) for key in keys if key in values}


@pytest.mark.parametrize("name", NAMES)
def test_processes(name: str) -> None:
    keys = load(name, "case.json")["keys"]
    found = launches(name)
    for process in processes(name):
        launch = of_process(found, process)
        if not process["started"]:
            assert launch is None or launch.starts is Certainty.NEVER
            continue
        assert launch is not None, [str(one.location) for one in found]
        assert launch.starts is not Certainty.NEVER
        assert launch.user == process["user"]
        assert shown(dict(launch.environment), keys) == process["env"]
    lines = {process["line"] for process in processes(name) if process["started"]}
    others = [one for one in found if one.location.line not in lines]
    assert all(one.starts is Certainty.NEVER for one in others)


@pytest.mark.parametrize("name", NAMES)
def test_missing(name: str) -> None:
    found = launches(name)
    for process in processes(name):
        launch = of_process(found, process)
        assert launch is not None, "a process that never starts is listed, too"
        if launch.app is not None:
            assert sorted(launch.lacks) == sorted(process["missing"])


@pytest.mark.parametrize("name", NAMES)
def test_effective_values(name: str) -> None:
    """What the app sees; where the image's own file decides, nobody can know."""
    found = launches(name)
    for process in processes(name):
        launch = of_process(found, process)
        if launch is not None and process["started"]:
            known = shown(dict(launch.effective), list(process["effective"]))
            assert known == {k: v for k, v in process["effective"].items() if k in known}


def test_a_template_that_terraform_refuses_starts_nothing() -> None:
    (launch,) = launches("19-template-missing-var")
    assert launch.starts is Certainty.NEVER
    assert "NODE_OPTIONS" in (launch.note or "")
