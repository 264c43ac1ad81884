#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No source of the project is longer than 500 lines: small rooms.

Usage: test_file_length.py ROOT
"""
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 500
SUFFIXES = {".cpp", ".h", ".mm", ".py", ".cmake", ".sh"}
NAMES = {"CMakeLists.txt"}
SKIPPED = {"build", ".git", ".cache", "node_modules"}


def sources(root):
    """Tracked sources; of a tree without git, such as an unpacked archive, all that are not built."""
    answer = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--full-name", "--", "."], capture_output=True,
                            check=False)
    if answer.returncode == 0 and answer.stdout:
        files = [root / name.decode() for name in answer.stdout.split(b"\0") if name]
    else:
        files = [file for file in root.rglob("*") if not SKIPPED & set(file.relative_to(root).parts)]
    for file in sorted(files):
        if file.is_file() and (file.suffix in SUFFIXES or file.name in NAMES or is_script(file)):
            yield file


def is_script(file):
    """scripts/run and the like have no suffix."""
    if file.suffix:
        return False
    with open(file, "rb") as opened:
        return opened.read(2) == b"#!"


def too_long(root):
    seen, faults = 0, []
    for file in sources(root):
        seen += 1
        lines = len(file.read_bytes().splitlines())
        if lines > LIMIT:
            faults.append(f"{file.relative_to(root)}: {lines} lines, {LIMIT} are allowed")
    return seen, faults


def self_check():
    """Files of just the allowed length and of one line more; only the latter may be found."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "build").mkdir()
        long, short = "x\n" * (LIMIT + 1), "x\n" * LIMIT
        for name in ("a.cpp", "b.h", "c.py", "d.cmake", "e.sh", "CMakeLists.txt"):
            (root / name).write_text(long, encoding="utf-8")
            (root / ("ok_" + name)).write_text(short, encoding="utf-8")
        (root / "script").write_text("#!/bin/sh\n" + long, encoding="utf-8")
        (root / "notes.md").write_text(long, encoding="utf-8")
        (root / "build/made.cpp").write_text(long, encoding="utf-8")
        found = [fault.split(":")[0] for fault in too_long(root)[1]]
        if sorted(found) != ["CMakeLists.txt", "a.cpp", "b.h", "c.py", "d.cmake", "e.sh", "script"]:
            raise SystemExit(f"The self-check failed: {found}")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    self_check()
    seen, faults = too_long(Path(sys.argv[1]).resolve())
    if faults:
        raise SystemExit("\n".join(faults))
    if seen < 50:
        raise SystemExit(f"Only {seen} sources were found; the test looks at the wrong place")
    print(f"{seen} sources, none longer than {LIMIT} lines")


if __name__ == "__main__":
    main()
