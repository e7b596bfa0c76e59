"""The ``megalint`` command: one module for each subcommand, imported when it is called."""

from __future__ import annotations

import errno
import sys
from importlib import import_module
from typing import Final

import click

from megalint.names import ConfigError

_COMMANDS: Final = {
    "check": "lint a checkout, offline",
    "lt": "audit the launch templates of an AWS account, read only",
    "dr": "go through the checklist of a failover in an AWS account, read only",
    "rehearse": "what a failover would talk to, and what still points to the region that is down",
    "trace": "show for every environment variable when it is read",
    "suppress": "write comments that ignore what is found, with a reason",
    "baseline": "accept today's findings, so that only new ones fail",
    "explain": "print the page of a rule",
    "rules": "list the rules",
}

_INTERRUPTED: Final = 130
"""What a shell makes of a program that Ctrl-C ended."""


class LazyGroup(click.Group):
    """Lists commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of their use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"megalint.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        """Call the command.

        A configuration that cannot be read, and a full disk, are wrong usage (exit 2).
        """
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise click.UsageError(_printable(str(error))) from error
        except click.ClickException as error:
            error.message = _printable(error.message)  # type: ignore[misc]  # click prints it
            raise
        except KeyboardInterrupt:
            click.echo("megalint: interrupted", err=True)
            sys.exit(_INTERRUPTED)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise click.UsageError(f"cannot write: {error.strerror}") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _printable(words: str) -> str:
    from megalint.output.plain import printable_lines

    return printable_lines(words)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="megalint", prog_name="megalint")
def main() -> None:
    """Find what a Next.js build freezes, and what the running process really receives."""
