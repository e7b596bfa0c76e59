"""What is wrong in a configuration that can be read: facts that rules are shown."""

from __future__ import annotations

from msgspec import Struct

from megalint.finding import Edit, Fix, Safety
from megalint.source import Location


class Mistake(Struct, frozen=True):
    """Something in a configuration that has no effect, or not the one it asks for.

    :attr:`location` is the key or value; :attr:`sentence` says what is wrong and what holds
    instead; :attr:`suggestion` is what may have been meant. :attr:`replacement` is the TOML that
    would say so in place of the location; None: none would.
    """

    location: Location
    sentence: str
    suggestion: str | None = None
    replacement: str | None = None

    @property
    def message(self) -> str:
        """The sentence with the suggestion."""
        if self.suggestion is None:
            return self.sentence
        return f"{self.sentence}; did you mean `{self.suggestion}`?"

    @property
    def fix(self) -> Fix | None:
        """The fix that writes the suggestion, to be looked at: it is a guess."""
        if self.replacement is None:
            return None
        edit = Edit(self.location.source, self.location.span, self.replacement)
        return Fix(f"write `{self.suggestion}`", Safety.UNSAFE, (edit,))


class UnknownSetting(Mistake, frozen=True):
    """A key that is no setting."""


class UnusableSetting(Mistake, frozen=True):
    """A setting whose value is of no use, or that has no effect where it stands."""


class UnknownRuleName(Mistake, frozen=True):
    """A name that no rule and no family has, or a glob that matches none."""


class IdleGlob(Mistake, frozen=True):
    """A glob over paths that matches no file."""


KINDS = (UnknownSetting, UnusableSetting, UnknownRuleName, IdleGlob)
"""Every kind of mistake."""
