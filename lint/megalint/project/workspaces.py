"""The packages of a checkout, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from megalint.formats import package_json
from megalint.formats.package_json import Manifest
from megalint.project.checkout import Checkout


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with a package.json."""

    path: PurePosixPath
    manifest: Manifest


def manifests(checkout: Checkout) -> Iterator[Package]:
    """Yield every package of the checkout, in path order."""
    for source in checkout.named("package.json"):
        yield Package(source.path.parent, checkout.parsed(source, package_json.parse))


def by_name(checkout: Checkout) -> dict[str, Package]:
    """Return the named packages; of two with one name the first in path order counts."""
    found: dict[str, Package] = {}
    for package in manifests(checkout):
        if package.manifest.name:
            found.setdefault(package.manifest.name, package)
    return found
