"""Which files speak to EC2 of launch templates, and are no tests of somebody else's code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind, classify
from megalint.project.checkout import Checkout
from megalint.source import Source

_FOLDERS: Final = frozenset({"test", "tests", "testing", "__tests__", "spec", "specs", "mocks"})
_NAMES: Final = re.compile(r"(?:test_.*|.*_test|conftest)\.py|.*\.(?:test|spec)\.[cm]?[jt]sx?")
_MOCKS: Final = re.compile(r"\bmoto\b|\bmock_(?:aws|ec2)\b|\bStubber\b|aws-sdk-client-mock")
_MENTIONS: Final = re.compile(r"launch[-_ ]?template", re.IGNORECASE)


def speaking(checkout: Checkout, *kinds: Kind) -> Iterator[Source]:
    """Yield the files of some kinds that name launch templates, tests left out."""
    for source in checkout:
        is_spoken = classify(source.path) in kinds and _MENTIONS.search(source.text)
        if is_spoken and not is_test(source):
            yield source


def is_test(source: Source) -> bool:
    """Whether a file is a test, or speaks to a mock."""
    folders = {one.lower() for one in source.path.parts[:-1]}
    if not _FOLDERS.isdisjoint(folders) or _NAMES.fullmatch(source.path.name):
        return True
    return _MOCKS.search(source.text) is not None
