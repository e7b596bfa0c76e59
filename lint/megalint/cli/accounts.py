"""Options of the commands that look into an account, and the answers that they lead to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from msgspec import Struct
from msgspec.structs import replace

from megalint.cli.roots import root_of
from megalint.config import Config, find
from megalint.formats.aws_answers import ForeignAnswer, Inventory
from megalint.formats.aws_answers import saved as read_saved

F = TypeVar("F", bound=Callable[..., Any])


class Asking(Struct, frozen=True):
    """Who asks, and whether to tell of the progress."""

    profile: str | None = None
    roles: tuple[str, ...] = ()
    external_id: str | None = None
    quiet: bool = False


def who(command: F) -> F:
    """Add the options that say who asks."""
    decorators = (
        click.option(
            "--profile",
            envvar="MEGALINT_PROFILE",
            help="The profile of the AWS configuration to use.",
        ),
        click.option(
            "--role-arn",
            "roles",
            multiple=True,
            envvar="MEGALINT_ROLE_ARN",
            help="Assume this role; one for each account.",
        ),
        click.option(
            "--external-id",
            envvar="MEGALINT_EXTERNAL_ID",
            help="The external id that the roles ask for.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


replayed: Final[Callable[[F], F]] = click.option(
    "--from",
    "saved_files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    envvar="MEGALINT_FROM",
    help="Saved answers of the aws CLI (files or folders) instead of an account.",
)
repository: Final[Callable[[F], F]] = click.option(
    "--repo",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="MEGALINT_REPO",
    help="The checkout whose apps are started; default: the one around this folder.",
)


def checkout(repo: Path | None) -> Path | None:
    """Return the checkout, None where the current folder is in none."""
    root = repo.resolve() if repo is not None else root_of(())
    is_checkout = repo is not None or (root / ".git").exists() or find(root) is not None
    return root if is_checkout else None


def pair(config: Config, primary: str | None, recovery: str | None, option: str) -> tuple[str, str]:
    """Return the region that is down and the one that takes over, or say which is not known."""
    known = config.regions.recovery
    down = primary or config.regions.primary
    goal = recovery or (known[0] if len(known) == 1 else None)
    if goal is None:
        hint = f" (megalint.toml names {', '.join(known)})" if known else ""
        raise click.UsageError(f"which region takes over? {option} REGION{hint}")
    if down is None:
        raise click.UsageError(
            "which region is down? --primary-region REGION, or [regions] primary in megalint.toml"
        )
    if down == goal:
        raise click.UsageError(f"{goal} cannot take over for itself: {option} another region")
    return down, goal


def saved(
    paths: Sequence[Path], regions: Sequence[str], templates: Sequence[str] = ()
) -> tuple[Inventory, ...]:
    """Return what saved answers say of *regions*; a file that is none is wrong usage (exit 2)."""
    region = regions[0] if len(regions) == 1 else None
    try:
        found = read_saved(texts(paths), region)
    except ForeignAnswer as error:
        raise click.UsageError(f"--from: {error}") from error
    chosen = (one for one in found if not regions or "all" in regions or one.region in regions)
    return tuple(_limited(one, templates) for one in chosen)


def texts(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Return the name and text of each file, those of folders too."""
    try:
        return [(str(path), path.read_text(encoding="utf-8-sig")) for path in _files(paths)]
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--from: {error}") from error


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.json")) if path.is_dir() else (path,)


def _limited(inventory: Inventory, templates: Sequence[str]) -> Inventory:
    wanted = (
        one for one in inventory.templates if not templates or {one.id, one.name} & set(templates)
    )
    return replace(inventory, templates=tuple(wanted))


def asked(
    asking: Asking, regions: Sequence[str], templates: Sequence[str] = ()
) -> tuple[Inventory, ...]:
    """Return what the accounts hold; where nothing can be asked at all, the command ends."""
    from megalint.aws import collect, session

    found: list[Inventory] = []
    try:
        for identity in session.identities(asking.profile, asking.roles, asking.external_id):
            names = session.regions(identity, regions)
            if not names:
                raise click.UsageError("which region? --region ap-northeast-1, or --region all")
            length = len(names) * collect.STEPS
            label = f"asking {', '.join(names) if len(names) < 3 else f'{len(names)} regions'}"  # noqa: PLR2004
            is_hidden = asking.quiet or not sys.stderr.isatty()
            with click.progressbar(
                length=length, label=label, file=sys.stderr, hidden=is_hidden
            ) as bar:
                found += collect.collect(identity, names, templates, lambda: bar.update(1))
    except session.NoAccess as error:
        click.echo(f"megalint: {error}", err=True)
        sys.exit(2 if error.is_usage else 3)
    return tuple(found)
