"""``npm``, ``node``, ``next`` and what stands around them in scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Missed, Status, Variable
from megalint.project.launches import dotenv_files, options
from megalint.text import Text, separated

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_FOLDERS: Final = ("--prefix", "-C", "--cwd", "--dir")
_PACKAGES: Final = ("-w", "--workspace", "--filter", "-F")
_MANAGER_VALUED: Final = frozenset({*_FOLDERS, *_PACKAGES, "--loglevel", "--registry"})
_RUNS: Final = frozenset({"run", "run-script", "rum"})
_EXECUTES: Final = frozenset({"exec", "dlx", "x"})
_OWN: Final = frozenset(
    [
        "add",
        "audit",
        "build-info",
        "cache",
        "ci",
        "config",
        "create",
        "dedupe",
        "fetch",
        "global",
        "i",
        "info",
        "init",
        "install",
        "link",
        "list",
        "login",
        "ls",
        "outdated",
        "pack",
        "prune",
        "publish",
        "remove",
        "set",
        "store",
        "unlink",
        "update",
        "upgrade",
        "version",
        "view",
        "why",
        "import",
        "rebuild",
        "root",
        "prefix",
        "bin",
    ]
)
_LIFECYCLE: Final = frozenset({"start", "test", "stop", "restart"})
_SERVES: Final = re.compile(
    r"(?:start|serve|prod|production|server|standalone)(?:[:.-].*)?|.*[:.-]start"
)
_ENTRY: Final = re.compile(
    r"(?:.*/)?(?:server|index|main|app|start|www|standalone|backend|api|worker)(?:\.[cm]?[jt]s)?"
)
_NODE_VALUED: Final = frozenset(
    [
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "-C",
        "--conditions",
        "--inspect-port",
        "--env-file",
        "--env-file-if-exists",
        "-e",
        "--eval",
        "-p",
        "--print",
    ]
)


def _manager(call: Call, shell: Interpreter, system: System) -> Status:
    base = (call.name or "").rpartition("/")[2]
    read = options.read(call.words, _MANAGER_VALUED, is_mixed=base == "npm")
    operands = list(read.operands)
    verb = operands[0].flat if operands else "install"
    workspace: Text | None = None
    if verb == "workspace" and base == "yarn" and len(operands) > 2:  # noqa: PLR2004
        workspace, operands = operands[1], operands[2:]
        verb = operands[0].flat
    package = workspace or read.get(*_PACKAGES)
    if verb in _OWN:
        return Status.ASSUMED
    if verb in _EXECUTES:
        return _executed(call, shell, system, operands[1:])
    if verb in _RUNS:
        operands = operands[1:]
        again = options.read([Text.literal("run"), *operands], _MANAGER_VALUED)
        operands = list(again.operands)
        package = package or again.get(*_PACKAGES)
    elif base == "npm" and verb not in _LIFECYCLE:
        return Status.ASSUMED
    if not operands:
        return Status.ASSUMED
    folder = read.get(*_FOLDERS)
    return _script(call, shell, system, operands, folder=folder, package=package)


def _executed(call: Call, shell: Interpreter, system: System, words: list[Text]) -> Status:
    while words and words[0].flat.startswith("-"):
        words = words[1:]
    if not words:
        return Status.ASSUMED
    return system.run(replace(call, words=tuple(words), places=(), assigned=()), shell)


def _script(
    call: Call,
    shell: Interpreter,
    system: System,
    operands: list[Text],
    *,
    folder: Text | None,
    package: Text | None,
) -> Status:
    """Run a script of package.json, where there is one; else start what its name promises."""
    name, *arguments = operands
    if arguments and arguments[0].flat == "--":
        arguments = arguments[1:]
    cwd = shell.shell.cwd if folder is None else Text.literal(shell.path(folder), folder.location)
    if package is not None:
        cwd = system.scripts.package(package.flat, cwd.flat) or cwd
    if cwd.flat == "/":
        system.start(call, shell, "npm-script", cwd=cwd, note="npm finds no package.json in /")
        return Status.FAIL
    text = system.scripts.script(cwd.flat, name.flat)
    child = system.child(call, shell, cwd=cwd)
    child.name = "sh"
    before = len(system.started)
    with shell.apart(child):
        if text is not None:
            _run_text(text, arguments, call, shell, system)
        if len(system.started) == before and _is_start(name.flat, text):
            system.start(call, shell, "npm-script")
    return Status.ASSUMED


def _is_start(name: str, text: Text | None) -> bool:
    return text is None and _SERVES.fullmatch(name) is not None


def _run_text(
    text: Text, arguments: list[Text], call: Call, shell: Interpreter, system: System
) -> None:
    whole = separated([text, *arguments], Text.literal(" "))
    with system.by(call.location):
        shell.run_child(shell.shell.copy(), whole)


def _node(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, _NODE_VALUED)
    if not read.operands or read.get("-e", "--eval", "-p", "--print") is not None:
        shell.write(Text())
        return Status.ASSUMED
    entry = read.operands[0]
    if entry.flat.endswith(("/npm", "/npm-cli.js")):
        return _manager(replace(call, words=read.operands), shell, system)
    if re.search(r"next(?:/dist/bin/next)?$", entry.flat):
        return _next(replace(call, words=read.operands), shell, system)
    is_server = _ENTRY.fullmatch(entry.flat) is not None
    if not is_server and system.scope is None and not call.is_background:
        return Status.ASSUMED
    for name in read.all("--env-file", "--env-file-if-exists"):
        call = dotenv_files.added(call, shell, name)
    path = shell.path(entry)
    kind = "standalone" if "/standalone/" in path or path.endswith("/server.js") else "node"
    # Next's server.js goes to its own folder before it loads env files
    folder = path.rpartition("/")[0] if kind == "standalone" else None
    run = replace(call, words=(call.words[0], *read.operands))
    system.start(run, shell, kind, env_folder=folder)
    return Status.ASSUMED


def _next(call: Call, shell: Interpreter, system: System) -> Status:
    verb = next((one.flat for one in call.words[1:] if not one.flat.startswith("-")), "dev")
    if verb == "start":
        system.start(call, shell, "next-start")
    elif verb == "dev":
        system.start(call, shell, "next-dev")
    return Status.ASSUMED


def _npx(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-p", "--package", "-c"})
    words = list(read.operands)
    if words and "@" in words[0].flat[1:]:
        words[0] = words[0][: words[0].flat.index("@", 1)]
    return _executed(call, shell, system, words)


def _cross_env(call: Call, shell: Interpreter, system: System) -> Status:
    environment = dict(call.environment)
    words = list(call.words[1:])
    while words and (match := re.match(r"([A-Za-z_]\w*)=", words[0].flat)) is not None:
        word = words.pop(0)
        place = word.location or call.location
        environment[match[1]] = Variable(word[match.end() :], True, place, "given by cross-env")
    while words and words[0].flat == "--":
        words.pop(0)
    if not words:
        return Status.ASSUMED
    run = replace(call, words=tuple(words), environment=environment, places=(), assigned=())
    if call.name == "cross-env-shell":
        child = system.child(run, shell)
        return shell.run_child(child, separated(words, Text.literal(" ")))
    return system.run(run, shell)


def _dotenv(call: Call, shell: Interpreter, system: System) -> Status:
    """``dotenv -e FILE -- command`` and ``env-cmd -f FILE command``."""
    read = options.read(call.words, {"-e", "-f", "--file", "-v", "-c", "-p", "--environments"})
    files = read.all("-e", "-f", "--file") or [Text.literal(".env")]
    if not read.operands:
        return Status.ASSUMED
    overrides = "-o" in read or (call.name == "env-cmd" and "--no-override" not in read)
    for name in files:
        call = dotenv_files.added(call, shell, name, overrides=overrides)
    return system.run(replace(call, words=read.operands, places=(), assigned=()), shell)


def _turbo(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words,
        {"--filter", "-F", "--env-mode", "--concurrency", "--cwd", "--output-logs", "--log-order"},
        is_mixed=True,
    )
    tasks = [one.flat for one in read.operands if one.flat != "run"]
    for task in tasks:
        for cwd, text, passes in system.scripts.tasks(task, shell.shell.cwd.flat, read):
            environment = {name: one for name, one in call.environment.items() if passes(name)}
            run = replace(call, environment=environment)
            child = system.child(run, shell, cwd=Text.literal(cwd))
            child.name = "sh"
            child.missed |= {
                name: Missed(name, "turbo", one.location, call.location, task)
                for name, one in call.environment.items()
                if name not in environment and one.location is not None
            }
            with shell.apart(child):
                _run_text(text, [], call, shell, system)
    return Status.ASSUMED


def _server(call: Call, shell: Interpreter, system: System) -> Status:
    if system.scope is not None or call.is_background:
        system.start(call, shell, "node")
    return Status.ASSUMED


COMMANDS: Final = {
    "npm": _manager,
    "pnpm": _manager,
    "yarn": _manager,
    "bun": _manager,
    "node": _node,
    "nodejs": _node,
    "next": _next,
    "npx": _npx,
    "bunx": _npx,
    "pnpx": _npx,
    "cross-env": _cross_env,
    "cross-env-shell": _cross_env,
    "dotenv": _dotenv,
    "env-cmd": _dotenv,
    "dotenvx": _dotenv,
    "turbo": _turbo,
    "tsx": _server,
    "ts-node": _server,
    "nest": _server,
}
