#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What verifies tokens shares no code with what makes them: neither includes the other, by whatever way.

Usage: test_verifier_apart.py ROOT
"""
import re
import sys
from pathlib import Path

VERIFIES = ("jwk", "jwk_private", "verify_key", "jws_verify", "jws_verify_private", "jws_signature", "jws_claims")
MAKES = ("signing_key", "signing_key_private", "signing_key_read", "jwt_mint")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def reached(root, start):
    """Every file of ours that the file includes, and what those include."""
    seen, waiting = set(), [start]
    while waiting:
        path = waiting.pop()
        if path in seen or not (root / path).is_file():
            continue
        seen.add(path)
        waiting += INCLUDE.findall((root / path).read_text(encoding="utf-8"))
    return seen


def files(root, names):
    paths = [f"core/auth/{name}{suffix}" for name in names for suffix in (".h", ".cpp")]
    return [path for path in paths if (root / path).is_file()]


def main():
    root = Path(sys.argv[1])
    problems = []
    for mine, others in ((VERIFIES, MAKES), (MAKES, VERIFIES)):
        paths = files(root, mine)
        if len(paths) < len(mine):
            problems.append(f"files are missing: {mine}")
        for path in paths:
            for other in sorted(reached(root, path) & set(files(root, others))):
                problems.append(f"{path} reaches {other}")
    for path in files(root, VERIFIES):
        if "hmacOf" in (root / path).read_text(encoding="utf-8"):
            problems.append(f"{path} uses hmacOf, which makes signatures")
    print("\n".join(problems) or "the verifier and the signer are apart")
    return 1 if problems else 0


sys.exit(main())
