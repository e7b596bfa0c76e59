"""What cloud-init makes of user data, part by part."""

from __future__ import annotations

import base64
import gzip
from pathlib import PurePosixPath

import pytest

from megalint.formats import user_data
from megalint.source import Source
from megalint.text import Text

MIME = """Content-Type: multipart/mixed; boundary="B"
MIME-Version: 1.0

--B
Content-Type: text/x-shellscript
Content-Disposition: attachment; filename="20-second.sh"

#!/bin/bash
echo second
--B
Content-Type: text/cloud-config

#cloud-config
write_files:
  - path: /etc/a.env
    owner: web:web
    content: |
      A=1
      B=two words
runcmd:
  - echo $HOME
  - [sh, -c, "echo it's"]
--B
Content-Type: text/x-shellscript
Content-Disposition: attachment; filename="10-first.sh"

#!/bin/sh -e
echo first
--B--
"""


def read(text: str) -> user_data.UserDataParts:
    return user_data.read(Text.of(Source(PurePosixPath("user_data"), text)))


def test_parts_run_in_the_order_of_their_names() -> None:
    parts = read(MIME)
    assert [one.name for one in parts.scripts] == ["10-first.sh", "20-second.sh", "runcmd"]
    first, second, commands = parts.scripts
    assert (first.interpreter, first.options) == ("sh", frozenset("e"))
    assert (second.interpreter, second.options) == ("bash", frozenset())
    assert commands.text.flat == "echo $HOME\n'sh' '-c' 'echo it'\\''s' \n"


def test_written_files_keep_their_places() -> None:
    (file,) = read(MIME).files
    assert (file.path, file.owner, file.is_append) == ("/etc/a.env", "web", False)
    assert file.content.flat == "A=1\nB=two words\n"
    line = list(file.content.lines())[1]
    assert line.location is not None
    assert line.location.line == MIME.split("\n").index("      B=two words") + 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\ufeff#!/bin/bash\n", "byte-order-mark"),
        ("\n#!/bin/bash\n", "blank-before-shebang"),
        ("  #!/bin/bash\n", "blank-before-shebang"),
        ("echo hello\n", "no-shebang"),
        ("#cloud-config\nruncmd:\n  - [a\n", "broken-yaml"),
        ("#cloud-config\nruncmd:\n  - true\n", "broken-runcmd"),
        ("#cloud-config\nruncmd:\n  - echo: x\n", "broken-runcmd"),
    ],
)
def test_what_is_not_run(text: str, kind: str) -> None:
    parts = read(text)
    assert [one.kind for one in parts.problems] == [kind]
    assert [one for one in parts.scripts if one.dead is None] == []


def test_carriage_returns() -> None:
    everywhere = read("#!/bin/bash\r\nA=1\r\n")
    assert everywhere.scripts[0].text.flat == "#!/bin/bash\nA=1\n"
    assert everywhere.problems == ()
    mixed = read("#!/bin/bash\nA=1\r\n")
    assert mixed.scripts[0].text.flat == "#!/bin/bash\nA=1\r\n"
    assert [one.kind for one in mixed.problems] == ["mixed-line-ends"]


def test_gzip_in_base64_is_unpacked_up_to_a_bound() -> None:
    script = "#!/bin/bash\necho packed\n"
    packed = base64.b64encode(gzip.compress(script.encode())).decode()
    assert read(packed).scripts[0].text.flat == script
    bomb = base64.b64encode(gzip.compress(b"#!/bin/bash\n" + b"a" * 50_000_000)).decode()
    (part,) = read(bomb).scripts
    assert len(part.text) <= 1_000_000


def test_a_jinja_header_is_no_part_of_the_script() -> None:
    (part,) = read("## template: jinja\n#!/bin/bash\necho {{ v1.region }}\n").scripts
    assert part.text.flat.startswith("#!/bin/bash")


def test_other_interpreters_are_left_alone() -> None:
    assert read("#!/usr/bin/env python3\nprint(1)\n").scripts == ()
    assert read("#!/usr/bin/env bash\ntrue\n").scripts[0].interpreter == "bash"


def test_a_boundary_that_never_comes_leaves_nothing() -> None:
    parts = read('Content-Type: multipart/mixed; boundary="B"\nMIME-Version: 1.0\n\n-B\necho a\n')

    assert (parts.files, parts.scripts) == ((), ())
