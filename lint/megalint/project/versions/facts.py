"""References to launch template versions."""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from megalint.source import Location

LATEST: Final = "$Latest"
DEFAULT: Final = "$Default"
ALIASES: Final = (LATEST, DEFAULT)


class Dialect(Enum):
    """Who resolves the version, which decides what can be written instead of a number."""

    SDK = "SDK"
    CLI = "aws CLI"
    TERRAFORM = "Terraform"
    CLOUDFORMATION = "CloudFormation"
    STATES = "Step Functions"


class Use(Enum):
    """What the reference is for."""

    READ = "reads"
    START = "starts"
    BASE = "bases a new version on"
    ACTIVATE = "makes the default"


class Written(Struct, frozen=True):
    """A version as one place writes it.

    :attr:`text` is a number in digits, ``$Latest`` or ``$Default``. :attr:`location` is that of the
    characters that say so; :attr:`replacement` what to write there instead of a number, None where
    no text is right for certain. :attr:`is_fallback`: something else may be given in its place.
    """

    text: str
    location: Location
    replacement: str | None = None
    is_fallback: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it names one version for ever."""
        return self.text.isascii() and self.text.isdigit()


class VersionReference(Struct, frozen=True):
    """A call, resource or command that names a version of a launch template, or leaves it out.

    :attr:`call` is what people know it by (``ec2.describe_launch_template_versions``,
    ``aws_autoscaling_group.web``), :attr:`argument` the name under which the version is given.
    :attr:`location` is where the version takes effect: the argument, or the template where
    :attr:`is_absent`. :attr:`versions` are those that are known; the others are not.
    :attr:`template` is the name, id or resource of the template, where that is known;
    :attr:`inputs` are the entries of the event that may be the version, as ``event.version``.
    """

    dialect: Dialect
    use: Use
    call: str
    argument: str
    location: Location
    versions: tuple[Written, ...] = ()
    template: str | None = None
    is_absent: bool = False
    inputs: tuple[str, ...] = ()


class LostAlias(Struct, frozen=True):
    """``$Latest`` or ``$Default`` where the shell takes it for a variable.

    :attr:`location` is the expansion; :attr:`is_in_file`: it stands in a here-document that writes
    a file the command reads. :attr:`escape` is the sign that keeps the shell from it.
    """

    alias: str
    call: str
    location: Location
    is_in_file: bool = False
    escape: str = "\\"


class TemplateDefinition(Struct, frozen=True):
    """A launch template that the checkout defines.

    :attr:`template` is what :attr:`VersionReference.template` says of it: its name, else its
    address. :attr:`moves_default`: applying a change makes the new version the default.
    :attr:`prefix` is what the name begins with, where the rest of it is chosen at apply.
    """

    dialect: Dialect
    template: str
    location: Location
    moves_default: bool
    prefix: str | None = None


class CreatedVersion(Struct, frozen=True):
    """Code that makes a new version of a launch template."""

    dialect: Dialect
    call: str
    location: Location
    template: str | None = None


class Substitution(Struct, frozen=True):
    """Code that puts a value in the place of a placeholder.

    :attr:`is_guarded`: something looks whether there was one.
    """

    token: str
    location: Location
    is_guarded: bool


class EncodingMistake(Struct, frozen=True):
    """Code that takes user data for what it is not.

    It looks for :attr:`token` in base64, or, where that is None, :attr:`call` writes plain text.
    """

    call: str
    location: Location
    token: str | None


class Selection(Struct, frozen=True):
    """Code that takes one of several templates; :attr:`pattern` is what their names match."""

    location: Location
    pattern: str | None


Fact = (
    VersionReference
    | LostAlias
    | TemplateDefinition
    | CreatedVersion
    | Substitution
    | EncodingMistake
    | Selection
)
