"""Terraform: modules, values and what their resources hand to machines."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from megalint.project.launches.facts import UserData
from megalint.project.linkers import link
from megalint.source import Source

SCRIPT = "#!/bin/bash\nA=${a}\n"


def user_data(**texts: str) -> list[UserData]:
    files = {
        path.replace("__", "/").replace("_tf", ".tf").replace("_sh", ".sh"): text
        for path, text in texts.items()
    }
    project = link([Source(PurePosixPath(path), text) for path, text in files.items()])
    return [one for one in project.each(UserData) if one.owner is not None]


def rendered(main: str, **texts: str) -> str | None:
    (found,) = user_data(main_tf=main, **texts)
    return found.text.known


def template(expression: str) -> str:
    return f'resource "aws_launch_template" "x" {{\n  user_data = base64encode({expression})\n}}\n'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"x"', "x"),
        ("3 + 4 * 2", "11"),
        ("local.name", "seats"),
        ("var.region", "ap-northeast-1"),
        ('lookup(local.map, "b", "d")', "two"),
        ('lookup(local.map, "z", "d")', "d"),
        ("local.map.a", "one"),
        ('local.map["a"]', "one"),
        ("local.list[1]", "y"),
        ('join("-", local.list)', "x-y"),
        ('join(",", [for one in local.list : upper(one)])', "X,Y"),
        ('join(",", [for k, v in local.map : "${k}=${v}"])', "a=one,b=two"),
        ('merge(local.map, { a = "new" }).a', "new"),
        ('format("%s:%d", "h", 3001)', "h:3001"),
        ('replace("a-b", "-", "_")', "a_b"),
        ('coalesce("", "z")', "z"),
        ('var.region == "ap-northeast-1" ? "tokyo" : "seoul"', "tokyo"),
        ('try(local.map.a, "t")', "one"),
        ('trimspace("  q ")', "q"),
        ("base64decode(base64encode(local.name))", "seats"),
        ("element(local.list, 3)", "y"),
        ("jsonencode({ b = 1, a = [true, null] })", '{"a":[true,null],"b":1}'),
        ("yes", "yes"),
    ],
)
def test_values(value: str, text: str) -> None:
    main = (
        'locals {\n  name = "seats"\n  map = { a = "one", b = "two" }\n  list = ["x", "y"]\n  yes = "yes"\n}\n'
        'variable "region" {\n  default = "ap-northeast-1"\n}\n'
    )
    value = "local.yes" if value == "yes" else value
    call = f'templatefile("${{path.module}}/a.sh", {{ a = {value} }})'
    assert rendered(main + template(call), a_sh=SCRIPT) == f"#!/bin/bash\nA={text}\n"


def test_what_is_known_after_apply_has_a_name() -> None:
    main = template('templatefile("${path.module}/a.sh", { a = aws_lb.nlb.dns_name })')
    (found,) = user_data(main_tf=main, a_sh=SCRIPT)
    assert found.text.why == "aws_lb.nlb.dns_name"
    assert [
        piece.location.line for piece in found.text.pieces if piece.unknown and piece.location
    ] == [2]


def test_a_module_is_read_with_its_inputs() -> None:
    main = 'module "web" {\n  source = "./modules/web"\n  a      = "given"\n}\n'
    module = 'variable "a" {}\n' + template('templatefile("${path.module}/a.sh", { a = var.a })')
    (found,) = user_data(main_tf=main, modules__web__main_tf=module, modules__web__a_sh=SCRIPT)
    assert (found.owner, found.text.known) == (
        "module.web.aws_launch_template.x",
        "#!/bin/bash\nA=given\n",
    )


def test_root_of_a_module_is_the_folder_that_calls_it() -> None:
    main = 'module "web" {\n  source = "../modules/web"\n}\n'
    module = template('file("${path.root}/a.sh")')
    (found,) = user_data(tokyo__main_tf=main, modules__web__main_tf=module, tokyo__a_sh=SCRIPT)
    assert found.text.known == SCRIPT


def test_tfvars_and_regions() -> None:
    texts = {
        "main.tf": 'provider "aws" {\n  region = var.region\n}\nvariable "region" {}\nprovider "aws" {\n  alias = "seoul"\n  region = "ap-northeast-2"\n}\n'
        + template('"#!/bin/bash"')
        + 'resource "aws_instance" "y" {\n  provider = aws.seoul\n  user_data = "#!/bin/bash"\n}\n',
        "terraform.tfvars": 'region = "ap-northeast-1"\n',
    }
    project = link([Source(PurePosixPath(path), text) for path, text in texts.items()])
    regions = {one.owner: one.region for one in project.each(UserData)}
    assert regions == {
        "aws_launch_template.x": "ap-northeast-1",
        "aws_instance.y": "ap-northeast-2",
    }


def test_for_each_count_and_conditions() -> None:
    main = (
        'resource "aws_instance" "a" {\n  for_each = { one = "1", two = "2" }\n  user_data = "#!/bin/bash\\n${each.key}=${each.value}"\n}\n'
        'resource "aws_instance" "b" {\n  count = 0\n  user_data = "#!/bin/bash"\n}\n'
        'variable "dr" {}\n'
        'resource "aws_instance" "c" {\n  user_data = var.dr ? "#!/bin/bash\\ndr" : "#!/bin/bash\\nmain"\n}\n'
    )
    texts = sorted(one.text.flat for one in user_data(main_tf=main))
    assert texts == [
        "#!/bin/bash\ndr",
        "#!/bin/bash\nmain",
        "#!/bin/bash\none=1",
        "#!/bin/bash\ntwo=2",
    ]


def test_heredocs_template_files_and_cloudinit() -> None:
    main = (
        'resource "aws_instance" "a" {\n  user_data = <<-EOF\n    #!/bin/bash\n      in\n  EOF\n}\n'
        'data "template_file" "t" {\n  template = file("${path.module}/a.sh")\n  vars = {\n    a = "1"\n  }\n}\n'
        + template("data.template_file.t.rendered")
        + 'data "cloudinit_config" "c" {\n  part {\n    content_type = "text/x-shellscript"\n    content = "#!/bin/bash\\npart"\n  }\n}\n'
        'resource "aws_instance" "d" {\n  user_data_base64 = data.cloudinit_config.c.rendered\n}\n'
    )
    found = {one.owner: one.text.flat for one in user_data(main_tf=main, a_sh=SCRIPT)}
    assert found["aws_instance.a"] == "#!/bin/bash\n  in\n"
    assert found["aws_launch_template.x"] == "#!/bin/bash\nA=1\n"
    assert "#!/bin/bash\npart" in found["aws_instance.d"]


def test_a_module_from_elsewhere_is_given_a_script() -> None:
    main = 'module "asg" {\n  source = "terraform-aws-modules/autoscaling/aws"\n  user_data = base64encode(file("${path.module}/a.sh"))\n}\n'
    (found,) = user_data(main_tf=main, a_sh="#!/bin/bash\ntrue\n")
    assert (found.owner, found.text.known) == ("module.asg", "#!/bin/bash\ntrue\n")
