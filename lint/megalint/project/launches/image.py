"""What every image of a family holds before the script runs, as far as anybody can know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from megalint.formats import package_json
from megalint.languages.shell.host import Call
from megalint.languages.shell.state import File
from megalint.project.launches.families import Family
from megalint.project.launches.options import Options
from megalint.text import Text

TOP_FOLDERS: Final = frozenset(
    [
        "bin",
        "boot",
        "data",
        "dev",
        "efs",
        "etc",
        "home",
        "lib",
        "lib64",
        "media",
        "mnt",
        "opt",
        "proc",
        "root",
        "run",
        "sbin",
        "srv",
        "sys",
        "tmp",
        "usr",
        "var",
        "app",
        "apps",
        "code",
        "workspace",
        "www",
    ]
)
Task = tuple[str, Text, Callable[[str], bool]]
"""A task of turbo in one package: its folder on the image, its script, which variables pass."""
_HOME: Final = re.compile(r"/(?:home/(?P<user>[^/]+)|root)/(?P<name>[^/]+(?:/[^/]+)?)")
_NVM: Final = """export NVM_DIR="{home}/.nvm"
export NVM_BIN="{home}/.nvm/versions/node/bin"
export PATH="{home}/.nvm/versions/node/bin:$PATH"
"""
_BASHRC: Final = """if [ -f /etc/bashrc ]; then :; fi
{nvm}"""
_BASHRC_GUARDED: Final = """case $- in
  *i*) ;;
  *) return;;
esac
{nvm}"""
_PROFILE: Final = 'if [ -f "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi\n'
_STARTS: Final = frozenset({"start", "startOrRestart", "startOrReload", "restart", "reload"})


class Scripts(Struct, frozen=True):
    """What the checkout says of the image.

    :attr:`text_at` returns the file of the checkout that lies at a path of the image, or None;
    :attr:`package` the folder on the image of a workspace package, by its name and the folder in
    which it is asked for. :attr:`has_node` tells that node is installed for every user.
    """

    text_at: Callable[[str], Text | None] = lambda path: None
    package: Callable[[str, str], Text | None] = lambda name, cwd: None
    tasks: Callable[[str, str, Options], Iterable[Task]] = lambda task, cwd, read: ()
    has_node: bool = False

    def script(self, folder: str, name: str) -> Text | None:
        """Return the script called *name* of the package in a folder of the image."""
        text = self.text_at(f"{folder.rstrip('/')}/package.json")
        if text is None or text.location is None:
            return None
        found = package_json.parse(text.location.source).script(name)
        return None if found is None else Text.at(found.location)


def home(user: str) -> str | None:
    """Return the home folder of *user*, as useradd chooses it."""
    if not re.fullmatch(r"[A-Za-z_][\w.-]*", user):
        return None
    return "/root" if user == "root" else f"/home/{user}"


def file(path: str, family: Family, scripts: Scripts, *, has_nvm: bool) -> File | None:
    """Return the file at *path*, or None where its content is not known."""
    text = scripts.text_at(path)
    if text is not None:
        return File(text)
    match = _HOME.fullmatch(path)
    if match is None:
        return None
    user = match["user"] or "root"
    content = _standard(match["name"], home(user) or "", family, has_nvm=has_nvm)
    return None if content is None else File(Text.literal(content), user, is_whole=False)


def _standard(name: str, folder: str, family: Family, *, has_nvm: bool) -> str | None:
    nvm = _NVM.replace("{home}", folder)
    if name == ".nvm/nvm.sh":
        return nvm
    if name == ".bashrc":
        form = _BASHRC_GUARDED if family.is_guarded else _BASHRC
        return form.replace("{nvm}", nvm if has_nvm else "")
    if name == (".profile" if family.is_guarded else ".bash_profile"):
        return _PROFILE
    return None


def is_command(name: str) -> bool:
    """Whether a command is one of the system or of node, not a script that is called like one."""
    folder = name.rpartition("/")[0]
    return "/" not in name or folder.endswith(("bin", ".bin")) or "node_modules" in folder


def is_start(call: Call) -> bool:
    """Whether a command that cannot be found would have started a process."""
    words = [word.flat for word in call.words]
    base = words[0].rpartition("/")[2]
    if base == "pm2":
        return any(word in _STARTS for word in words[1:2])
    if base in {"npm", "pnpm", "yarn", "bun"}:
        return "start" in words[1:3]
    return base in {"node", "next"} and len(words) > 1


def process_name(call: Call) -> str | None:
    """Return the name that ``--name`` gives."""
    words = [word.flat for word in call.words]
    for place, word in enumerate(words[:-1]):
        if word in {"--name", "-n"}:
            return words[place + 1]
        if word.startswith("--name="):
            return word.partition("=")[2]
    return None
