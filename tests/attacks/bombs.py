"""Small trees that unfold, nest or branch without end: what each parser and evaluator is given."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Final

from trees import MANIFEST

Files = Mapping[str, str | bytes]
DEEP: Final = 10_000
LONG: Final = 100_000
PAGE: Final = "export default () => null;\n"
_BYTES: Final = 19_000_000
"""Just below what is read at all."""


def _laughs(rows: int = 40) -> str:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, rows)]
    return "\n".join(lines) + "\n"


def _yaml(text: str) -> Files:
    cloud = f"#cloud-config\n{text}"
    return {
        "stack.yaml": f"AWSTemplateFormatVersion: '2010-09-09'\n{text}",
        "compose.yaml": f"services:\n  web:\n    build: .\n{text}",
        "pnpm-workspace.yaml": f"packages: [a]\n{text}",
        ".github/workflows/x.yml": f"jobs: {{}}\non: push\n{text}# aws ec2 run-instances --launch-template\n",
        "machine.asl.yaml": f"StartAt: a\n{text}",
        "main.tf": f'resource "aws_launch_template" "a" {{\n  user_data = base64encode(<<-E\n{cloud}\nE\n)\n}}\n',
    }


def _javascript(text: str) -> Files:
    return {
        "app/page.js": f"const a = process.env.A;\nconst x = {text};\n{PAGE}",
        "next.config.js": f"const a = process.env.A;\nmodule.exports = {{ env: {{ X: {text} }} }};\n",
    }


def _machine(count: int) -> Files:
    """Return a state machine whose states lead to each other, the last to none."""
    states = {f"S{number}": {"Type": "Pass", "Next": f"S{number + 1}"} for number in range(count)}
    states[f"S{count}"] = {"Type": "Pass"}
    text = json.dumps({"StartAt": "S0", "States": states})
    return {"failover.asl.json": text, "app.py": f"MACHINE = {text}\nTEXT = {text!r}\n"}


def _shell(text: str) -> Files:
    script = f"#!/bin/bash\n{text}\ncd /srv/web\nnpm start\n"
    return {
        "user_data.sh": script,
        "Dockerfile": f"FROM node\nWORKDIR /srv/web\nCOPY . .\nRUN {text.splitlines()[0]}\nCMD npm start\n",
        "main.tf": 'resource "aws_launch_template" "a" {\n  user_data = filebase64("user_data.sh")\n}\n',
    }


def _hcl(text: str, *, block: bool = False) -> Files:
    body = text if block else f"locals {{\n  a = 1\n  x = {text}\n}}\n"
    return {
        "main.tf": f'{body}\nresource "aws_launch_template" "a" {{\n  name = local.x\n  user_data = base64encode("#!/bin/bash\\nexport A=${{local.x}}\\nnpm start")\n}}\nresource "aws_autoscaling_group" "b" {{\n  launch_template {{\n    id = "lt-1"\n    version = local.x\n  }}\n}}\n'
    }


def _python(text: str, *, block: bool = False) -> Files:
    body = text if block else f"x = {text}\n"
    call = "boto3.client('ec2').run_instances(LaunchTemplate={'LaunchTemplateName': 'a', 'Version': x})"
    return {"step.py": f"import boto3\na = 1\n{body}\n{call}\n"}


def _user_data(text: str | bytes) -> Files:
    data = base64.b64encode(text.encode() if isinstance(text, str) else text).decode()
    return {
        "main.tf": f'resource "aws_launch_template" "a" {{\n  user_data = "{data}"\n}}\n',
        "answers/a.json": json.dumps(_answers(data)),
    }


def _answers(data: str) -> object:
    version = {
        "LaunchTemplateId": "lt-1",
        "LaunchTemplateName": "a",
        "VersionNumber": 1,
        "DefaultVersion": True,
        "LaunchTemplateData": {"UserData": data},
    }
    return {"LaunchTemplateVersions": [version]}


def _packed(levels: int) -> bytes:
    data = b"#!/bin/bash\nnpm start\n" + b"\n" * 1_000_000
    for _ in range(levels):
        data = gzip.compress(data)
    return data


def _encoded(levels: int) -> str:
    data = b"#!/bin/bash\nnpm start\n"
    for _ in range(levels):
        data = base64.b64encode(gzip.compress(data))
    return data.decode()


def _multipart(levels: int) -> str:
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(levels)
    )
    return f"{head}Content-Type: text/x-shellscript\n\n#!/bin/bash\nnpm start\n"


def _doubled(first: str, row: Callable[[int], str], rows: int = 64) -> str:
    return "\n".join([first, *(row(n) for n in range(1, rows))]) + "\n"


def _modules(count: int) -> Files:
    """Modules each of which exports all others."""
    stars = "".join(f"export * from './m{n}';\n" for n in range(count))
    return {
        **{f"app/m{n}.js": f"{stars}export const c{n} = process.env.C{n};\n" for n in range(count)},
        "app/page.js": "import { nothing } from './m0';\nexport default () => nothing;\n",
    }


_ENV = _doubled("A0=xxxxxxxxxx", lambda n: f"A{n}=${{A{n - 1}}}${{A{n - 1}}}")
_NESTED_DIRS = "/".join("a" * 60)

BOMBS: Final[Mapping[str, Callable[[], Files]]] = {
    # --- what unfolds
    "yaml-laughs": lambda: _yaml(_laughs()),
    "yaml-circle": lambda: _yaml("a: &a [*a, *a]\nb: &b {x: *b}\nservices: &s {web: *s}\n"),
    "yaml-merges": lambda: _yaml(
        _doubled("m0: &m0 {k: v}", lambda n: f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}", 40)
    ),
    "env-doubled": lambda: {
        ".env": _ENV,
        "compose.yaml": "services: {web: {build: ., env_file: .env, command: npm start}}\n",
    },
    "shell-doubled": lambda: _shell(
        _doubled("A0=xxxxxxxxxx", lambda n: f'export A{n}="$A{n - 1}$A{n - 1}"')
    ),
    "shell-doubled-loop": lambda: _shell(
        "a=x; for i in 1 2 3 4 5 6 7 8; do for j in 1 2 3 4 5 6 7 8; do a=$a$a; done; done; export A=$a"
    ),
    "shell-ranges": lambda: _shell(
        "export A=$(echo {1..1000000000}); export B={1..99999}{1..99999}; export C=$(seq 1000000000) D=$(printf '%1000000000s' x) E=$(yes) F=$((2**62*2**62)) G=$(head -c 10G /dev/zero | tr '\\0' x)"
    ),
    "shell-braces": lambda: _shell(f"export A=$(echo {'{a,b}' * 64})"),
    "shell-endless": lambda: _shell(
        "f() { f; f; }; f; while true; do a=x$a; done; for ((;;)); do :; done; until false; do :; done; eval 'eval \"$0\"'; trap 'kill $$' EXIT; . user_data.sh; bash user_data.sh; a='eval $a'; eval $a"
    ),
    "shell-sed": lambda: _shell(
        "echo x | sed ':a;s/x/xx/;ba' > a; sed -i 's/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g;s/x/xxxxxxxxxx/g' a; export A=$(cat a)"
    ),
    "shell-regex": lambda: _shell(
        f"a={'a' * 60}b; [[ $a =~ ^(a+)+$ ]] && export A=1; [[ $a == {'*a' * 40}c ]]; shopt -s extglob; [[ $a == +(+(+(a)))c ]]; echo ${{a//{'*a' * 30}c/x}}; echo $a | sed -E 's/^(a+)+$/x/' > f; echo $a | grep -E '^(a|a)*$'"
    ),
    "shell-status": lambda: _shell(
        "x=$(aws sns list-subscriptions-by-topic --output table --query 'length(" * 5000
        + 'a=$(echo "$x" | grep ' * 5000
        + " " * 100_000
        + " | wc -l\n"
        + "HC=$(aws route53 get-health-check-status --query StatusReport.Status " * 5000
    ),
    "machine-long": lambda: _machine(8_000),
    "hcl-doubled": lambda: _hcl(
        "locals {\n"
        + _doubled(
            '  x0 = "xxxxxxxxxx"', lambda n: f'  x{n} = "${{local.x{n - 1}}}${{local.x{n - 1}}}"'
        )
        + "  x = local.x63\n}\n",
        block=True,
    ),
    "hcl-lists-doubled": lambda: _hcl(
        "locals {\n"
        + _doubled(
            "  x0 = [1, 2]",
            lambda n: f"  x{n} = concat(local.x{n - 1}, [for a in local.x{n - 1} : a])",
        )
        + "  x = jsonencode(local.x63)\n}\n",
        block=True,
    ),
    "hcl-large": lambda: _hcl(
        'join("", [for a in range(0, 1000000000) : "${a}"], [format("%1000000000d", 1)], [pow(10, 1000000)], setproduct(range(9999), range(9999), range(9999)), [strrev(title(indent(1000000000, "a\\nb")))])'
    ),
    "hcl-circle": lambda: _hcl(
        'locals {\n  x = "${local.y}${local.y}"\n  y = "${local.x}${local.x}"\n}\nmodule "a" {\n  source = "./"\n}\nmodule "b" {\n  source = "./."\n}\n',
        block=True,
    ),
    "hcl-regex": lambda: _hcl(f'regexall("^(a+)+$", "{"a" * 60}b")'),
    "javascript-doubled": lambda: _javascript(
        "(() => {\n"
        + _doubled("const x0 = 'xxxxxxxxxx' + a;", lambda n: f"const x{n} = x{n - 1} + x{n - 1};")
        + "return x63; })()"
    ),
    "javascript-lists-doubled": lambda: _javascript(
        "(() => {\n"
        + _doubled("const x0 = [1, 2];", lambda n: f"const x{n} = [...x{n - 1}, ...x{n - 1}];")
        + "return x63.join('/'); })()"
    ),
    "javascript-large": lambda: _javascript(
        "'x'.repeat(2 ** 29) + 'x'.padEnd(1e9) + 'x'.padStart(1e9, 'ab') + Array(1e9).fill('x').join('') + [...Array(1e9).keys()].join() + new Array(1e9).toString() + Array.from({ length: 1e9 }, (_, i) => i) + (10n ** 1000000n) + 1e308 * 10 + (1).toFixed(100) + 'x'.repeat(1e5).split('').map(c => c.repeat(1e5)).join('')"
    ),
    "javascript-endless": lambda: _javascript(
        "(() => { const f = (n) => f(n + 1) + f(n + 2); let s = 'x'; for (;;) { s += s; } while (true) { s = s + f(1); } const y = (g) => g(g); return y(y); })()"
    ),
    "javascript-regex": lambda: _javascript(
        f"/^(a+)+$/.test('{'a' * 60}b') + '{'a' * 60}'.replace(/(a|a)*b/g, 'x') + '{'a' * 60}'.match(/(?:a?){{60}}a{{60}}b/)"
    ),
    "javascript-stars": lambda: _modules(60),
    "python-doubled": lambda: _python(
        _doubled("x0 = 'xxxxxxxxxx'", lambda n: f"x{n} = x{n - 1} + x{n - 1}") + "x = x63\n",
        block=True,
    ),
    "python-large": lambda: _python(
        "'a' * 10**10 + str(10**10**10) + str(1 << 10**10) + ''.join(str(i) for i in range(10**10)) + 'x'.ljust(10**10) + '%01000000000d' % 1 + f'{1:01000000000d}' + 'x'.zfill(10**10) + '{:>1000000000}'.format(1) + str([0] * 10**10)"
    ),
    "python-endless": lambda: _python(
        "def f(n):\n    while True:\n        n = f(n) + f(n)\n    return f(f(n))\nx = f(1)\nfor x in iter(int, 1):\n    x = f(x)\n",
        block=True,
    ),
    "gzip": lambda: _user_data(gzip.compress(b"#!/bin/bash\n" + b"\0" * 1_000_000_000, 9)),
    "gzip-nested": lambda: _user_data(_packed(50)),
    "gzip-encoded": lambda: _user_data(_encoded(20)),
    "base64-large": lambda: _user_data("#!/bin/bash\n" + "x" * 13_000_000),
    "base64-in-shell": lambda: _shell(
        f"echo {_encoded(20)} | base64 -d | gunzip | base64 -d | gunzip > a; . a; echo {base64.b64encode(gzip.compress(b'x' * 1_000_000_000, 9)).decode()} | base64 -d | gzip -d > b; export A=$(cat b)"
    ),
    "write-files": lambda: _user_data(
        "#cloud-config\nwrite_files:\n"
        + "".join(
            f"- {{path: /a{n}, encoding: gz+b64, content: {base64.b64encode(gzip.compress(bytes(10_000_000))).decode()}}}\n"
            for n in range(40)
        )
    ),
    "multipart": lambda: _user_data(_multipart(5_000)),
    "multipart-wide": lambda: _user_data(
        'Content-Type: multipart/mixed; boundary="b"\n\n'
        + "--b\nContent-Type: text/x-shellscript\n\n#!/bin/bash\nexport A=1\n" * 10_000
    ),
    "multipart-same-boundary": lambda: _user_data(
        'Content-Type: multipart/mixed; boundary="b"\n\n'
        + '--b\nContent-Type: multipart/mixed; boundary="b"\n\n' * 2_000
    ),
    # --- what nests
    "yaml-flow": lambda: _yaml("a: " + "[" * DEEP + "]" * DEEP + "\n"),
    "yaml-flow-maps": lambda: _yaml("a: " + "{a: " * DEEP + "}" * DEEP + "\n"),
    "yaml-block": lambda: _yaml("".join(f"{' ' * n}a:\n" for n in range(2_000))),
    "json-deep": lambda: {
        name: '{"a": ' * DEEP + "1" + "}" * DEEP
        for name in (
            "tsconfig.json",
            "turbo.json",
            "vercel.json",
            "web/package.json",
            "a.asl.json",
            "template.json",
            "ecosystem.config.json",
        )
    },
    "json-deep-lists": lambda: {
        name: "[" * LONG
        for name in (
            "tsconfig.json",
            "turbo.json",
            "vercel.json",
            "web/package.json",
            "a.asl.json",
            "template.json",
            ".swcrc",
        )
    },
    "toml-deep": lambda: {
        "a/pyproject.toml": "x = " + "[" * DEEP + "]" * DEEP,
        "netlify.toml": "x = " + "[" * DEEP + "]" * DEEP,
        "a.toml": "[" + "a." * DEEP + "a]\n",
    },
    "javascript-parens": lambda: _javascript("(" * DEEP + "a" + ")" * DEEP),
    "javascript-sum": lambda: _javascript(" + ".join(["a"] * LONG)),
    "javascript-templates": lambda: _javascript("`${" * 3_000 + "a" + "}`" * 3_000),
    "javascript-functions": lambda: _javascript("(() => " * 3_000 + "a" + ")()" * 3_000),
    "javascript-objects": lambda: _javascript("{a: " * DEEP + "a" + "}" * DEEP),
    "javascript-types": lambda: {
        "app/page.ts": "type A = "
        + "Array<" * DEEP
        + "A"
        + ">" * DEEP
        + f";\nconst a = process.env.A as {'(' * DEEP}A{')' * DEEP};\n{PAGE}"
    },
    "javascript-blocks": lambda: {
        "app/page.js": "{" * DEEP
        + "process.env.A"
        + "}" * DEEP
        + "\n"
        + "if (process.env.B) " * DEEP
        + ";\n"
        + PAGE
    },
    "javascript-else": lambda: {
        "app/page.js": "export default function Page(p) {\n"
        + "if (p.a) { return process.env.A } else " * 3_000
        + "{}\n}\n"
    },
    "javascript-open": lambda: {"app/page.js": "`${(" * DEEP + "process.env.A"},
    "hcl-parens": lambda: _hcl("(" * DEEP + "1" + ")" * DEEP),
    "hcl-lists": lambda: _hcl("[" * DEEP + "1" + "]" * DEEP),
    "hcl-maps": lambda: _hcl("{ a = " * DEEP + "1" + "}" * DEEP),
    "hcl-not": lambda: _hcl("!" * LONG + "true"),
    "hcl-minus": lambda: _hcl("-" * LONG + "1"),
    "hcl-sum": lambda: _hcl(" + ".join(["local.a"] * LONG)),
    "hcl-conditions": lambda: _hcl("local.a ? 1 : " * DEEP + "2"),
    "hcl-templates": lambda: _hcl('"${' * DEEP + "1" + '}"' * DEEP),
    "hcl-directives": lambda: _hcl(
        '"' + "%{ if local.a }" * DEEP + "x" + "%{ endif }" * DEEP + '"'
    ),
    "hcl-calls": lambda: _hcl("trimspace(" * DEEP + '"a"' + ")" * DEEP),
    "hcl-index": lambda: _hcl("local.a" + "[0]" * LONG + ".b" * LONG + "[*]" * DEEP),
    "hcl-blocks": lambda: _hcl("a {\n" * DEEP + "}\n" * DEEP, block=True),
    "shell-substitutions": lambda: _shell("export A=" + "$(" * DEEP + "echo" + ")" * DEEP),
    "shell-quoted-substitutions": lambda: _shell(
        'export A="' + '$(echo "' * DEEP + "x" + '")' * DEEP + '"'
    ),
    "shell-backticks": lambda: _shell("export A=" + "`" * DEEP),
    "shell-parens": lambda: _shell("(" * DEEP + "export A=1" + ")" * DEEP),
    "shell-groups": lambda: _shell("{ " * DEEP + "export A=1;" + " }; " * DEEP),
    "shell-ifs": lambda: _shell("if true; then " * DEEP + "export A=1; " + "fi; " * DEEP),
    "shell-functions": lambda: _shell("f() { " * DEEP + "export A=1; " + "}; " * DEEP),
    "shell-defaults": lambda: _shell("export A=" + "${A:-" * DEEP + "x" + "}" * DEEP),
    "shell-arithmetic": lambda: _shell("export A=$((" + "(" * DEEP + "1" + ")" * DEEP + "))"),
    "shell-arithmetic-sum": lambda: _shell(
        "export A=$(("
        + "+".join(["1"] * LONG)
        + ")) B=$(("
        + "-" * LONG
        + "1)) C=$(("
        + "1?1:" * DEEP
        + "1))"
    ),
    "shell-conditions": lambda: _shell(
        "[[ " + "( " * DEEP + "a" + " )" * DEEP + " ]] && [[ " + "! " * DEEP + "a ]]"
    ),
    "shell-nested-braces": lambda: _shell("echo " + "{a," * DEEP + "b" + "}" * DEEP),
    "shell-and": lambda: _shell(" && ".join(["true"] * LONG) + "\n" + " | ".join(["cat"] * DEEP)),
    "shell-heredocs": lambda: _shell(
        "cat "
        + " ".join(f"<<E{n}" for n in range(5_000))
        + "\n"
        + "".join(f"x\nE{n}\n" for n in range(5_000))
    ),
    "shell-shells": lambda: _shell("bash -c " * 5_000 + "x"),
    "shell-open": lambda: _shell('$(`${"$((' * DEEP),
    "python-parens": lambda: _python("(" * DEEP + "1" + ")" * DEEP),
    "python-lists": lambda: _python("[" * 150 + "1" + "]" * 150),
    "python-minus": lambda: _python("-" * DEEP + "1"),
    "python-sum": lambda: _python("+".join(["a"] * LONG)),
    "python-attributes": lambda: _python("a" + ".b" * DEEP + "()" * DEEP),
    "python-lambdas": lambda: _python("lambda: " * DEEP + "1"),
    "python-else": lambda: _python("1 if a else " * DEEP + "2"),
    "python-blocks": lambda: _python(
        "".join(f"{' ' * n}if a:\n" for n in range(99)) + " " * 99 + "x = 1\n", block=True
    ),
    "python-elif": lambda: _python("if a: x = 1\n" + "elif a: x = 2\n" * DEEP, block=True),
    "python-strings": lambda: _python("f'" + "{a}" * LONG + "'"),
    # --- what branches
    "javascript-branches": lambda: _javascript(
        " + ".join(f"(process.env.A{n} ? 'x' : 'y{n}')" for n in range(1_000))
    ),
    "javascript-branches-in-order": lambda: _javascript(
        "(() => { let s = 'x';\n"
        + "".join(
            f"if (process.env.A{n}) s = s + '{n}'; else s = s + process.env.B{n};\n"
            for n in range(1_000)
        )
        + "return s; })()"
    ),
    "javascript-switches": lambda: _javascript(
        "(() => { let s = '';\n"
        + "".join(
            f"switch (process.env.A{n}) {{ {''.join(f'case {k!r}: s += {k!r}; ' for k in 'abcdefgh')} }}\n"
            for n in range(60)
        )
        + "return s; })()"
    ),
    "shell-branches": lambda: _shell(
        "A=x\n"
        + "".join(f"if [ -f /a{n} ]; then A=$A{n}; else A=$A$B{n}; fi\n" for n in range(1_000))
        + "export A\n"
    ),
    "shell-cases": lambda: _shell(
        "A=x\n"
        + "".join(
            f"case $(hostname) in {' '.join(f'{k}) A=$A{k};;' for k in 'abcdefgh')} esac\n"
            for n in range(200)
        )
        + "export A\n"
    ),
    "hcl-branches": lambda: _hcl(
        '"'
        + "".join(f"${{var.a{n} ? 1 : {n}}}" for n in range(1_000))
        + '"\n}\n'
        + "".join(f'variable "a{n}" {{}}\n' for n in range(1_000))
        + "locals {"
    ),
    "python-branches": lambda: _python(
        "import os\nx = ''\n"
        + "".join(
            f"if os.environ.get('A{n}'):\n    x = x + '{n}'\nelse:\n    x = x + 'b{n}'\n"
            for n in range(1_000)
        ),
        block=True,
    ),
    # --- what is long
    "one-line": lambda: {
        name: f"{head}{'x' * _BYTES}"
        for name, head in {
            "app/page.ts": "process.env.",
            "a.sh": "launch-template ",
            "b.tf": "# user_data ",
            "c.py": "# boto3 launch_template ",
            ".env": "A=",
            "Dockerfile": "FROM node\nENV A=",
        }.items()
    },
    "too-large": lambda: {"app/page.ts": "process.env.A;" * 4_000_000, "a.sh": "x" * 50_000_000},
    "one-line-statements": lambda: {
        "user_data.sh": "#!/bin/bash\n" + "export A=1;" * 100_000,
        "app/page.js": "process.env.A;" * 100_000,
    },
    "lines-shell": lambda: {"user_data.sh": "#!/bin/bash\n" + "A=1\n" * 1_000_000 + "npm start\n"},
    "lines-javascript": lambda: {"app/page.ts": "a;\n" * 1_000_000 + "process.env.A;\n" + PAGE},
    "lines-hcl": lambda: {
        "main.tf": "# x\n" * 1_000_000
        + 'resource "aws_launch_template" "a" {\n'
        + "a = 1\n" * 100_000
        + "}\n"
    },
    "lines-python": lambda: {"a.py": "import boto3\nLaunchTemplate = 1\n" + "a\n" * 300_000},
    "blank-lines": lambda: {
        name: f"{head}{chr(10) * 200_000}{tail}"
        for name, head, tail in (
            (".env", "", "A=1\n"),
            ("user_data.sh", "#!/bin/bash\n", "cd /srv && npm start\n"),
            ("Dockerfile", "FROM node\n", "CMD npm start\n"),
            ("main.tf", "", 'resource "aws_launch_template" "a" {}\n'),
            ("app/page.tsx", "", f"{PAGE}process.env.A;\n"),
            ("step.py", "", "import boto3\nboto3.client('ec2').run_instances()\n"),
            ("compose.yaml", "services:\n", "  web: {build: .}\n"),
        )
    },
    "lines-yaml": lambda: {
        "stack.yaml": "AWSTemplateFormatVersion: '2010-09-09'\n"
        + "".join(f"a{n}: 1\n" for n in range(50_000)),
        "compose.yaml": "services:\n" + "".join(f"  a{n}: {{image: a}}\n" for n in range(10_000)),
    },
    "lines-env": lambda: {
        ".env": "".join(f"A{n}=1\n" for n in range(300_000)),
        "app/page.js": PAGE + "process.env.A1;",
    },
    "lines-docker": lambda: {
        "Dockerfile": "FROM node\n"
        + "ENV A=1\n" * 30_000
        + "RUN x \\\n" * 30_000
        + "x\nCMD npm start\n"
    },
    "lines-unit": lambda: {
        "web.service": "[Service]\n"
        + "Environment=A=1\n" * 100_000
        + "ExecStart=/usr/bin/npm start\n"
    },
    # --- what is matched
    "globs": lambda: {
        "package.json": json.dumps(
            {
                "name": "a",
                "workspaces": [
                    "**/" * 40 + "x",
                    "*a" * 40 + "b",
                    "{a,b}" * 40,
                    "!(" * 40 + ")" * 40,
                ],
            }
        ),
        "pnpm-workspace.yaml": f"packages: ['{'**/' * 40}x', '{'*a' * 40}b', '{'+(a)' * 40}b']\n",
        f"{_NESTED_DIRS}/package.json": MANIFEST % "15.5.9",
        f"{_NESTED_DIRS}/{'a' * 200}/package.json": MANIFEST % "15.5.9",
        f"{_NESTED_DIRS}/tsconfig.json": json.dumps(
            {
                "compilerOptions": {"paths": {"*a" * 40 + "b": ["*"], "@/*": ["*/" * 40]}},
                "include": ["**/" * 40 + "*.ts"],
            }
        ),
        f"{_NESTED_DIRS}/app/page.ts": f"import '{'a' * 200}c';\nprocess.env.{'A' * 200};\n{PAGE}",
        "turbo.json": json.dumps(
            {"tasks": {"build": {"env": ["*A" * 40 + "B", "!" * 40], "inputs": ["**/" * 40]}}}
        ),
        "megalint.toml": f"exclude = ['{'**/' * 40}x', '{'*a' * 40}b', '{'[!a]*' * 40}b']\n[per-path]\n'{'**/' * 40}*b' = {{ ignore = ['{'*a' * 40}b'] }}\n[placeholders]\ntokens = ['{'*A' * 40}']\n",
        "user_data.sh": f"#!/bin/bash\nexport A={'A' * 200}B\ncd /srv; npm start\n",
    },
    "matchers": lambda: {
        "middleware.ts": "export function middleware() {}\nexport const config = { matcher: ["
        + ", ".join(
            json.dumps(one)
            for one in (
                "/((a+)+)$",
                "/(a|a)*b",
                "/:a*" * 30,
                "/:a*/:b+" * 20 + "x",
                "/((?!a|b)(a+)+b).*",
                "/" + "(" * 5_000,
                "/" + "(.*)" * 50 + "x",
                "/" + "(?:a?)" * 60 + "a" * 60,
                "/{" * 500,
            )
        )
        + "] };\n",
        f"app/{'a' * 100}/page.ts": PAGE,
        f"app/{'a/' * 60}page.ts": PAGE,
        "next.config.js": f"module.exports = {{ rewrites: async () => [{{ source: '/:a*/(a+)+{'/:b*' * 20}', destination: process.env.A }}, {{ source: '/((a+)+)b', destination: 'http://10.0.0.1/:0' }}], redirects: async () => [{{ source: '/(a|a)*', destination: '/{'a' * 80}b', permanent: true }}] }};\n",
    },
}
