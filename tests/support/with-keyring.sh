#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a D-Bus session and a home of its own, with a real GNOME Keyring that nothing else uses.
#
# Usage: with-keyring.sh [--locked | --refusing | --no-service] [--] COMMAND [ARGUMENT...]
#   (no mode)     the keyring is there and unlocked; KB_KEYRING_PID is the daemon's process
#   --locked      the keyring is there and locked, and nobody is there to ask for its password
#   --refusing    the keyring is there and unlocked, and the bus lets nobody read a secret from it
#   --no-service  the session has no keyring, and none can be started in it
# The exit status is the command's; 125 if the session could not be made.
set -eu

mode=unlocked
case "${1-}" in
    --locked) mode=locked; shift ;;
    --refusing) mode=refusing; shift ;;
    --no-service) mode=none; shift ;;
esac
if [ "${1-}" = "--" ]; then shift; fi
if [ $# -eq 0 ]; then
    sed -n '3,10s/^# \{0,1\}//p' "$0" >&2
    exit 125
fi

fail() {
    echo "with-keyring.sh: $1" >&2
    exit 125
}

if [ "${KB_KEYRING_SESSION-}" = "" ]; then
    command -v dbus-run-session > /dev/null || fail "dbus-run-session is missing (package dbus)."
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/keybearer-keyring.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir -m 700 "$scratch/home" "$scratch/run"
    # No service folders: what is not started here is not started at all, on any machine.
    refusal=
    if [ "$mode" = refusing ]; then
        refusal='<deny send_interface="org.freedesktop.Secret.Service" send_member="GetSecrets"/>
    <deny send_interface="org.freedesktop.Secret.Item" send_member="GetSecret"/>'
    fi
    cat > "$scratch/session.conf" << CONFIG
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    $refusal
  </policy>
</busconfig>
CONFIG
    # Without a known desktop QtKeychain speaks to the Secret Service.
    unset KDE_FULL_SESSION DESKTOP_SESSION GNOME_KEYRING_CONTROL SSH_AUTH_SOCK || true
    export HOME="$scratch/home" XDG_DATA_HOME="$scratch/home/data" XDG_CONFIG_HOME="$scratch/home/config" \
        XDG_CACHE_HOME="$scratch/home/cache" XDG_RUNTIME_DIR="$scratch/run" XDG_CURRENT_DESKTOP=GNOME
    status=0
    KB_KEYRING_SESSION=$mode dbus-run-session --config-file="$scratch/session.conf" -- "$0" -- "$@" || status=$?
    exit "$status"
fi

# From here on inside the session.
mode=$KB_KEYRING_SESSION
unset KB_KEYRING_SESSION
if [ "$mode" = none ]; then exec "$@"; fi

command -v gnome-keyring-daemon > /dev/null || fail "gnome-keyring-daemon is missing (package gnome-keyring)."
printf 'a password for this session only' |
    gnome-keyring-daemon --foreground --unlock --components=secrets > "$XDG_RUNTIME_DIR/daemon.log" 2>&1 &
# The last command of the pipe is the daemon.
KB_KEYRING_PID=$!
export KB_KEYRING_PID
# It may be stopped or dead already.
trap 'kill -CONT "$KB_KEYRING_PID" 2> /dev/null || true; kill -KILL "$KB_KEYRING_PID" 2> /dev/null || true' EXIT
trap 'exit 143' HUP INT TERM

is_there() {
    dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/aliases/default \
        org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked 2> /dev/null |
        grep -q "boolean $1"
}
wait_for() {
    tries=0
    until is_there "$1"; do
        kill -0 "$KB_KEYRING_PID" 2> /dev/null || fail "the keyring ended: $(cat "$XDG_RUNTIME_DIR/daemon.log")"
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ]; then fail "the keyring did not become ready in 20 s."; fi
        sleep 0.1
    done
}
wait_for false
if [ "$mode" = locked ]; then
    command -v secret-tool > /dev/null || fail "secret-tool is missing (package libsecret-tools)."
    # Something that can be missed afterwards.
    printf 'locked away' | secret-tool store --label=canary server Keybearer user locked-item \
        type base64 xdg:schema org.qt.keychain
    dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
        org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login > /dev/null
    wait_for true
fi
status=0
"$@" || status=$?
exit "$status"
