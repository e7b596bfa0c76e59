"""What ``megalint.toml`` may say, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from megalint.config import Config, ConfigError, Regions, Service, find, load
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


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    config = load(write_tree(tmp_path, {"megalint.toml": FULL}) / "megalint.toml")

    assert config.excludes(PurePosixPath("legacy/a/b.ts"))
    assert not config.excludes(PurePosixPath("src/a.ts"))
    assert config.fail_on == "error"
    assert config.off == {"sync-params"}
    assert list(config.ignored_at(PurePosixPath("terraform/sandbox/x.tf"))) == ["environment"]
    assert list(config.ignored_at(PurePosixPath("terraform/x.tf"))) == []
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
    config = load(write_tree(tmp_path, {"megalint.toml": FULL}) / "megalint.toml")

    assert config.severity_of("middleware-ignored", "nextjs") is Severity.WARNING
    assert config.severity_of("middleware-blocks-api", "nextjs") is Severity.ERROR
    assert config.severity_of("redirect-loop", "nextjs") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("excludes = []", "unknown key 'excludes'; did you mean 'exclude'?"),
        ("exclude = 'x'", "exclude = 'x': a list of texts is wanted here"),
        ("exclude = [1]", "a list of texts is wanted here"),
        ("fail-on = 'eror'", "fail-on = 'eror': one of error, warning, note, never"),
        ("rules = 3", "rules = 3: a table is wanted here"),
        ("[rules]\na = 'bad'", "'bad' is no severity: error, warning or note"),
        ("[rules]\na = 3", "3 is no severity"),
        ("[regions]\nprimry = 'x'", "did you mean 'primary'?"),
        ("[regions]\nprimary = 3", "primary = 3: a text is wanted here"),
        ("[per-path]\n'a/**' = { ignores = [] }", "did you mean 'ignore'?"),
        ("[services.web]\nrequires = []", "unknown key in [services.web]: 'requires'"),
        ("[services.web]\nchannels = ['file']", "unknown channel in [services.web]: 'file'"),
        ("[services.web]\nstandalone = 'yes'", "one of auto, off, required"),
        ("exclude = [", "megalint.toml: "),
    ],
)
def test_mistake_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = write_tree(tmp_path, {"megalint.toml": text}) / "megalint.toml"

    with pytest.raises(ConfigError) as caught:
        load(path)

    assert words in str(caught.value)


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[image]\nos = "windows"\n', "one of amazon, debian"),
        ('[image]\nroots = "/x"\n', "did you mean 'root'"),
        ('[placeholders]\ntoken = ["X"]\n', "did you mean 'tokens'"),
    ],
)
def test_mistakes_about_the_image(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "megalint.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        load(path)
