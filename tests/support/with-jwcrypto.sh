#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command with KB_JOSE_PEER set to what starts tests/support/jose_peer.py: another implementation of JOSE.
#
# Usage: with-jwcrypto.sh COMMAND [ARGUMENT...]
set -eu
# The system's own Python has the packaged module; another one that comes first in PATH may not.
for python in /usr/bin/python3 python3; do
    if "$python" -c 'import jwcrypto.jwt' 2> /dev/null; then
        KB_JOSE_PYTHON=$python
        KB_JOSE_PEER=$(dirname "$0")/jose_peer.py
        export KB_JOSE_PYTHON KB_JOSE_PEER
        exec "$@"
    fi
done
echo "with-jwcrypto.sh: the Python module jwcrypto is missing (package python3-jwcrypto)." >&2
exit 125
