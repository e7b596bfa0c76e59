"""``megalint rehearse``: on Megaticket before and after, on small trees, and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import seeds
from megalint.cli import main
from megalint.rehearsal import Kind
from megalint.rehearsal.pointing import Judge, kind_of, regions_in
from trees import MANIFEST, write_tree

SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
PROJECTS = Path(__file__).parent.parent / "fixtures" / "projects" / "megaticket"
REGIONS = f'[regions]\nprimary = "{SEOUL}"\nrecovery = ["{TOKYO}"]\n'
TEMPLATE = f"""provider "aws" {{
  region = "{TOKYO}"
}}
resource "aws_launch_template" "web" {{
  name      = "web"
  user_data = base64encode(file("${{path.module}}/boot.sh"))
}}
"""


def rehearse(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", "--repo", str(root), *arguments])


def found(root: Path, *arguments: str) -> dict[str, Any]:
    result = rehearse(root, "--format", "json", *arguments)
    data: dict[str, Any] = json.loads(result.stdout)
    return data


def values(data: dict[str, Any], verdict: str) -> set[tuple[str, str, str]]:
    return {
        (process["process"], one["name"], f"{one['path']}:{one['line']}")
        for process in data["processes"]
        for one in process["values"]
        if one["verdict"] == verdict
    }


def tree(root: Path, boot: str, **files: str) -> Path:
    script = f"#!/bin/bash\ncd /srv/shop/apps/web\n{boot}\nnode_modules/.bin/next start\n"
    return write_tree(
        root,
        {
            "megalint.toml": REGIONS + '[image]\nroot = "/srv/shop"\n',
            "apps/web/package.json": MANIFEST % "15.5.9",
            "terraform/main.tf": TEMPLATE,
            "terraform/boot.sh": script,
            **{name.replace("__", "/"): text for name, text in files.items()},
        },
    )


# --- Megaticket ----------------------------------------------------------------------------


def test_before_names_each_value_that_still_points_to_seoul() -> None:
    result = rehearse(PROJECTS / "before", "--to", TOKYO, "--format", "json")
    data = json.loads(result.stdout)

    assert result.exit_code == 1
    assert values(data, "down") == {
        ("web-frontend", "AWS_REGION", "apps/web/src/app/status/page.tsx:2"),
        ("web-frontend", "INTERNAL_API_URL", "apps/web/next.config.ts:10"),
        (
            "web-frontend",
            "NEXT_PUBLIC_AWS_REGION",
            "apps/web/src/components/region-badge.tsx:4",
        ),
        ("web-frontend", "rewrite /posters/:path*", "apps/web/next.config.ts:14"),
        ("app-backend", "AWS client", "apps/app/src/lib/dynamo.ts:3"),
        (
            "app-backend",
            "DYNAMODB_TABLE_RESERVATIONS",
            "terraform/tokyo/user_data_app.sh:6",
        ),
        ("jobs", "REPORT_QUEUE", "terraform/tokyo/user_data_jobs.sh:3"),
    }
    assert values(data, "hidden") == {
        ("web-frontend", "AWS_REGION", "terraform/tokyo/user_data_web.sh:7")
    }
    assert {one["region"] for one in data["processes"]} == {TOKYO}


def test_before_misses_no_seoul_of_what_tokyo_starts() -> None:
    """Every place that says Seoul is named, but for the settings and what Seoul itself has."""
    root = PROJECTS / "before"
    written = {
        f"{path.relative_to(root).as_posix()}:{number}"
        for path in root.rglob("*")
        if path.is_file() and path.name != "megalint.toml" and path.parent.name != "seoul"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SEOUL in line
    }
    data = found(root)
    named = {place for verdict in ("down", "hidden") for _, _, place in values(data, verdict)}

    assert written
    assert written <= named


def test_after_points_to_seoul_nowhere() -> None:
    result = rehearse(PROJECTS / "after")
    data = found(PROJECTS / "after")

    assert result.exit_code == 0
    assert data["summary"] == {
        **{"down": 0, "lacking": 0, "hidden": 0, "unknown": 1, "other": 0, "recovery": 6},
        "processes": 2,
    }
    ((_, name, _),) = values(data, "unknown")
    assert name == "INTERNAL_API_URL"
    assert "`NLB_DNS_PLACEHOLDER` is filled in by functions/step2.py:9" in result.stdout
    assert "none points to ap-northeast-2" in result.stdout
    assert rehearse(PROJECTS / "after", "--fail-on", "note").exit_code == 1


def test_failover_the_other_way_is_about_the_other_region() -> None:
    data = found(PROJECTS / "before", "--to", SEOUL, "--primary-region", TOKYO)

    assert data["processes"] == []
    assert {one["why"] for one in data["aside"]} >= {f"it starts in {TOKYO}"}
    assert rehearse(PROJECTS / "before", "--to", SEOUL, "--primary-region", TOKYO).exit_code == 2


@pytest.mark.parametrize("name", ["text", "html"])
def test_people_see_verdicts_values_and_what_was_left_out(name: str) -> None:
    text = rehearse(PROJECTS / "before", "--format", name).stdout.replace("<wbr>", "")

    for words in ("web-frontend", "4 to ap-northeast-2", "apps/web/next.config.ts:10"):
        assert words in text
    assert "it never starts: pm2: command not found" in text
    assert "7f3c9a51b2d84e60" not in text


def test_korean_leaves_no_word_of_ours_in_english() -> None:
    text = rehearse(PROJECTS / "before", "--lang", "ko").stdout

    assert "판정" in text
    for words in ("points to", "not given", "frozen at build", "hidden", "not known"):
        assert words not in text
    data = rehearse(PROJECTS / "before", "--format", "json", "--lang", "ko").stdout
    assert data == rehearse(PROJECTS / "before", "--format", "json").stdout


# --- where values come from ------------------------------------------------------------------


def test_origins_and_their_verdicts(tmp_path: Path) -> None:
    tree(
        tmp_path,
        f"""export API_URL=http://api.{SEOUL}.elb.amazonaws.com
export AWS_REGION={TOKYO}
export ASSETS_BUCKET=shop-assets TABLE_NAME=orders MAIL_HOST=email.us-east-1.amazonaws.com
export CACHE_URL=redis://$(cat /etc/cache):6379
echo STAGE_URL=http://x.{SEOUL}.elb.amazonaws.com > .env.production""",
        **{
            "apps__web__app__api__route.js": "export const GET = () => fetch("
            f"process.env.API_URL + (process.env.EVENTS_TOPIC || 'arn:aws:sns:{SEOUL}:1:t'))",
            "apps__web__next.config.mjs": "export default { env: { SITE: process.env.SITE_URL } }",
            "apps__web__.env": f"SITE_URL=https://{TOKYO}.shop.example\n",
        },
    )
    data = found(tmp_path)
    (process,) = data["processes"]
    told = {
        one["name"]: (one["from"], one["verdict"], one["region"])
        for one in process["values"]
        if one["from"] != "image"
    }

    assert told == {
        "API_URL": ("user data", "down", SEOUL),
        "AWS_REGION": ("user data", "recovery", TOKYO),
        "ASSETS_BUCKET": ("user data", "unknown", None),
        "CACHE_URL": ("user data", "unknown", None),
        "EVENTS_TOPIC": ("default in code", "down", SEOUL),
        "MAIL_HOST": ("user data", "other", "us-east-1"),
        "SITE_URL": ("frozen at build", "recovery", TOKYO),
        "STAGE_URL": ("env file", "down", SEOUL),
        "TABLE_NAME": ("user data", "recovery", TOKYO),
    }


def test_table_follows_the_region_of_its_client(tmp_path: Path) -> None:
    client = (
        "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\n"
        f"export const c = new DynamoDBClient({{ region: '{SEOUL}' }});\n"
        "export const GET = () => c.send(process.env.TABLE_NAME);\n"
    )
    tree(tmp_path, "export TABLE_NAME=orders", apps__web__app__api__route=client)
    write_tree(tmp_path, {"apps/web/app/api/route.js": client})

    assert {
        (name, place.partition(":")[0]) for _, name, place in values(found(tmp_path), "down")
    } == {
        ("AWS client", "apps/web/app/api/route.js"),
        ("TABLE_NAME", "terraform/boot.sh"),
    }


def test_build_at_boot_freezes_what_is_given_there(tmp_path: Path) -> None:
    page = "export default () => process.env.NEXT_PUBLIC_API_URL + process.env.NEXT_PUBLIC_CDN_URL"
    boot = f"export NEXT_PUBLIC_API_URL=http://api.{TOKYO}.example\n"
    tree(tmp_path, f"{boot}npm run build", **{"apps__web__app__page.js": page})
    at_boot = found(tmp_path)["processes"][0]["values"]
    tree(tmp_path, boot)
    before = found(tmp_path)["processes"][0]["values"]

    assert {one["name"]: one["verdict"] for one in at_boot} == {
        "NEXT_PUBLIC_API_URL": "recovery",
        "NEXT_PUBLIC_CDN_URL": "unknown",
    }
    assert {one["name"]: (one["verdict"], one["as_built"]) for one in before} == {
        "NEXT_PUBLIC_API_URL": ("down", True),
        "NEXT_PUBLIC_CDN_URL": ("down", True),
    }


def test_what_cannot_be_seen_is_not_fine(tmp_path: Path) -> None:
    tree(tmp_path, f"set -a; . /opt/secrets.env; set +a; export API_URL=http://{TOKYO}.example")
    data = found(tmp_path)

    assert [(one["verdict"], one["complete"]) for one in data["processes"]] == [("unknown", False)]
    assert "may be given more than can be seen" in rehearse(tmp_path).stdout


def test_process_without_an_address_is_not_known(tmp_path: Path) -> None:
    tree(tmp_path, "echo hello")

    assert [one["verdict"] for one in found(tmp_path)["processes"]] == ["unknown"]
    assert "no address was found in it" in rehearse(tmp_path).stdout


def test_secrets_are_stars(tmp_path: Path) -> None:
    tree(tmp_path, f"export DATABASE_URL=postgres://app:hunter2@db.{SEOUL}.rds.amazonaws.com/x")

    text = rehearse(tmp_path).stdout
    assert "hunter2" not in text
    assert "postgres://app:********@db" in text


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_names_act_on_no_terminal(tmp_path: Path, form: str) -> None:
    evil = "</h2><script>alert(1)</script>\x1b[31m\u202e"
    tree(tmp_path, f"export API_URL='http://{evil}.{SEOUL}.example'")

    text = rehearse(tmp_path, "--format", form).stdout

    assert not {"\x1b", "\u202e"} & set(text)
    assert form != "html" or "<script>alert" not in text
    assert values(found(tmp_path), "down")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("X", "arn:aws:sns:us-east-1:1:topic", Kind.TOPIC),
        ("X", "arn:aws:s3:::assets", Kind.BUCKET),
        ("X", "arn:aws:kms:us-east-1:1:key/1", Kind.ARN),
        ("ORDERS_TABLE", "orders", Kind.TABLE),
        ("QUEUE_HOST", "mq", Kind.HOST),
        ("UPLOADS_BUCKET_NAME", "x", Kind.BUCKET),
        ("X", "http://a", Kind.HOST),
        ("X", "localhost:3001", Kind.HOST),
        ("X", "shop-eu-west-1-x", Kind.VALUE),
        ("VERSION", "1.2.3", None),
        ("PORT", "3000", None),
        ("PORTABLE", "yes", None),
    ],
)
def test_kind(name: str, text: str, kind: Kind | None) -> None:
    assert kind_of(name, text) is kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ap-northeast-2a", ("ap-northeast-2",)),
        ("x-ap-northeast-2-y", ("ap-northeast-2",)),
        ("us-gov-west-1", ("us-gov-west-1",)),
        ("cn-north-1", ("cn-north-1",)),
        ("map-northeast-2", ()),
        ("ap-northeast-25", ()),
        ("arn:aws:sqs:eu-west-1:1:ap-northeast-2", ("eu-west-1",)),
    ],
)
def test_regions(text: str, found: tuple[str, ...]) -> None:
    assert regions_in(text) == found


def test_value_of_both_regions_is_not_known() -> None:
    judge = Judge(SEOUL, TOKYO)

    assert judge.of(f"{SEOUL},{TOKYO}", Kind.REGION).why == "it names both regions"


# --- the command ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--primary-region", SEOUL), "which region takes over?"),
        (("--to", TOKYO), "which region is down?"),
        (("--to", TOKYO, "--primary-region", TOKYO), "cannot take over for itself"),
    ],
)
def test_regions_must_be_known(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    write_tree(tmp_path, {"package.json": MANIFEST % "15.5.9"})

    result = rehearse(tmp_path, *arguments)

    assert result.exit_code == 2
    assert words in result.stderr


def test_exit_codes(tmp_path: Path) -> None:
    before = PROJECTS / "before"

    assert rehearse(before, "--exit-zero").exit_code == 0
    assert rehearse(before, "--fail-on", "never").exit_code == 0
    assert rehearse(write_tree(tmp_path, {"megalint.toml": REGIONS})).exit_code == 2


def test_several_reports_in_one_run(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = rehearse(
        PROJECTS / "before", "--format", "json", "--format", "html", "--output", str(page)
    )

    assert json.loads(result.stdout)["version"] == 1
    assert "<h1>Failover to ap-northeast-1</h1>" in page.read_text(encoding="utf-8")


def test_nothing_of_aws_is_imported_for_the_code() -> None:
    code = (
        "import sys\nfrom megalint.cli import main\n"
        f"try:\n    main(['rehearse', '--repo', {str(PROJECTS / 'after')!r}])\n"
        "except SystemExit:\n    pass\nprint(sorted(set(sys.modules) & {'boto3', 'libcst'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_json_is_the_one_of_the_page() -> None:
    page = (PROJECTS.parents[2] / "docs" / "rehearse.md").read_text(encoding="utf-8")
    keys = set(re.findall(r"`(\w+)`", page.partition("## JSON")[2].partition("\n## ")[0]))
    process = found(PROJECTS / "before")["processes"][0]

    assert {*process, *process["values"][0]} <= keys


@pytest.mark.parametrize("name", ["before", "after"])
def test_page_shows_what_is_printed(name: str) -> None:
    page = (PROJECTS.parents[2] / "docs" / "rehearse.md").read_text(encoding="utf-8")
    shown = next(
        text for text in re.findall(r"```text\n(.*?)```", page, re.DOTALL) if f"# {name}\n" in text
    )

    assert shown.partition("\n")[2].strip() in rehearse(PROJECTS / name).stdout


# --- live ----------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    answers = {f"{n}.json": json.dumps(one) for n, one in enumerate(seeds.answers())}
    return write_tree(tmp_path / "saved", answers)


def test_versions_that_groups_start_are_rehearsed(saved: Path) -> None:
    data = found(PROJECTS / "before", "--from", str(saved))
    (process,) = data["processes"]

    assert data["live"]
    assert process["template"] == "MegaTicket-DR-Web-LT version 2"
    assert process["path"] == f"lt/{TOKYO}/MegaTicket-DR-Web-LT/2/user-data.sh"
    assert {name for _, name, _ in values(data, "down")} >= {"INTERNAL_API_URL", "AWS_REGION"}
    assert "the templates of the account are rehearsed, not this one" in {
        one["why"] for one in data["aside"]
    }


def test_version_that_cannot_be_read_is_not_checked(saved: Path) -> None:
    result = rehearse(PROJECTS / "after", "--from", str(saved))

    assert result.exit_code == 3
    assert "cannot be read: its gzip is cut off" in result.stderr


def test_balancer_of_the_region_that_is_down_in_user_data(saved: Path) -> None:
    groups = saved / "3.json"
    text = groups.read_text(encoding="utf-8").replace('"Version": "2"', '"Version": "4"')
    groups.write_text(text, encoding="utf-8")

    data = found(PROJECTS / "after", "--from", str(saved))

    assert values(data, "down") == {
        (
            "web-frontend",
            "INTERNAL_API_URL",
            f"lt/{TOKYO}/MegaTicket-DR-Web-LT/4/user-data.sh:6",
        )
    }


# --- tables and buckets that the checkout makes ----------------------------------------------

DATA = """provider "aws" {
  alias  = "seoul"
  region = "ap-northeast-2"
}
resource "aws_dynamodb_table" "seats" {
  provider = aws.seoul
  name     = "seats"
%s}
resource "aws_s3_bucket" "posters" {
  provider = aws.%s
  bucket   = "posters"
}
"""
STARTS = "AWS_REGION=ap-northeast-1 SEATS_TABLE=seats POSTERS_BUCKET=posters node server.js\n"
REPLICA = '  replica {\n    region_name = "ap-northeast-1"\n  }\n'


@pytest.mark.parametrize(
    ("replica", "place", "down", "recovery"),
    [
        ("", "seoul", {"SEATS_TABLE", "POSTERS_BUCKET"}, {"AWS_REGION"}),
        (REPLICA, "seoul", {"POSTERS_BUCKET"}, {"AWS_REGION", "SEATS_TABLE"}),
        (REPLICA, "tokyo", set(), {"AWS_REGION", "SEATS_TABLE", "POSTERS_BUCKET"}),
    ],
)
def test_what_the_checkout_makes_is_where_it_is_made(
    tmp_path: Path, replica: str, place: str, down: set[str], recovery: set[str]
) -> None:
    tokyo = f'provider "aws" {{\n  alias  = "tokyo"\n  region = "{TOKYO}"\n}}\n'
    root = tree(
        tmp_path,
        f"#!/bin/bash\n{STARTS}",
        **{"terraform__data.tf": tokyo + DATA % (replica, place)},
    )
    data = found(root)

    assert {name for _, name, _ in values(data, "down")} == down
    assert {name for _, name, _ in values(data, "recovery")} == recovery
