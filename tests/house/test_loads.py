# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program or a module loads at its start: nothing that only a part of it needs, which comes as a module of its own.

Usage: test_loads.py BUILD_FOLDER
"""
import pathlib
import re
import subprocess
import sys

KEYCHAIN = ["libqt6keychain", "libQt6DBus"]
WINDOW = ["libQt6Widgets", "libQt6Gui", "libqscintilla2"]
SERVER = ["libQt6HttpServer", "libQt6Sql"]
WIRE = ["libcurl", "libssl", "libQt6Network"]
YAML = ["libyaml-cpp"]

# The file, and the libraries that it must not bring with it.
FORBIDDEN = {
    "bin/keybearer": KEYCHAIN + SERVER + WIRE + ["libqscintilla2"],
    "bin/keybearer-cli": KEYCHAIN + WINDOW + SERVER + YAML,
    "lib/keybearer/keybearer-network.so": KEYCHAIN + WINDOW + SERVER + YAML,
    "lib/keybearer/keybearer-keychain.so": WINDOW + SERVER + WIRE + YAML,
    "lib/keybearer/keybearer-history.so": KEYCHAIN + WINDOW + WIRE + YAML,
    "lib/keybearer/keybearer-workspace.so": KEYCHAIN + WINDOW + SERVER + WIRE,
    "lib/keybearer/keybearer-login.so": KEYCHAIN + WINDOW + SERVER + YAML,
}


def main():
    build = pathlib.Path(sys.argv[1])
    problems = []
    for name, forbidden in FORBIDDEN.items():
        table = subprocess.run(["readelf", "-d", build / name], check=True, capture_output=True, text=True).stdout
        needed = re.findall(r"\(NEEDED\).*\[(.+?)\]", table)
        if not needed:
            problems.append(f"{name} needs nothing: is it a program?")
        for library in needed:
            if any(library.startswith(each) for each in forbidden):
                problems.append(f"{name} loads {library} at its start")
    print("\n".join(problems) or f"{len(FORBIDDEN)} programs and modules load what they need")
    return 1 if problems else 0


sys.exit(main())
