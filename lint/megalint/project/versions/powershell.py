"""Versions in PowerShell: commands of the aws CLI, and cmdlets of the AWS Tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.languages import powershell
from megalint.languages.shell.host import Call, Expansion
from megalint.project.linked import Project
from megalint.project.versions.commands import Asked, facts_of
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import Dialect, Fact, Use, VersionReference, Written
from megalint.source import Source
from megalint.text import OPAQUE

_CMDLETS: Final = {
    "get-ec2templateversion": ("-version", Use.READ),
    "new-ec2launchtemplateversion": ("-sourceversion", Use.BASE),
    "edit-ec2launchtemplate": ("-defaultversion", Use.ACTIVATE),
    "update-asautoscalinggroup": ("-launchtemplate_version", Use.START),
    "new-asautoscalinggroup": ("-launchtemplate_version", Use.START),
    "new-ec2instance": ("-launchtemplate_version", Use.START),
}
"""As the AWS Tools for PowerShell name the operations."""


def references(project: Project) -> Iterator[Fact]:
    """Yield what PowerShell scripts ask for, by the aws CLI or by the AWS Tools."""
    for source in speaking(project.checkout, Kind.POWERSHELL):
        for command in powershell.commands(source):
            name = command.words[0].text.flat.lower()
            if name in {"aws", "aws.exe"}:
                yield from facts_of(Asked(_call(command), {}, "`"))
            elif name in _CMDLETS:
                yield from _of_cmdlet(source, command, *_CMDLETS[name])


def _call(command: powershell.Command) -> Call:
    expansions = tuple(
        Expansion(place.text.strip("${}"), place, None)
        for word in command.words
        for place in word.unknown
    )
    return Call(
        tuple(word.text for word in command.words),
        {},
        command.words[0].location,
        tuple(word.location for word in command.words),
        expansions=expansions,
    )


def _of_cmdlet(
    source: Source, command: powershell.Command, option: str, use: Use
) -> Iterator[VersionReference]:
    names = [word.text.flat.lower() for word in command.words]
    if option not in names or names.index(option) + 1 >= len(names):
        return
    word = command.words[names.index(option) + 1]
    known, place = word.text.known, word.text.location
    if known and place is not None and OPAQUE not in known:
        whole = word.location if place.source == source else place
        written = Written(known, whole, "'$Latest'" if use is not Use.ACTIVATE else None)
        yield VersionReference(
            Dialect.CLI, use, command.words[0].text.flat, option, word.location, (written,)
        )
