"""What is a secret, and that no output shows one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from megalint.cli import main
from megalint.output import FORMATS
from megalint.secrets import is_secret_form, is_secret_name, masked, masked_line

VALUE = "correct-horse-battery"
SCRIPT = f"""#!/bin/bash
cd /opt/web
export DB_PASSWORD={VALUE}
DATABASE=postgres://app:{VALUE}@db.internal/x API_TOKEN="{VALUE}" pm2 start npm --name web -- start
"""


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "DB_PASSWORD",
        "JWT_SECRET",
        "API_KEY",
        "STRIPE_SECRET_KEY",
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "private_key",
        "SECRET_V2_VALUE"[:6],
        "AUTH_SECRET_1",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "AWS_REGION",
        "PRIMARY_KEY_COLUMN",
        "KEYBOARD",
        "TOKENIZER",
        "SECRETARY",
        "PASSENGERS",
        "PUBLIC_KEY_URL",
        "DYNAMODB_TABLE",
        "CACHE_KEY_PREFIX",
    ],
)
def test_names_of_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


def test_forms() -> None:
    assert is_secret_form("AKIA" + "A" * 16)
    assert is_secret_form("postgres://u:pw@h/db")
    assert not is_secret_form("http://user@h:3001/x:y")
    assert masked("URL", "postgres://u:pw@h/db") == "postgres://u:********@h/db"
    assert masked("A_TOKEN", "x") == "********"
    assert masked("A_TOKEN", "") == ""


def test_lines_keep_their_length() -> None:
    for line in (
        f"export DB_PASSWORD={VALUE} X=1",
        f'API_KEY: "{VALUE}"',
        f"url = postgres://u:{VALUE}@h",
    ):
        shown = masked_line(line)
        assert VALUE not in shown
        assert len(shown) == len(line)
    assert masked_line("TOKEN=$TOKEN API_KEY=process.env.X") == "TOKEN=$TOKEN API_KEY=process.env.X"


@pytest.mark.parametrize(
    "arguments",
    [
        *(["check", "--exit-zero", "--format", one] for one in FORMATS),
        *(["trace", "--format", one, "--root", "."] for one in ("text", "json", "html")),
    ],
    ids=" ".join,
)
def test_no_output_shows_a_secret(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "user_data.sh").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "megalint.toml").write_text('[services.web]\nprocess = "web"\nrequire = ["NOPE"]\n')
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "DB_PASSWORD" in result.output
    assert VALUE not in result.output
