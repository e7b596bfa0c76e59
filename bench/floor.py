"""What a linter in Python cannot go below: list the files, read those with code, search them once.

python -I -S bench/floor.py FOLDER
"""

import os
import sys

SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".json", ".sh", ".tf", ".py", ".yml")
SKIPPED = frozenset({".git", "node_modules", ".next"})

found = 0
pending = [sys.argv[1]]
while pending:
    with os.scandir(pending.pop()) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED:
                    pending.append(entry.path)
            elif entry.name.endswith(SUFFIXES):
                with open(entry.path, "rb") as file:
                    found += b"process.env" in file.read()
sys.stdout.write(f"{found}\n")
