"""Launches of every sort: what starts, as whom, with what."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from megalint.languages.shell.state import likely
from megalint.project.launches.facts import Certainty, Launch
from megalint.project.launches.interpret import launches_of_script
from megalint.project.linkers import link
from megalint.source import Source
from megalint.text import Text

COMPOSE = """services:
  web:
    image: x/web
    environment:
      - API=${API}
      - DEFAULTED=${NOPE:-d}
      - HANDED
    env_file: [./web.env]
  api:
    image: x/api
    environment: { REGION: "${REGION}" }
"""
UNIT = """[Service]
User=web
EnvironmentFile=-/etc/web.env
Environment=A=1 "B=two words"
WorkingDirectory=/opt/web
ExecStart=/usr/bin/node server.js
"""


def run(script: str, os: str = "amazon") -> list[Launch]:
    source = Source(PurePosixPath("user_data.sh"), "#!/bin/bash\n" + script)
    return list(launches_of_script(Text.of(source), os=os))


def given(launch: Launch) -> dict[str, str | None]:
    return {name: likely(one.value) for name, one in launch.environment.items()}


def test_compose_up_interpolates_from_the_caller_and_from_dotenv() -> None:
    script = (
        f"cat > /opt/app/docker-compose.yml <<'END'\n{COMPOSE}END\n"
        "echo FILED=1 > /opt/app/web.env\necho REGION=ap-northeast-1 > /opt/app/.env\n"
        "export API=http://a HANDED=h\ncd /opt/app\ndocker compose up -d\n"
    )
    web, api = run(script)
    assert (web.kind, web.process) == ("compose", "web")
    assert given(web) == {"FILED": "1", "API": "http://a", "DEFAULTED": "d", "HANDED": "h"}
    assert given(api) == {"REGION": "ap-northeast-1"}


@pytest.mark.parametrize(
    "first",
    [
        "cp .env.example .env",
        "cat .env.base > .env",
        "install -m 600 /dev/null .env",
        "aws s3 cp s3://config/web.env .env",
        "aws ssm get-parameter --name /web --query Parameter.Value --output text > .env",
    ],
)
def test_a_line_behind_what_is_not_known_is_a_line(first: str) -> None:
    script = f"cd /opt/web\n{first}\necho API=1 >> .env\nHOSTNAME=0.0.0.0 node server.js\n"
    (launch,) = run(script)
    assert likely(launch.effective["API"].value) == "1"


def test_a_loop_over_what_is_not_known_may_write_any_variable() -> None:
    script = (
        "cd /opt/web\naws ssm get-parameters-by-path --path /web --output text |"
        " while IFS='=' read -r key value; do echo \"$key=$value\" >> .env.production; done\n"
        "HOSTNAME=0.0.0.0 node server.js\n"
    )
    (launch,) = run(script)
    assert launch.is_open


def test_what_the_image_may_have_does_not_leave_an_appended_file_open() -> None:
    (launch,) = run("cd /opt/web\necho API=1 >> .env\nHOSTNAME=0.0.0.0 node server.js\n")
    assert not launch.is_open


def test_an_array_with_keys_is_not_guessed() -> None:
    (launch,) = run(
        "cd /opt/web\ndeclare -A pairs=([API]=a [REGION]=b)\npairs[MORE]=c\n"
        'for key in "${!pairs[@]}"; do printf "%s=%s\\n" "$key" "${pairs[$key]}"; done > .env\n'
        "export PICKED=${pairs[API]}\nnode server.js\n"
    )
    assert launch.is_open
    assert launch.environment["PICKED"].value.known is None


def test_the_keys_of_a_list_are_numbers() -> None:
    script = (
        'list=(x y)\nfor i in "${!list[@]}"; do export "K$i=${list[$i]}"; done\nnode server.js\n'
    )
    (launch,) = run(script)
    assert {name: one.value.known for name, one in launch.environment.items() if name[0] == "K"} == {
        "K0": "x", "K1": "y",
    }  # fmt: skip


def test_what_the_metadata_service_says_ends_without_a_newline() -> None:
    region = "curl -s http://169.254.169.254/latest/meta-data/placement/region"
    script = f"cd /opt/web\n{{ {region}; echo API=1; }} > .env\nnode server.js\n"
    (launch,) = run(script)
    assert "API" not in launch.effective


def test_a_unit_gets_its_own_environment_and_not_the_callers() -> None:
    script = (
        f"cat > /etc/systemd/system/web.service <<'END'\n{UNIT}END\n"
        "mkdir -p /etc/systemd/system/web.service.d\n"
        "printf '[Service]\\nEnvironment=C=3\\n' > /etc/systemd/system/web.service.d/c.conf\n"
        "echo 'D=4 # kept' > /etc/web.env\nexport LOST=1\nsystemctl enable --now web\n"
    )
    (launch,) = run(script)
    assert (launch.process, launch.user, launch.cwd) == ("web", "web", "/opt/web")
    assert given(launch) == {"A": "1", "B": "two words", "C": "3", "D": "4 # kept"}


def test_a_unit_without_its_env_file_does_not_start() -> None:
    unit = UNIT.replace("EnvironmentFile=-", "EnvironmentFile=")
    script = f"cat > /etc/systemd/system/web.service <<'END'\n{unit}END\nrm -f /etc/web.env\nsystemctl start web\n"
    (launch,) = run(script)
    assert launch.starts is Certainty.NEVER


def test_cron_starts_with_what_its_table_says() -> None:
    script = (
        "echo '@reboot ec2-user cd /opt/app && A=1 npm start' > /etc/cron.d/web\n"
        "(echo 'B=2'; echo '@reboot cd /opt/x && /usr/bin/node server.js') | crontab -u ec2-user -\n"
        "export LOST=1\n"
    )
    first, second = run(script)
    assert (given(first), first.user, first.cwd) == ({"A": "1"}, "ec2-user", "/opt/app")
    assert (given(second), second.kind) == ({"B": "2"}, "standalone")


@pytest.mark.parametrize(
    "line",
    [
        "nohup npm start > /var/log/x 2>&1 &",
        "screen -dmS web npm start",
        "tmux new-session -d -s web 'npm start'",
        "setsid nice -n 5 npm start &",
        "exec npm start",
        "npm run start:prod",
        "yarn start -p 3001",
        "pnpm --dir /opt/app start",
        "npm start --prefix /opt/app",
        "npx next@15 start",
        "node --max-old-space-size=512 .next/standalone/server.js",
        "pm2-runtime start npm -- start",
        "sh -c 'npm start'",
        "timeout 10 npm start",
        "flock /tmp/l npm start",
    ],
)
def test_ways_to_start(line: str) -> None:
    (launch,) = run(f"cd /opt/app\nA=1\nexport A\n{line}\n")
    assert given(launch) == {"A": "1"}
    assert launch.starts is Certainty.ALWAYS


@pytest.mark.parametrize(
    "line",
    [
        "npm ci",
        "npm run build",
        "npm install -g pm2",
        "yarn",
        "node -e 'x'",
        "next build",
        "npx prisma migrate deploy",
        "node scripts/migrate.js",
        "docker ps",
    ],
)
def test_what_starts_nothing(line: str) -> None:
    assert run(f"cd /opt/app\n{line}\n") == []


def test_what_only_some_runs_come_to() -> None:
    script = "cd /opt/app\nif curl -sf http://x; then A=1 npm start; else A=2 node server.js; fi\n"
    assert [(given(one), one.starts) for one in run(script)] == [
        ({"A": "1"}, Certainty.SOMETIMES),
        ({"A": "2"}, Certainty.SOMETIMES),
    ]
    script = "cd /opt/app\nif curl -sf http://x; then export A=1; fi\nnpm start\n"
    (launch,) = run(script)
    assert launch.environment["A"].certainty is Certainty.SOMETIMES


def test_a_value_that_nobody_knows_says_why() -> None:
    script = "cd /opt/app\nA=$(aws ssm get-parameter --name /a/b --query x) npm start\n"
    (launch,) = run(script)
    assert launch.environment["A"].value.why == "the SSM parameter /a/b"


def test_scripts_of_package_json_are_followed() -> None:
    texts = {
        "user_data.sh": "#!/bin/bash\ncd /srv/shop/apps/web\nA=1 npm start\n",
        "apps/web/package.json": '{"name": "web", "scripts": {"start": "cross-env B=2 next start -p 3005"}, "dependencies": {"next": "15.5.9"}}',
        "apps/web/app/page.tsx": "export default function Page() { return null; }",
    }
    project = link([Source(PurePosixPath(path), text) for path, text in texts.items()])
    (launch,) = project.each(Launch)
    assert (launch.kind, launch.port, given(launch)) == ("next-start", "3005", {"A": "1", "B": "2"})
    assert launch.app is not None
    assert str(launch.app.path) == "apps/web"


def test_turbo_hands_on_what_its_file_names() -> None:
    texts = {
        "user_data.sh": "#!/bin/bash\ncd /srv/shop\nAPI_URL=http://a REGION=x npx turbo run start --filter=web\n",
        "package.json": '{"name": "shop", "workspaces": ["apps/*"]}',
        "turbo.json": '{"tasks": {"start": {"passThroughEnv": ["REGION"]}}}',
        "apps/web/package.json": '{"name": "web", "scripts": {"start": "next start"}, "dependencies": {"next": "15.5.9"}}',
        "apps/web/app/page.tsx": "export default function Page() { return null; }",
    }
    project = link([Source(PurePosixPath(path), text) for path, text in texts.items()])
    (launch,) = project.each(Launch)
    assert given(launch) == {"REGION": "x"}
    assert launch.cwd == "/srv/shop/apps/web"


def test_env_files_that_a_workflow_writes_are_part_of_the_image() -> None:
    workflow = """on: push
jobs:
  image:
    runs-on: ubuntu-latest
    env:
      TABLE: seats
    steps:
      - run: |
          echo "API_URL=${{ vars.API_URL }}" >> apps/web/.env.production
          echo "TABLE=$TABLE" >> apps/web/.env.production
      - working-directory: apps/web
        run: npm run build
"""
    texts = {
        "user_data.sh": "#!/bin/bash\ncd /srv/shop/apps/web\nnpm start\n",
        ".github/workflows/image.yml": workflow,
        "apps/web/package.json": '{"name": "web", "scripts": {"start": "next start"}, "dependencies": {"next": "15.5.9"}}',
        "apps/web/app/api/a/route.ts": "export async function POST() { return Response.json([process.env.API_URL, process.env.TABLE, process.env.NOPE]); }",
    }
    project = link([Source(PurePosixPath(path), text) for path, text in texts.items()])
    (launch,) = project.each(Launch)
    assert launch.lacks == ("NOPE",)
    assert launch.effective["TABLE"].value.known == "seats"
    assert launch.effective["API_URL"].value.why == "vars.API_URL"


@pytest.mark.parametrize(
    "line",
    [
        "ansible-playbook -e out=/opt/web/.env.production site.yml",
        "python3 make_env.py --out .env.production",
        "python3 - <<'PY'\nimport os\nos.rename('a', '/opt/web/.env.production')\nPY",
        "aws s3 sync s3://bucket/web /opt/web",
        "aws s3 cp --recursive s3://bucket/web /opt",
        "tar xzf /tmp/web.tgz -C /opt/web",
        "unzip -o /tmp/web.zip",
    ],
)
def test_what_nobody_can_see_is_not_said_to_be_absent(line: str) -> None:
    (launch,) = run(f"cd /opt/web\n{line}\nnpm start\n")
    assert launch.is_open


def test_python_that_writes_a_file_is_read() -> None:
    code = "open('/opt/web/.env.production', 'w').write('A=1\\nB=2\\n')"
    (launch,) = run(f'cd /opt/web\npython3 -c "{code}"\nnpm start\n')
    assert {name: likely(one.value) for name, one in launch.effective.items()} == {
        "A": "1",
        "B": "2",
    }
    assert not launch.is_open
