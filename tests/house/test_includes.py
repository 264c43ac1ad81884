#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares every #include of the layers and the app with cmake/layers.txt.

Linking alone does not keep the layers apart: on a system with one shared include folder, a file that links Qt Core
compiles with <QtWidgets/QWidget> just as well.

Usage: test_includes.py ROOT QT_INCLUDE_FOLDER...
"""
import re
import sys
import tempfile
from pathlib import Path

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
COMMENT = re.compile(r'/\*.*?\*/', re.DOTALL)
SOURCES = (".cpp", ".h", ".mm")
GENERATED = {"kb_version.h"}
FOLDERS = ("core", "io", "practice", "ui", "app")

# Angle includes that are not Qt's, by the group a line of the table names.
C_LIBRARY = {"assert", "ctype", "errno", "float", "inttypes", "limits", "locale", "math", "setjmp", "signal", "stdarg",
             "stddef", "stdint", "stdio", "stdlib", "string", "time", "wchar"}
SYSTEM = {"arpa/inet.h", "dirent.h", "fcntl.h", "fnmatch.h", "grp.h", "netdb.h", "poll.h", "pthread.h", "pwd.h",
          "sched.h", "spawn.h", "termios.h", "unistd.h", "windows.h", "winsock2.h", "ws2tcpip.h", "io.h", "wincred.h"}
SYSTEM_FOLDERS = ("sys", "net", "netinet", "mach", "linux")
LIBRARIES = {"curl": "curl", "openssl": "openssl", "yaml-cpp": "yaml", "tl": "tl", "qt6keychain": "keychain",
             "Qsci": "qscintilla", "CLI": "CLI", "brotli": "brotli"}
# Headers that a newer Qt has and code includes behind a version check.
NEWER_QT = {"QHttpHeaders": "QtNetwork"}


class Layer:
    def __init__(self, line):
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 5:
            raise SystemExit(f"cmake/layers.txt: a line needs five fields: {line}")
        self.name, self.folder = fields[0], fields[1]
        self.uses, self.angles = fields[2].split(), fields[4].split()


def read_layers(root):
    lines = (root / "cmake/layers.txt").read_text(encoding="utf-8").splitlines()
    return [Layer(line) for line in lines if re.match("[a-z]", line)]


def layer_of(path, layers):
    """The layer whose folder holds the file directly; layers are flat."""
    for layer in layers:
        if Path(layer.folder) == path.parent:
            return layer
    return None


def qt_modules(header, qt_roots):
    """The Qt modules that offer the header, told by Qt's own include folders."""
    first = header.split("/")[0]
    if header in NEWER_QT:
        return {NEWER_QT[header]}
    if re.match("Qt[A-Z].*/", header) and any((root / first).is_dir() for root in qt_roots):
        return {first}
    return {folder.name for root in qt_roots for folder in root.glob("Qt*") if (folder / header).is_file()}


def group_of(header):
    """The table's name for an angle include that is not Qt's, or None for one nobody knows."""
    first = header.split("/")[0]
    if header in ("simdjson.h", "zlib.h", "zstd.h"):
        return header[:-2]
    if first in LIBRARIES and "/" in header:
        return LIBRARIES[first]
    if header in SYSTEM or (first in SYSTEM_FOLDERS and "/" in header):
        return "posix"
    if re.fullmatch("[a-z_]+", header) or (header.endswith(".h") and header[:-2] in C_LIBRARY):
        return "std"
    return None


def check_quoted(path, header, layer, layers, root):
    if header in GENERATED or header == path.stem + ".moc":
        return None
    target = Path(header)
    if not (root / target).is_file():
        return f'"{header}" is not spelled from the root, or does not exist'
    if target.parts[0] == "app":
        return None if path.parts[0] == "app" else f'"{header}": nothing but the app may use the app'
    other = layer_of(target, layers)
    if other is None:
        return f'"{header}" belongs to no layer'
    if path.parts[0] == "app" or other is layer or other.name in layer.uses:
        return None
    return f'"{header}": {layer.name} may not use {other.name}'


def check_angle(path, header, layer, qt_roots):
    if path.parts[0] == "app":
        return None
    modules = qt_modules(header, qt_roots)
    if modules:
        if modules & set(layer.angles):
            return None
        return f"<{header}>: {layer.name} may not use {' or '.join(sorted(modules))}"
    group = group_of(header)
    if group is None:
        return f"<{header}>: unknown; teach tests/house/test_includes.py its group"
    return None if group in layer.angles else f"<{header}>: {layer.name} may not use {group}"


def check(root, qt_roots):
    """Number of includes seen, and a sentence for each that breaks the table."""
    layers = read_layers(root)
    seen, faults = 0, []
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in SOURCES:
                continue
            path = file.relative_to(root)
            layer = layer_of(path, layers)
            if layer is None and path.parts[0] != "app":
                faults.append(f"{path}: lies in no layer's folder")
                continue
            # Comments go, their line breaks stay, so that line numbers are right.
            text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), file.read_text(encoding="utf-8"))
            for match in INCLUDE.finditer(text):
                seen += 1
                quoted, angle = match.groups()
                fault = (check_quoted(path, quoted, layer, layers, root) if quoted
                         else check_angle(path, angle, layer, qt_roots))
                if fault:
                    faults.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {fault}")
    return seen, faults


def self_check():
    """Plants one violation of each kind in a small house; each must be found, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        root, qt = Path(folder) / "house", Path(folder) / "qt"
        table = ("# a comment\n"
                 "low  | core/low  |     | Core | QtCore std\n"
                 "high | core/high | low | Core | QtCore std tl\n"
                 "see  | ui        | low | Core | QtCore QtWidgets\n")
        files = {
            "cmake/layers.txt": table,
            "core/low/a.h": '#pragma once\n#include <QString>\n#include <vector>\n#include "kb_version.h"\n',
            "core/low/up.cpp": '#include "core/low/a.h"\n#include "core/high/b.h"\n',
            "core/low/widget.cpp": "#include <QWidget>\n  #  include <QtWidgets/QWidget>\n",
            "core/low/lib.cpp": "#include <tl/expected.hpp>\n#include <unistd.h>\n#include <mystery.h>\n",
            "core/low/app.cpp": '#include "app/main.h"\n',
            "core/low/near.cpp": '#include "a.h"\n/*\n#include "core/high/b.h"\n*/\n',
            "core/high/b.h": '#include "core/low/a.h"\n#include <tl/expected.hpp>\n',
            "ui/c.cpp": '#include <QWidget>\n#include "core/high/b.h"\n#include "c.moc"\n',
            "ui/deep/d.cpp": "#include <QString>\n",
            "app/main.h": '#include "ui/c.h"\n',
            "app/main.cpp": '#include "app/main.h"\n#include "core/high/b.h"\n#include <QWidget>\n',
        }
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        (root / "ui/c.h").write_text("", encoding="utf-8")
        for header in ("QtCore/QString", "QtWidgets/QWidget"):
            (qt / header).parent.mkdir(parents=True, exist_ok=True)
            (qt / header).write_text("", encoding="utf-8")
        expected = [
            "core/low/app.cpp:1: ",
            "core/low/lib.cpp:1: <tl/expected.hpp>: low may not use tl",
            "core/low/lib.cpp:2: <unistd.h>: low may not use posix",
            "core/low/lib.cpp:3: <mystery.h>: unknown",
            "core/low/near.cpp:1: ",
            'core/low/up.cpp:2: "core/high/b.h": low may not use high',
            "core/low/widget.cpp:1: <QWidget>: low may not use QtWidgets",
            "core/low/widget.cpp:2: <QtWidgets/QWidget>: low may not use QtWidgets",
            'ui/c.cpp:2: "core/high/b.h": see may not use high',
            "ui/deep/d.cpp: lies in no layer's folder",
        ]
        seen, faults = check(root, [qt])
        matched = len(faults) == len(expected) and all(map(str.startswith, faults, expected))
        if not matched or seen != 21:
            raise SystemExit(f"The self-check failed: {seen} includes,\n" + "\n".join(faults))


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    self_check()
    root, qt_roots = Path(sys.argv[1]).resolve(), [Path(each) for each in sys.argv[2:]]
    if not qt_modules("QString", qt_roots):
        raise SystemExit(f"No Qt headers under {sys.argv[2:]}")
    seen, faults = check(root, qt_roots)
    if faults:
        raise SystemExit("\n".join(faults) + f"\n{len(faults)} of {seen} includes break cmake/layers.txt")
    if seen < 100:
        raise SystemExit(f"Only {seen} includes were found; the test looks at the wrong place")
    print(f"{seen} includes keep to cmake/layers.txt")


if __name__ == "__main__":
    main()
