# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text that a person sees is translated, with its placeholders.

Usage: test_translations.py SOURCE_FOLDER LUPDATE. Gathers the texts anew into copies of the .ts files, so that a text which was
added to the code and not to the translations is found too.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

root, lupdate = sys.argv[1], sys.argv[2]
PLACEHOLDER = re.compile(r"%(?:L?\d+|n)|\{\{.*?\}\}")


def problems(path):
    """What is missing or does not fit in one .ts file."""
    found = []
    for context in ElementTree.parse(path).getroot().findall("context"):
        name = context.findtext("name")
        for message in context.findall("message"):
            source, translation = message.findtext("source"), message.find("translation")
            forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
            where = f"{name}: {source!r}"
            if translation.get("type") or not all(form.strip() for form in forms):
                found.append(f"not translated: {where}")
                continue
            for form in forms:
                if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(source)):
                    found.append(f"other placeholders: {where} -> {form!r}")
    return found


def self_check(folder):
    """A missing text and a lost placeholder are seen."""
    path = os.path.join(folder, "planted.ts")
    with open(path, "w", encoding="utf-8") as planted:
        planted.write("""<TS version="2.1" language="de"><context><name>A</name>
<message><source>One</source><translation type="unfinished"></translation></message>
<message><source>%1 left</source><translation>uebrig</translation></message>
<message><source>Fine %1</source><translation>Gut %1</translation></message></context></TS>""")
    if len(problems(path)) != 2:
        sys.exit("the check does not see planted problems")


with tempfile.TemporaryDirectory() as folder:
    self_check(folder)
    sources = [path for part in ("core", "io", "practice", "ui", "app") for kind in ("cpp", "h")
               for path in glob.glob(os.path.join(root, part, "**", "*." + kind), recursive=True)]
    failed = False
    for language, options in (("de", []), ("en", ["-pluralonly"])):
        copy = shutil.copy(os.path.join(root, "translations", f"keybearer_{language}.ts"), folder)
        subprocess.run([lupdate, *options, "-no-obsolete", "-locations", "none", "-I", root, *sources, "-ts", copy],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for problem in problems(copy):
            failed = True
            print(f"{language}: {problem}")
    if failed:
        sys.exit("Run the build target update_translations and translate what is new.")
print("every text is translated")
