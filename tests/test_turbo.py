from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest

from megalint import Source
from megalint.formats import turbo
from megalint.formats.turbo import Task, Turbo


def read(config: object) -> Turbo:
    return turbo.parse(Source(PurePosixPath("turbo.json"), json.dumps(config)))


def task(root: object, own: object = None, name: str = "build") -> Task:
    found = read(root).task(name, "web", None if own is None else read(own))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("root", "own", "passing"),
    [
        ({"tasks": {"build": {}}}, None, False),
        ({"tasks": {"build": {"env": ["SHOP_URL"]}}}, None, True),
        ({"tasks": {"build": {"env": ["SHOP_*", "!SHOP_URL"]}}}, None, False),
        ({"tasks": {"build": {"env": ["!SHOP_URL", "SHOP_*"]}}}, None, False),
        ({"tasks": {"build": {"env": ["S?OP_URL"]}}}, None, False),
        ({"tasks": {"build": {"env": ["SHOP_*"], "passThroughEnv": ["!SHOP_URL"]}}}, None, True),
        (
            {
                "globalPassThroughEnv": ["SHOP_URL"],
                "tasks": {"build": {"passThroughEnv": ["!SHOP_URL"]}},
            },
            None,
            False,
        ),
        ({"globalEnv": ["SHOP_URL"], "tasks": {"build": {}}}, None, True),
        ({"tasks": {"build": {"env": ["SHOP_URL"]}, "web#build": {}}}, None, False),
        (
            {"tasks": {"build": {"env": ["SHOP_URL"]}}},
            {"extends": ["//"], "tasks": {"build": {"env": ["OTHER"]}}},
            False,
        ),
        (
            {"tasks": {"build": {"env": ["SHOP_URL"]}}},
            {"extends": ["//"], "tasks": {"build": {"outputs": [".next/**"]}}},
            True,
        ),
        ({"envMode": "loose", "tasks": {"build": {}}}, None, True),
        ({"pipeline": {"build": {}}}, None, True),
        ({"pipeline": {"build": {"passThroughEnv": []}}}, None, False),
        ({"globalPassThroughEnv": ["X"], "pipeline": {"build": {}}}, None, False),
        ({"pipeline": {"build": {"passThroughEnv": ["$SHOP_URL"]}}}, None, True),
    ],
)
def test_variable_of_the_shell_reaches_the_task(root: object, own: object, passing: bool) -> None:
    assert task(root, own).passes("SHOP_URL") is passing


@pytest.mark.parametrize("name", ["NEXT_PUBLIC_URL", "VERCEL_URL", "CI", "NODE_OPTIONS", "TZ"])
def test_some_names_pass_without_being_named_since_2(name: str) -> None:
    assert task({"tasks": {"build": {}}}).passes(name)


def test_version_1_lets_public_names_through_but_not_ci() -> None:
    strict = task({"pipeline": {"build": {"passThroughEnv": []}}})

    assert strict.passes("NEXT_PUBLIC_URL")
    assert not strict.passes("CI")
    assert not strict.passes("VERCEL_URL")


def test_task_that_nobody_defines_is_none() -> None:
    assert read({"tasks": {"lint": {}}}).task("build", "web") is None
