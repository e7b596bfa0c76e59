"""Build an app of all constructs with the real Next.js, run it, and see when each read happens."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from oracle.nextjs.constructs import Construct, filled

ECHO = """export async function GET(request, context) {
  new URL(request.url);
  const { p } = await context.params;
  return new Response(`ECHO=${(p ?? []).join('/')};`);
}
"""
LATE = """export default function handler(req, res) {
  for (const name of Object.keys(process.env)) {
    if (process.env[name].includes('RUN')) process.env[name] = process.env[name].replace('RUN', 'LATE');
  }
  res.send('done');
}
"""
LAYOUT = "export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n"
MANIFEST = {"name": "app", "private": True, "scripts": {"build": "next build"}}
BASE = {
    "app/layout.jsx": LAYOUT,
    "app/echo/[[...p]]/route.js": ECHO,
    "pages/api/late.js": LATE,
}


def files_of(constructs: Sequence[Construct], version: str, extra: str = "") -> dict[str, str]:
    """Return the files of one app that holds all *constructs*."""
    files = dict(BASE)
    for one in constructs:
        files.update(one.written())
    files["next.config.mjs"] = config_of(constructs, extra)
    manifest = {**MANIFEST, "dependencies": {"next": version}}
    files["package.json"] = json.dumps(manifest, indent=2) + "\n"
    return files


def config_of(constructs: Sequence[Construct], extra: str) -> str:
    """Return next.config.mjs."""
    heads: list[str] = []
    lists: dict[str, list[str]] = {
        key: [] for key in ("beforeFiles", "afterFiles", "fallback", "redirects", "headers", "env")
    }
    for one in constructs:
        if one.config:
            head, kind, entry = filled(one.config, one.variable).split("\0")
            heads.append(head)
            lists[kind].append(entry)
    rules = {
        key: "[\n" + "".join(f"    {entry},\n" for entry in entries) + "  ]"
        for key, entries in lists.items()
    }
    env = "".join(f"    {entry},\n" for entry in lists["env"])
    return (
        "\n".join(head for head in heads if head)
        + f"""
export default {{
  output: 'standalone',
  {extra}
  eslint: {{ ignoreDuringBuilds: true }},
  typescript: {{ ignoreBuildErrors: true }},
  env: {{
{env}  }},
  rewrites: async () => ({{
    beforeFiles: {rules["beforeFiles"]},
    afterFiles: {rules["afterFiles"]},
    fallback: {rules["fallback"]},
  }}),
  redirects: async () => {rules["redirects"]},
  headers: async () => {rules["headers"]},
}};
"""
    )


def environment(constructs: Sequence[Construct], word: str) -> dict[str, str]:
    """Return the environment in which every variable has the value *word*."""
    values = {one.variable: word for one in constructs}
    for one in constructs:
        if "destination: process.env" in one.config:
            values[one.variable] = f"/echo/{word}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("T_", "NEXT_"))}
    return {**kept, **values, "NEXT_TELEMETRY_DISABLED": "1", "CI": "1"}


def build(
    home: Path, constructs: Sequence[Construct], version: str, name: str = "app", extra: str = ""
) -> Path:
    """Build the app below *home*, unless the very same was built before; return its folder."""
    files = files_of(constructs, version, extra)
    folder = home / name
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    stamp = home / f"{name}.built"
    if stamp.exists() and stamp.read_text() == digest:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for place, text in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = ["node", str(home / "node_modules/next/dist/bin/next"), "build"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(constructs, "BUILD"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"next build failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    stamp.write_text(digest)
    return folder


@contextmanager
def started(
    home: Path, folder: Path, constructs: Sequence[Construct], *, is_standalone: bool
) -> Iterator[str]:
    """Run ``next start`` or the standalone server with other values; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # what an earlier run revalidated must not be served as if it were the build's
    place = home / "run"
    shutil.rmtree(place, ignore_errors=True)
    if is_standalone:
        shutil.copytree(folder / ".next/standalone", place, symlinks=True)
        command = ["node", str(place / folder.name / "server.js")]
    else:
        shutil.copytree(folder, place, symlinks=True)
        next_command = str(home / "node_modules/next/dist/bin/next")
        command = ["node", next_command, "start", "-p", str(port)]
    given = {**environment(constructs, "RUN"), "PORT": str(port), "HOSTNAME": "127.0.0.1"}
    with (home / "start.log").open("w") as log:
        process = subprocess.Popen(command, cwd=place, env=given, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            fetch(f"{address}/echo/up")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("next start does not answer")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def fetch(url: str) -> str:
    """Return headers and body of an answer as one text."""
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(url, timeout=20) as response:
            return f"{response.headers}\n{response.read().decode('utf-8', 'replace')}"
    except urllib.error.HTTPError as error:
        if error.code >= 400 and error.code != 404:
            return f"HTTP {error.code}"
        return f"{error.headers}\n{error.read().decode('utf-8', 'replace')}"


def value_in(text: str, construct: Construct) -> str | None:
    """Return the word that an answer shows for a construct."""
    name = re.escape(construct.variable)
    patterns = [rf'id="{name}" title="([^"]*)"', rf"{name}=(\w*);"]
    if construct.config and "destination" in construct.config:
        patterns = [r"ECHO=(\w*);", r"(?i)location: \S*/echo/(\w*)"]
    for pattern in patterns:
        found = re.search(pattern, text)
        if found is not None:
            return found.group(1)
    return None


def measure(
    home: Path, folder: Path, constructs: Sequence[Construct], *, is_standalone: bool = False
) -> dict[str, str]:
    """Return for each construct the phase of its read: build, revalidate, start or request."""
    with started(home, folder, constructs, is_standalone=is_standalone) as address:
        first = {one.name: value_in(fetch(address + one.url), one) for one in constructs}
        fetch(f"{address}/api/late")
        time.sleep(1.5)
        for one in constructs:
            fetch(address + one.url)
        time.sleep(1)
        last = {one.name: value_in(fetch(address + one.url), one) for one in constructs}
    return {name: _phase(first[name], last[name]) for name in first}


def _phase(first: str | None, last: str | None) -> str:
    if first == "BUILD":
        return "build" if last == "BUILD" else "revalidate"
    if first == "RUN":
        return "start" if last == "RUN" else "request"
    return f"not seen ({first!r}, {last!r})"
