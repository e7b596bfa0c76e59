"""For those who work on rules: write a new rule's files, and the generated pages."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

import click

from megalint import docs, messages
from megalint.registry import load_rules
from megalint.translation import LANGUAGES
from megalint.translation.catalogue import faults, path_of, updated

RULE: Final = '''"""{id}."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.nextjs.facts import EnvironmentRead


class {name}(Rule[EnvironmentRead]):
    """One sentence: what is found.

    ## Why is this bad?

    What happens in the system of the person who reads this.

    ## Example

    ```ts path=app/api/example/route.ts
    export async function GET(request: Request) {{
      return Response.json({{ at: request.url, value: process.env.EXAMPLE }}); // finding
    }}
    ```

    ```json path=package.json
    {{ "name": "web", "scripts": {{ "build": "next build" }}, "dependencies": {{ "next": "15.5.9" }} }}
    ```

    Use instead:

    ```ts path=app/api/example/route.ts
    export async function GET(request: Request) {{
      return Response.json({{ at: request.url }});
    }}
    ```

    ```json path=package.json
    {{ "name": "web", "scripts": {{ "build": "next build" }}, "dependencies": {{ "next": "15.5.9" }} }}
    ```
    """

    id = "{id}"
    severity = Severity.NOTE
    confidence = Confidence.LOW
    since = "{since}"

    def check(self, fact: EnvironmentRead, project: Project) -> Iterator[Finding]:
        """Yield a finding when ..."""
        if fact.read.name == "EXAMPLE":
            yield self.finding(
                fact.read.location,
                f"`{{fact.read.name}}` is read here",
                data=Data(env=(fact.read.name,)),
            )
'''
MANIFEST: Final = '{ "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }\n'
HIT: Final = """export async function GET(request: Request) {
  return Response.json({ at: request.url, value: process.env.EXAMPLE }); // finding
}
"""
MISS: Final = """export async function GET(request: Request) {
  return Response.json({ at: request.url, value: process.env.OTHER });
}
"""
_ROUTE: Final = "app/api/example/route.ts"
_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FAMILY: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@click.group()
def main() -> None:
    """Write the files of a new rule, or the generated pages."""


@main.command("rule")
@click.argument("rule_id", metavar="ID")
@click.option("--family", default="nextjs", help="The folder of the rule.")
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="The checkout.")
def rule(rule_id: str, family: str, root: Path) -> None:
    """Write rule, fixtures, page and changelog line of a rule called ID."""
    if not _ID.fullmatch(rule_id):
        raise click.UsageError(f"{rule_id!r}: an id is lower-case words joined by hyphens")
    if not _FAMILY.fullmatch(family):
        raise click.UsageError(f"{family!r}: a family is the name of a package")
    files = new_files(rule_id, family)
    package = f"rules/megalint_rules/{family}/__init__.py"
    if not (root / package).exists():
        files[package] = f'"""Rules of the family {family}."""\n'
    for path in files:
        if (root / path).exists():
            raise click.UsageError(f"{path} is there already")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}")
    changelog = root / "CHANGELOG.md"
    changelog.write_text(
        with_entry(changelog.read_text(encoding="utf-8"), rule_id), encoding="utf-8"
    )
    click.echo("added a line to CHANGELOG.md; now: make test docs")


def new_files(rule_id: str, family: str) -> dict[str, str]:
    """Return path and text of the files of a new rule."""
    name = "".join(word.title() for word in rule_id.split("-"))
    fixtures = f"fixtures/rules/{rule_id}"
    return {
        f"rules/megalint_rules/{family}/{rule_id.replace('-', '_')}.py": RULE.format(
            id=rule_id, name=name, since="0.1.0"
        ),
        f"{fixtures}/hit/{_ROUTE}": HIT,
        f"{fixtures}/hit/package.json": MANIFEST,
        f"{fixtures}/near_miss/{_ROUTE}": MISS,
        f"{fixtures}/near_miss/package.json": MANIFEST,
    }


def with_entry(changelog: str, rule_id: str) -> str:
    """Return *changelog* with a line for a new rule, under what Unreleased adds."""
    head, unreleased, rest = changelog.partition("## Unreleased\n")
    if not unreleased:
        raise click.ClickException("CHANGELOG.md has no section '## Unreleased'")
    section, released, older = rest.partition("\n## ")
    before, added, after = section.partition("### Added\n")
    entry = f"### Added\n\n- Rule `{rule_id}`.\n"
    section = f"{before}{entry}{after.lstrip(chr(10))}" if added else f"\n{entry}{section}"
    return f"{head}{unreleased}{section}{released}{older}"


@main.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a page is out of date.")
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="The checkout.")
def pages(check: bool, root: Path) -> None:
    """Write docs/rules from the rules, and what docs says of the configuration."""
    folder = root / "docs" / "rules"
    reference = docs.reference(load_rules(), root / "docs")
    if not check:
        docs.write(folder)
        for path, text in reference.items():
            path.write_text(text, encoding="utf-8")
        return
    stale = [*docs.stale(load_rules(), folder), *docs.differing(reference)]
    for path in stale:
        click.echo(f"{path} is out of date: make docs", err=True)
    sys.exit(bool(stale))


@main.command("messages")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a catalogue has faults.")
def catalogues(check: bool) -> None:
    """Bring the catalogues of other languages up to date with what megalint says."""
    spoken = messages.sentences_spoken()
    found: list[str] = []
    for language in LANGUAGES[1:]:
        path = path_of(language)
        if not check:
            path.write_text(updated(path, spoken), encoding="utf-8")
        found += faults(path, spoken)
    for one in found:
        click.echo(one, err=True)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
