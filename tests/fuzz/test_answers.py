"""Saved answers of AWS with values of the wrong kind: read, or refused in words; nothing raises."""

from __future__ import annotations

import copy
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import seeds
from megalint.cli import main

COUNT = int(os.environ.get("FUZZ_ANSWERS", "150"))
OTHERS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 1.5, float("nan"), "", "\ud800", "x" * 5000, "版本 7"),
    *([], {}, [None], [[]], {"": None}, "$Latest", "2026-13-45T00:00:00Z", "arn:aws:", "/+=="),
)


def places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return each holder of a value in *value*, with the key or index."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(pairs):
        found.append((value, key))
        if isinstance(item, dict | list):
            places(item, found)
    return found


def mutated(answer: Any, draw: random.Random) -> Any:
    """Return *answer* with some values that are others, doubled or gone."""
    changed = copy.deepcopy(answer)
    for _ in range(draw.randint(1, 4)):
        holder, key = draw.choice(places(changed, []) or [({}, "")])
        act = draw.random()
        if act < 0.15 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif act < 0.3 and key in (holder if isinstance(holder, dict) else range(len(holder))):
            del holder[key]
        else:
            holder[key] = copy.deepcopy(draw.choice(OTHERS))
    return changed


@pytest.mark.parametrize("seed", range(COUNT))
def test_answers_of_another_form_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    for number, answer in enumerate(seeds.answers()):
        one = mutated(answer, draw) if draw.random() < 0.4 else answer
        (tmp_path / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")

    repository = tmp_path / "empty"
    repository.mkdir()
    options = ["--repo", str(repository), "--format", "json", "--diff"]
    result = CliRunner().invoke(main, ["lt", "--from", str(tmp_path), *options])

    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in {0, 1, 2, 3}
    assert "Traceback" not in result.stderr
    assert "failed (" not in result.stderr
