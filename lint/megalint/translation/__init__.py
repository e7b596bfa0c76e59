"""Other languages: finished sentences are matched with the templates that they came of.

So rules write plain f-strings. What people read is translated and nothing else: ids, paths, data
and fingerprints are the same in every language.
"""

from typing import Final

LANGUAGES: Final = ("en", "ko")
