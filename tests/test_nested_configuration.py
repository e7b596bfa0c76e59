"""Several configuration files in one checkout: the nearest one that says something holds."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from megalint.cli.given import configuration
from megalint.cli.roots import root_of
from megalint.config import OFF, Config, ConfigError, completed, find, load
from megalint.discover import discover
from megalint.finding import Severity
from megalint.registry import load_rules
from megalint.run import configured, run
from trees import MANIFEST, write_tree

CAPTURED = "export default { rewrites: async () => [{ source: '/a', destination: `${process.env.API_URL}/a` }] };\n"


def config_of(root: Path, files: dict[str, str]) -> Config:
    write_tree(root, dict(files))
    path = find(root)
    config = Config() if path is None else load(path)
    return configured(root, config, discover(root).paths)


def level(config: Config, path: str, rule: str = "sync-params") -> str | Severity | None:
    return config.level_at(PurePosixPath(path), rule, "nextjs")


def test_nearest_file_that_names_the_rule_holds(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "megalint.toml": "[rules]\nnextjs = 'note'\nredirect-loop = 'off'\n",
            "apps/web/megalint.toml": "[rules]\nsync-params = 'error'\n",
            "apps/web/old/pyproject.toml": "[tool.megalint.rules]\nredirect-loop = 'warning'\n",
        },
    )

    assert level(config, "apps/x.ts") is Severity.NOTE
    assert level(config, "apps/web/x.ts") is Severity.ERROR
    assert level(config, "apps/web/old/x.ts") is Severity.ERROR
    assert level(config, "apps/web/x.ts", "redirect-loop") == OFF
    assert level(config, "apps/web/old/x.ts", "redirect-loop") is Severity.WARNING
    assert level(config, "apps/website/x.ts") is Severity.NOTE
    assert config.is_on("redirect-loop", "nextjs")


def test_what_is_live_lies_in_no_folder(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "megalint.toml": "[rules]\nnextjs = 'note'\n[per-path]\n'lt/b/*' = { ignore = ['nextjs'] }\n",
            "lt/megalint.toml": "[rules]\nnextjs = 'error'\n",
        },
    )

    def live(path: str) -> str | Severity | None:
        return config.level_at(PurePosixPath(path), "sync-params", "nextjs", is_live=True)

    assert level(config, "lt/a/7") is Severity.ERROR
    assert live("lt/a/7") is Severity.NOTE
    assert live("lt/b/7") == OFF


def test_globs_are_meant_from_the_folder_of_the_file(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "apps/web/megalint.toml": "exclude = ['gen/*']\n[per-path]\n'a/*' = { ignore = ['nextjs'] }\n",
            "apps/web/a/x.ts": "",
            "apps/web/gen/y.ts": "",
            "gen/y.ts": "",
        },
    )

    assert config.mistakes == ()
    assert config.excludes(PurePosixPath("apps/web/gen/y.ts"))
    assert not config.excludes(PurePosixPath("gen/y.ts"))
    assert level(config, "apps/web/a/x.ts") == OFF
    assert level(config, "a/x.ts") is None


def test_inner_file_turns_on_what_an_outer_one_ignores_by_path(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "megalint.toml": "[per-path]\n'apps/*' = { ignore = ['nextjs'] }\n",
            "apps/web/megalint.toml": "[rules]\nsync-params = 'error'\n",
        },
    )

    assert level(config, "apps/web/x.ts") is Severity.ERROR
    assert level(config, "apps/web/x.ts", "redirect-loop") == OFF


def test_root_of_its_own_takes_nothing_from_above(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "megalint.toml": "exclude = ['*.gen.ts']\n[rules]\nnextjs = 'off'\n",
            "cases/shop/megalint.toml": "root = true\n[regions]\nprimary = 'eu-west-1'\n",
            "cases/shop/x.gen.ts": "",
            "x.gen.ts": "",
        },
    )

    assert level(config, "cases/x.ts") == OFF
    assert level(config, "cases/shop/x.ts") is None
    assert not config.excludes(PurePosixPath("cases/shop/x.gen.ts"))
    assert config.excludes(PurePosixPath("x.gen.ts"))
    assert config.is_on("sync-params", "nextjs")
    assert config.regions.primary is None


def test_services_are_added_up_from_their_folders(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "megalint.toml": "[services.app]\napp = 'apps/app'\n",
            "apps/web/megalint.toml": "[services.web]\napp = '.'\nrequire = ['A']\n",
            "apps/megalint.toml": "[services.other]\napp = '../other/'\n[services.any]\nprocess = 'x'\n",
        },
    )

    assert [(one.name, one.app) for one in config.services] == [
        ("app", "apps/app"),
        ("other", "other"),
        ("any", ""),
        ("web", "apps/web"),
    ]
    assert config.required == {"A"}


def test_excluded_file_is_not_read(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {"megalint.toml": "exclude = ['cases/*']\n", "cases/a/megalint.toml": "not = toml ="},
    )

    assert [str(one.path) for one in config.sources] == ["megalint.toml"]


def test_own_file_goes_before_pyproject(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "a/megalint.toml": "[rules]\nnextjs = 'note'\n",
            "a/pyproject.toml": "[tool.megalint.rules]\nnextjs = 'error'\n",
            "b/pyproject.toml": "[project]\nname = 'megalint'\nbroken =\n",
        },
    )

    assert [str(one.path) for one in config.sources] == ["a/megalint.toml"]


def test_alone_means_without_nested_files() -> None:
    paths = (PurePosixPath("a/megalint.toml"),)
    texts = {paths[0]: "[rules]\nnextjs = 'off'\n"}

    assert completed(Config(), paths, texts.get).layers != ()
    assert completed(Config(has_nested=False), paths, texts.get).layers == ()


@pytest.mark.parametrize("content", [b"\xff", b"\0", b"a ="])
def test_nested_file_that_cannot_be_read_stops_the_run(tmp_path: Path, content: bytes) -> None:
    write_tree(tmp_path, {"a/megalint.toml": content})

    with pytest.raises(ConfigError, match=r"a/megalint\.toml: "):
        run(tmp_path, [])


def test_link_out_of_the_checkout_is_not_followed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"outside.toml": "[rules]\n", "root/a/x.ts": ""})
    (tmp_path / "root/a/megalint.toml").symlink_to(tmp_path / "outside.toml")

    with pytest.raises(ConfigError, match="leads out of the checkout"):
        run(tmp_path / "root", [])


def test_link_of_the_root_is_followed_on_request_only(tmp_path: Path) -> None:
    write_tree(tmp_path, {"outside.toml": "fail-on = 'note'\n", "root/.git/HEAD": ""})
    path = tmp_path / "root/megalint.toml"
    path.symlink_to(tmp_path / "outside.toml")

    with pytest.raises(ConfigError, match="leads out of the checkout"):
        configuration(tmp_path / "root", None, isolated=False)
    assert configuration(tmp_path / "root", path, isolated=False).fail_on == "note"
    assert configuration(tmp_path / "root", None, isolated=True).layers == ()


def test_levels_of_a_run(tmp_path: Path) -> None:
    app = {"package.json": MANIFEST % "15.5.9", "next.config.mjs": CAPTURED}
    files = {f"apps/{name}/{path}": text for name in "abc" for path, text in app.items()}
    write_tree(
        tmp_path,
        {
            **files,
            "megalint.toml": "[rules]\nrewrite-captures-env = 'off'\n",
            "apps/b/megalint.toml": "[rules]\nrewrite-captures-env = 'note'\n",
            "apps/c/megalint.toml": "root = true\n",
        },
    )

    report = run(tmp_path, load_rules(), load(tmp_path / "megalint.toml"))

    found = {str(one.location.source.path): one.severity.name for one in report.findings}
    assert "apps/a/next.config.mjs" not in found
    assert found["apps/b/next.config.mjs"] == "NOTE"
    assert found["apps/c/next.config.mjs"] != "NOTE"


@pytest.mark.parametrize(
    ("files", "start", "root"),
    [
        ({".git/HEAD": "", "apps/web/megalint.toml": ""}, "apps/web/src", "."),
        ({".git/HEAD": "", "apps/web/megalint.toml": "root = true"}, "apps/web/src", "apps/web"),
        ({".git/HEAD": "", "apps/web/megalint.toml": "root = false"}, "apps/web/src", "."),
        ({"megalint.toml": "", "apps/web/megalint.toml": ""}, "apps/web/src", "apps/web"),
        ({"megalint.toml": "root = true", "apps/megalint.toml": ""}, "apps/web", "."),
        ({"pyproject.toml": "[tool.megalint]\nroot = true", "apps/megalint.toml": ""}, "apps", "."),
        ({"apps/megalint.toml": "root = tru"}, "apps/web", "apps"),
        ({"apps/x": ""}, "apps", "apps"),
        ({"a/.git/HEAD": "", "megalint.toml": "root = true"}, "a/b", "a"),
    ],
)
def test_root_of_a_run(tmp_path: Path, files: dict[str, str], start: str, root: str) -> None:
    write_tree(tmp_path, dict(files))
    (tmp_path / start).mkdir(parents=True, exist_ok=True)

    assert root_of([tmp_path / start]) == (tmp_path / root).resolve()


@pytest.mark.parametrize(
    ("glob", "meant"),
    [
        ("legacy", "legacy/**"),
        ("legacy/", "legacy/**"),
        ("./legacy/**", "legacy/**"),
        ("legcy/**", "legacy/**"),
        ("apps/web/scr/*.ts", "apps/web/src/*.ts"),
        ("apps/web/src/page.tsx", "apps/web/src/page.ts"),
        ("READMe.md", "README.md"),
        ("web/src/page.ts", "apps/web/src/page.ts"),
        ("**/page.py", None),
        ("zzz/**", None),
        ("", None),
        ("/", None),
    ],
)
def test_idle_glob_comes_with_a_guess(tmp_path: Path, glob: str, meant: str | None) -> None:
    files = {"legacy/a.ts": "", "apps/web/src/page.ts": "", "README.md": ""}

    config = config_of(tmp_path, {**files, "megalint.toml": f"exclude = ['{glob}']\n"})

    (mistake,) = config.mistakes
    assert mistake.suggestion == meant
    assert mistake.location.text == f"'{glob}'"
    if meant is not None:
        assert config_of(tmp_path, {"megalint.toml": f"exclude = ['{meant}']\n"}).mistakes == ()
