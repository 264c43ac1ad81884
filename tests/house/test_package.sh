#!/usr/bin/env bash
# Makes the Debian package and looks at what a user would get: what it needs, what it brings, and that the programs run
# from where it puts them. Usage: test_package.sh BUILD_FOLDER
set -euo pipefail
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "package: $*" >&2; exit 1; }

(cd "$work" && cpack -G DEB --config "$build/CPackConfig.cmake" -B "$work" >cpack.log 2>&1) || { cat "$work/cpack.log"; fail "cpack failed"; }
deb=$(find "$work" -maxdepth 1 -name '*.deb')
[ -n "$deb" ] || fail "no package was made"

depends=$(dpkg-deb -f "$deb" Depends)
for needed in libqt6widgets6 libcurl4 libqt6keychain1 libqt6httpserver6 libqscintilla2-qt6 libsecret-1-0 libqt6sql6-sqlite; do
    [[ $depends == *"$needed"* ]] || fail "Depends does not name $needed: $depends"
done

dpkg-deb -x "$deb" "$work/root"
for file in bin/keybearer bin/keybearer-cli lib/keybearer/keybearer-keychain.so lib/keybearer/keybearer-practice.so \
    lib/keybearer/keybearer-editor.so lib/keybearer/keybearer-desktop.so share/applications/keybearer.desktop \
    share/metainfo/io.github.keybearer.Keybearer.metainfo.xml share/icons/hicolor/scalable/apps/keybearer.svg \
    share/icons/hicolor/48x48/apps/keybearer.png share/mime/packages/keybearer.xml share/man/man1/keybearer.1 share/doc/keybearer/copyright; do
    [ -e "$work/root/usr/$file" ] || fail "usr/$file is missing"
done
[ -z "$(find "$work/root" -name '*.a' -o -name '*.h')" ] || fail "build files got into the package"
desktop-file-validate "$work/root/usr/share/applications/keybearer.desktop" || fail "the menu entry is not valid"
grep -qx 'Exec=keybearer %f' "$work/root/usr/share/applications/keybearer.desktop" || fail "the menu entry takes no file"
grep -q '^MimeType=.*application/x-opencollection+yaml;' "$work/root/usr/share/applications/keybearer.desktop" || fail "the menu entry names no file type"
python3 - "$work/root/usr/share/mime/packages/keybearer.xml" <<'END' || fail "the file type is not declared"
import sys, xml.etree.ElementTree as tree
space = "{http://www.freedesktop.org/standards/shared-mime-info}"
[kind] = tree.parse(sys.argv[1]).getroot().findall(space + "mime-type")
assert kind.get("type") == "application/x-opencollection+yaml", kind.get("type")
assert kind.find(space + "glob").get("pattern") == "opencollection.yml"
END
appstreamcli validate --no-net "$work/root/usr/share/metainfo/io.github.keybearer.Keybearer.metainfo.xml" || fail "the AppStream data are not valid"

# The programs find their modules where the package puts them.
defects=$("$work/root/usr/bin/keybearer-cli" practice --list-defects) # whole: "grep -q" would close the pipe early
[[ $defects == *ignore-exp* ]] || fail "the installed program cannot load its modules"
version=$(QT_QPA_PLATFORM=offscreen HOME=$work "$work/root/usr/bin/keybearer" --version)
[[ $version == *Keybearer* ]] || fail "the installed window does not start"
# The command line stays without a window's libraries.
ldd "$work/root/usr/bin/keybearer-cli" | grep -E 'Qt6(Gui|Widgets)' && fail "keybearer-cli links a window's library"
echo "the package is whole: $(basename "$deb")"
