"""What a command reads: text, and how much of it was taken."""

from __future__ import annotations

from megalint.text import OPAQUE, Text


class Input:
    """A text that is read line by line."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.at = 0

    def rest(self) -> Text:
        """Return everything not yet read."""
        text = self.text[self.at :]
        self.at = len(self.text)
        return text

    def line(self) -> tuple[Text, bool] | None:
        """Return the next line and whether a line feed ended it; None at the end."""
        if self.at >= len(self.text):
            return None
        end = self.text.flat.find("\n", self.at)
        start, is_ended = self.at, end >= 0
        end = end if is_ended else len(self.text)
        self.at = end + 1 if is_ended else end
        return self.text[start:end], is_ended

    @property
    def is_known(self) -> bool:
        """Whether what comes next is known to be there."""
        return OPAQUE not in self.text.flat[self.at :]
