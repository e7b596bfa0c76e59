"""What ``megalint.toml`` may say, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from megalint.config import OFF, Config, ConfigError, Regions, Service, find, load
from megalint.finding import Severity
from trees import write_tree

FULL = """
exclude = ["legacy/**"]
fail-on = "error"
[rules]
public-env-captured = "note"
"middleware-*" = "error"
middleware-ignored = "warning"
sync-params = "off"
[per-path]
"terraform/sandbox/**" = { ignore = ["environment"] }
[regions]
primary = "ap-northeast-2"
recovery = ["ap-northeast-1"]
[image]
os = "amazon"
[services.web]
app = "apps/web"
process = "web-frontend"
require = ["AWS_REGION"]
channels = ["process", "env-file"]
standalone = "required"
[placeholders]
tokens = ["*_PLACEHOLDER"]
"""


def config_of(folder: Path, text: str) -> Config:
    return load(write_tree(folder, {"megalint.toml": text}) / "megalint.toml")


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    config = config_of(tmp_path, FULL)

    assert config.mistakes == ()
    assert config.excludes(PurePosixPath("legacy/a/b.ts"))
    assert not config.excludes(PurePosixPath("src/a.ts"))
    assert config.fail_on == "error"
    assert config.level_at(PurePosixPath("terraform/sandbox/x.tf"), "a", "environment") == OFF
    assert config.level_at(PurePosixPath("terraform/x.tf"), "a", "environment") is None
    assert config.regions == Regions("ap-northeast-2", ("ap-northeast-1",))
    assert config.services == (
        Service(
            "web",
            "apps/web",
            "web-frontend",
            ("AWS_REGION",),
            ("process", "env-file"),
            "required",
        ),
    )


def test_id_goes_before_glob_and_family(tmp_path: Path) -> None:
    config = config_of(tmp_path, FULL)
    place = PurePosixPath("a.ts")

    assert config.level_at(place, "middleware-ignored", "nextjs") is Severity.WARNING
    assert config.level_at(place, "middleware-blocks-api", "nextjs") is Severity.ERROR
    assert config.level_at(place, "redirect-loop", "nextjs") is None
    assert config.level_at(place, "sync-params", "nextjs") == OFF
    assert [config.is_on(one, "nextjs") for one in ("sync-params", "redirect-loop")] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (
            "excludes = []",
            "excludes",
            "`excludes` is no setting, and has no effect; did you mean `exclude`?",
        ),
        ("zzz = []", "zzz", "`zzz` is no setting, and has no effect"),
        (
            "exclude = 'x'",
            "'x'",
            '`exclude = "x"` is of no use, and `[]` holds: a list of globs is wanted here',
        ),
        (
            "exclude = ['a', 1]",
            "1",
            "`1` in `exclude` is of no use, and `[]` holds: a list of globs is wanted here",
        ),
        (
            "fail-on = 'eror'",
            "'eror'",
            '`fail-on = "eror"` is of no use, and `"warning"` holds: one of "error", "warning", "note", "never" is wanted here; did you mean `error`?',
        ),
        ("rules = 3", "3", "`rules = 3` says nothing: a table is wanted here"),
        (
            "[rules]\na = 'bad'",
            "'bad'",
            '`rules.a = "bad"` is of no use: one of "error", "warning", "note", "off", false is wanted here',
        ),
        (
            "[rules]\n'a b' = 'NOTE'",
            "'NOTE'",
            '`rules."a b" = "NOTE"` is of no use: one of "error", "warning", "note", "off", false is wanted here; did you mean `note`?',
        ),
        (
            "[regions]\nprimry = 'x'",
            "primry",
            "`primry` is no setting in `[regions]`, and has no effect; did you mean `primary`?",
        ),
        (
            "[regions]\nprimary = 3",
            "3",
            "`regions.primary = 3` is of no use: a text is wanted here",
        ),
        (
            "[per-path]\n'a/**' = { ignores = [] }",
            "ignores",
            '`ignores` is no setting in `[per-path."a/**"]`, and has no effect; did you mean `ignore`?',
        ),
        (
            "[services.web]\nchannels = ['file']",
            "'file'",
            '`"file"` in `services.web.channels` is of no use, and `[]` holds: a list of env-file and process is wanted here; did you mean `env-file`?',
        ),
        (
            "[image]\nos = 'windows'",
            "'windows'",
            '`image.os = "windows"` is of no use: one of "amazon", "debian" is wanted here',
        ),
    ],
)
def test_mistake_is_named_at_its_place(tmp_path: Path, text: str, place: str, words: str) -> None:
    (found,) = config_of(tmp_path, text).mistakes

    assert (found.message, found.location.text) == (words, place)


def test_what_is_right_holds_beside_a_mistake(tmp_path: Path) -> None:
    text = (
        "fail-on = 'eror'\nexcludes = []\n[regions]\nprimary = 'ap-northeast-2'\nrecovery = 'x'\n"
    )

    config = config_of(tmp_path, text)

    assert len(config.mistakes) == 3
    assert config.fail_on is None
    assert config.regions == Regions("ap-northeast-2", ())


@pytest.mark.parametrize(
    ("text", "words"),
    [("exclude = [", r"megalint\.toml: "), (f"a = {'[' * 9000}", r"megalint\.toml: ")],
)
def test_what_is_no_toml_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        config_of(tmp_path, text)


@pytest.mark.parametrize("content", [b"\xff", None])
def test_unreadable_file_is_a_mistake(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        write_tree(tmp_path, {"megalint.toml": content})

    with pytest.raises(ConfigError, match=r"megalint\.toml"):
        load(tmp_path / "megalint.toml")


def test_pyproject_is_used_only_with_a_table_of_ours(tmp_path: Path) -> None:
    path = write_tree(tmp_path, {"pyproject.toml": "[project]\nname = 'x'\n"}) / "pyproject.toml"
    assert find(tmp_path) is None

    path.write_text("[tool.megalint]\nfail-on = 'note'\n", encoding="utf-8")

    assert find(tmp_path) == path
    assert load(path).fail_on == "note"


def test_image_and_placeholders(tmp_path: Path) -> None:
    path = tmp_path / "megalint.toml"
    path.write_text(
        '[image]\nos = "debian"\nroot = "/srv/shop"\n[placeholders]\ntokens = ["__*__"]\n',
        encoding="utf-8",
    )
    found = load(path)
    assert (found.image.os, found.image.root) == ("debian", "/srv/shop")
    assert found.placeholders == ("__*__",)
    assert Config().placeholders == ("*_PLACEHOLDER",)
