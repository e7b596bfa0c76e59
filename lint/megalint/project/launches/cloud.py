"""Commands that ask somebody else: the instance, AWS, the network. Their answers have names."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status
from megalint.project.launches import options, programs
from megalint.text import OPAQUE, Text
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

Handler = Callable[[Call, Interpreter, "System"], Status]

_CURL_VALUED: Final = frozenset(
    [
        "-o",
        "--output",
        "-O",
        "-H",
        "--header",
        "-X",
        "--request",
        "-d",
        "--data",
        "-m",
        "--max-time",
        "--retry",
        "-u",
        "--user",
        "-T",
    ]
)
_COPY_WORDS: Final = 3
_METADATA: Final = re.compile(r"169\.254\.169\.254/(?:latest|[\d-]+)/(?P<path>[^\s'\"?]*)")
_PLACES: Final = {
    "meta-data/placement/region": "the instance's region",
    "meta-data/placement/availability-zone": "the instance's availability zone",
    "dynamic/instance-identity/document": "the instance's identity document",
    "meta-data/instance-id": "the instance's id",
    "meta-data/local-ipv4": "the instance's address",
    "meta-data/public-ipv4": "the instance's public address",
    "api/token": "a token of the metadata service",
}


def _answer(call: Call, shell: Interpreter, what: str, status: Status, end: str = "\n") -> Status:
    shell.write(Text.opaque(Unknown(what), call.location) + Text.literal(end))
    return status


def _download(call: Call, shell: Interpreter, target: Text, what: str) -> Status:
    """Write a file whose content somebody else has."""
    path = shell.path(target)
    if target.flat not in {"-", "/dev/stdout"} and not path.startswith("/dev/"):
        content = Text.opaque(Unknown(what), call.location) + Text.literal("\n")
        shell.keep_file(path, content)
    return Status.ASSUMED


def _curl(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, _CURL_VALUED, is_mixed=True)
    output = read.get("-o", "--output") if call.name != "wget" else read.get("-O")
    if output is not None and output.flat != "-":
        return _download(call, shell, output, "a download")
    words = [word.flat for word in call.words[1:]]
    target = next((one for one in words if "169.254.169.254" in one), None)
    if target is None:
        return _answer(call, shell, "an answer over HTTP", Status.UNKNOWN)
    match = _METADATA.search(target)
    path = "" if match is None else match["path"].rstrip("/")
    known = _PLACES.get(path, f"the instance's metadata {path}")
    return _answer(call, shell, known, Status.ASSUMED, end="")


def _aws(call: Call, shell: Interpreter, system: System) -> Status:
    words = [word.flat for word in call.words[1:]]
    operands = [one for one in words if not one.startswith("-")]
    what = " ".join(operands[:2]) or "an answer"
    if operands[:2] in (["s3", "cp"], ["s3", "mv"]) and len(operands) > _COPY_WORDS:
        target = Text.literal(operands[3])
        if target.flat.endswith(("/", "/.")) or target.flat == ".":
            target = Text.literal(f"{target.flat.rstrip('/')}/{operands[2].rpartition('/')[2]}")
        if "--recursive" in words:
            programs.fill(target, shell)
            return Status.ASSUMED
        if operands[3] != "-" and not operands[3].startswith("s3:"):
            return _download(call, shell, target, f"a copy of {operands[2]}")
    if operands[:2] == ["s3", "sync"] and len(operands) > _COPY_WORDS:
        programs.fill(Text.literal(operands[3]), shell)
        return Status.ASSUMED
    if operands[:1] == ["ssm"]:
        name = next((b for a, b in pairwise(words) if a == "--name"), "").replace(OPAQUE, "...")
        what = f"the SSM parameter {name}".strip()
    elif operands[:1] == ["secretsmanager"]:
        name = next((b for a, b in pairwise(words) if a == "--secret-id"), "")
        name = name.replace(OPAQUE, "...")
        what = f"the secret {name}".strip()
    else:
        what = f"the answer of aws {what}"
    return _answer(call, shell, what, Status.ASSUMED)


def _named(what: str, status: Status = Status.ASSUMED) -> Handler:
    def run(call: Call, shell: Interpreter, system: System) -> Status:
        return _answer(call, shell, what, status)

    return run


def _whoami(call: Call, shell: Interpreter, system: System) -> Status:
    shell.write(Text.literal(shell.shell.user + "\n", call.location))
    return Status.OK


def _id(call: Call, shell: Interpreter, system: System) -> Status:
    words = [word.flat for word in call.words[1:]]
    if words in (["-un"], ["-nu"], ["-u", "-n"], ["-n", "-u"]):
        return _whoami(call, shell, system)
    if words == ["-u"] and shell.shell.user == "root":
        shell.write(Text.literal("0\n", call.location))
        return Status.OK
    return _answer(call, shell, "the ids of a user", Status.UNKNOWN)


def _asked(call: Call, shell: Interpreter, system: System) -> Status:
    """Commands whose end is what the script asks for."""
    return _answer(call, shell, f"what {call.name} prints", Status.UNKNOWN)


COMMANDS: Final[dict[str, Handler]] = {
    "curl": _curl,
    "wget": _curl,
    "aws": _aws,
    "ec2-metadata": _named("the instance's metadata"),
    "ec2metadata": _named("the instance's metadata"),
    "cloud-init": _named("what cloud-init knows"),
    "hostname": _named("the host's name"),
    "hostnamectl": _named("the host's name"),
    "date": _named("the time"),
    "uname": _named("the system's name"),
    "nproc": _named("the number of processors"),
    "openssl": _named("what openssl prints"),
    "jq": _named("a part of a JSON text"),
    "uuidgen": _named("a random id"),
    "whoami": _whoami,
    "id": _id,
    "command": _asked,
    "which": _asked,
    "pgrep": _asked,
    "nc": _asked,
    "getent": _asked,
    "ping": _asked,
    "ss": _asked,
    "lsof": _asked,
    "netstat": _asked,
    "diff": _asked,
    "cmp": _asked,
    "find": _asked,
    "ls": _asked,
    "stat": _asked,
    "mountpoint": _asked,
    "blkid": _asked,
    "rpm": _asked,
    "dpkg": _asked,
}
