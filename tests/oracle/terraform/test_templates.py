"""Templates rendered by the real Terraform and by the model, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from megalint.project.linkers import link
from megalint.project.terraform.templates import TemplateCall
from megalint.source import Source

TERRAFORM = shutil.which("terraform") or ""
RECORDED = Path(__file__).parent / "recorded.json"
VALUES = {"region": "ap-northeast-1", "url": "http://h:3001/?a=$b&c='d'", "port": 3001, "dr": True}
LISTS = {"names": ["one", "two"], "map": {"a": "1", "b": "2"}}
TEMPLATES = [
    "${region}", "${url}", "${port} ${dr}", "$${HOME} %%{x}", "$X $(cmd) $$ $1", r"\${region}",
    r"\$${region}", "$$${region}", "date +%H %m", "'${region}'", "# ${region}\n",
    "cat <<'EOF'\n${region}\nEOF\n", "%{ if dr }A%{ else }B%{ endif }", "%{ if !dr ~}\nA\n%{ endif ~}\nB",
    "a\n%{ for n in names ~}\n  - ${n}\n%{ endfor ~}\nb", "%{ for k, v in map }${k}=${v};%{ endfor }",
    "${upper(region)}", "${join(\",\", names)}", "${length(names)}", "${names[0]}", "${map[\"a\"]}",
    "${dr ? \"x\" : \"y\"}", "${port + 1}", "${region == \"x\"}", "${~ region ~}  z", " ${~ region ~} ",
    "${1}", "${\"a${region}b\"}", "${replace(region, \"north\", \"south\")}", "${format(\"%s-%d\", region, port)}",
    "${lookup(map, \"z\", \"none\")}", "${coalesce(\"\", region)}", "${trimspace(\"  x \")}", "x\r\ny${region}\r\n",
    "${missing}", "${HOME:-x}", "${#a[@]}", "${a[@]}", "${V%%.*}", "%{http_code}", "${region", "%{ if dr }",
    "x${names}", "%{ endif }", "${!region}", "${region.x}", "${a b}", "${}", "%{ }", "%{ for x names }%{ endfor }",
]  # fmt: skip


def real(template: str, folder: Path) -> str | None:
    """Return what Terraform renders; None where it refuses."""
    (folder / "t.tftpl").write_bytes(template.encode())
    expression = (
        f'jsonencode(templatefile("t.tftpl", jsondecode({json.dumps(json.dumps(VALUES | LISTS))})))'
    )
    done = subprocess.run(
        [TERRAFORM, "console", "-no-color"], input=expression.replace("\\$", "$$"), cwd=folder,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    match = re.fullmatch(r'"(.*)"\s*', done.stdout, re.DOTALL)
    if done.returncode or match is None:
        return None
    value = json.loads(json.loads(done.stdout))
    return value if isinstance(value, str) else json.dumps(value)


def ours(template: str) -> str | None:
    """Return what the model renders; None where it says that Terraform refuses."""
    given_ = json.dumps(VALUES | LISTS).replace("${", "$${")
    main = f'locals {{\n  x = templatefile("t.tftpl", {given_})\n}}\nresource "aws_instance" "x" {{\n  user_data = local.x\n}}\n'
    sources = [Source(PurePosixPath("main.tf"), main), Source(PurePosixPath("t.tftpl"), template)]
    (call,) = link(sources).each(TemplateCall)
    return None if call.faults else call.result.flat


def recorded() -> dict[str, str | None]:
    found: dict[str, str | None] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


@pytest.mark.skipif(not TERRAFORM, reason="terraform is not installed")
def test_recorded_answers_are_those_of_terraform(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    answers = {template: real(template, tmp_path) for template in TEMPLATES}
    if request.config.getoption("--update-golden"):
        text = json.dumps(answers, indent=1, ensure_ascii=False)
        RECORDED.write_text(text + "\n", encoding="utf-8")
    assert recorded() == answers


@pytest.mark.parametrize("template", TEMPLATES)
def test_model_gives_the_answer_of_terraform(template: str) -> None:
    assert ours(template) == recorded()[template]


pieces = st.sampled_from(
    ("a", " ", "\n", "$", "$$", "%", "%%", "{", "}", "$${x}", "%%{y}", "${region}", "${port}", "${~ dr ~}",
     "%{ if dr }", "%{ else }", "%{ endif }", "%{ if dr ~}", "%{~ endif ~}", "%{ for n in names ~}", "${n}",
     "%{ endfor ~}", "'", '"', "\\", "#", "${upper(region)}", "${names[1]}", "${VAR:-x}", "${nope}", "\r\n")
)  # fmt: skip


@pytest.mark.skipif(not TERRAFORM, reason="terraform is not installed")
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces, max_size=7).map("".join))
def test_generated_templates(tmp_path_factory: pytest.TempPathFactory, template: str) -> None:
    folder = tmp_path_factory.mktemp("console")
    assert ours(template) == real(template, folder), template
