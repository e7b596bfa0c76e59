"""Other languages: finished sentences are matched with the templates that they came of.

So rules write plain f-strings. What people read is translated and nothing else: ids, paths, data
and fingerprints are the same in every language.
"""

from __future__ import annotations

from megalint.translation.catalogue import (
    LANGUAGES,
    Catalogue,
    catalogue_of,
    faults,
    path_of,
    updated,
)

__all__ = ["LANGUAGES", "Catalogue", "catalogue_of", "faults", "path_of", "updated"]
