from __future__ import annotations

import time
from pathlib import PurePosixPath

import pytest

from megalint import Source
from megalint.formats import compose
from megalint.formats.compose import Service


def services(text: str) -> tuple[Service, ...]:
    return compose.parse(Source(PurePosixPath("compose.yaml"), text)).services


def test_service_in_every_form() -> None:
    (web,) = services(
        """
services:
  web:
    build:
      context: ./apps/web
      dockerfile: Dockerfile.prod
      target: runner
      args:
        - SHOP_URL=https://a
    env_file:
      - .env
      - path: ./web.env
        required: false
    environment:
      AWS_REGION: ap-northeast-2
      TOKEN:
    entrypoint: ["dumb-init", "--"]
    command: npm run 'start'
"""
    )

    assert (web.context, web.dockerfile, web.target) == ("./apps/web", "Dockerfile.prod", "runner")
    assert [(one.name, one.value) for one in web.arguments] == [("SHOP_URL", "https://a")]
    assert [(one.name, one.value) for one in web.environment] == [
        ("AWS_REGION", "ap-northeast-2"),
        ("TOKEN", None),
    ]
    assert web.environment[0].location.text == "AWS_REGION: ap-northeast-2"
    assert web.env_files == (".env", "./web.env")
    assert web.command == ("dumb-init", "--", "npm", "run", "start")


def test_merged_environment_counts_and_the_service_wins() -> None:
    (web,) = services(
        """
x-common: &common
  A: base
  B: base
services:
  web:
    build: .
    environment:
      <<: *common
      B: own
"""
    )

    assert {one.name: one.value for one in web.environment} == {"A": "base", "B": "own"}


@pytest.mark.parametrize(
    "text",
    ["", "services: 3", "services: [a, b]", "a: b: c", "\tx", "services:\n  web: null", "[" * 5000],
)
def test_what_is_no_compose_file_has_few_services(text: str) -> None:
    assert all(one.environment == () for one in services(text))


def test_aliases_of_aliases_cost_little() -> None:
    lines = ["a0: &a0 {A: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 40)]
    text = "\n".join([*lines, "services: {web: {build: ., environment: *a39}}"])
    start = time.perf_counter()

    assert services(text) == ()
    assert time.perf_counter() - start < 2
