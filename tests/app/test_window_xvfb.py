#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real program on a real display, as a user would: start it, type, send, quit.

Run within an X session and a keyring session of its own: test_window_xvfb.py KEYBEARER SCENARIO...
What is checked is seen from outside: the window's title, what a server received to the byte, what the program's own
practice API answers, what is on the screen, and the file that was saved.
"""
import http.server
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

PRACTICE_PORT = 28461
program = sys.argv[1]
received = []
started = []


class Recorder(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        received.append((self.requestline, dict(self.headers)))
        body = b'{"seen": true}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def until(what, check, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"FAIL: {what} did not happen in {seconds} s; the server received {received}")


def out(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


class Program:
    """The program with a home of its own, and its window."""

    def __init__(self, home, *arguments):
        environment = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home + "/config", XDG_DATA_HOME=home + "/data",
                           QT_QPA_PLATFORM="xcb", LANGUAGE="en")
        self.process = subprocess.Popen([program, *arguments], env=environment)
        started.append(self.process)
        self.window = until("the window", self.find)
        until("the window's contents", lambda: " — " in self.title())  # it stands as a bare frame first

    def find(self):
        assert self.process.poll() is None, "the program ended by itself"
        for window in out("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)).split():
            if "Keybearer" in out("xprop", "-id", window, "_NET_WM_NAME"):
                return window
        return None

    def title(self):
        return out("xprop", "-id", self.window, "_NET_WM_NAME").split("= ", 1)[-1].strip().strip('"')

    def focus(self):
        try:
            subprocess.run(["xdotool", "windowactivate", "--sync", self.window], capture_output=True, timeout=30)
        except subprocess.TimeoutExpired:
            pass  # the window has gone meanwhile

    def key(self, *keys):
        if self.process.poll() is not None:
            return
        self.focus()
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "20", text], check=True)

    def quit(self):
        # On a busy machine a key can fall between two focus events and reach no window: it is pressed again.
        for press in range(6):
            self.key("ctrl+q")
            end = time.monotonic() + 15
            while self.process.poll() is None and time.monotonic() < end:
                time.sleep(0.1)
            if self.process.poll() is not None:
                break
            active = out("xdotool", "getactivewindow", "getwindowname").strip()
            print(f"Ctrl+Q number {press + 1} did not end the program within 15 s; the active window is {active!r}",
                  flush=True)
        assert self.process.returncode == 0, f"the program ended with {self.process.returncode}"

    def kill(self):
        """SIGKILL: it cannot tidy up."""
        self.process.kill()
        assert self.process.wait(60) == -signal.SIGKILL, f"the program ended with {self.process.returncode}"

    def listening_ports(self):
        inodes = set()
        for link in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                found = re.match(r"socket:\[(\d+)\]", os.readlink(link))
            except OSError:
                continue
            if found:
                inodes.add(found[1])
        ports = []
        for line in pathlib.Path(f"/proc/{self.process.pid}/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                assert address == "0100007F", f"it listens beyond loopback: {address}"
                ports.append(int(port, 16))
        return ports


def taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status_of(url):
    try:
        return urllib.request.urlopen(url, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


def write_workspace(folder, port):
    folder.mkdir()
    (folder / "opencollection.yml").write_text("opencollection: 1.0.0\n\ninfo:\n  name: Driven\n")
    request = folder / "odd-path.yml"
    request.write_text("info:\n  name: Odd path\n  type: http\n  seq: 1\n\nhttp:\n  method: GET\n"
                       f'  url: "http://127.0.0.1:{port}/a/../b//x?q=%7E&q=2"\n')
    return request


def a_workspace(scratch, port):
    request = write_workspace(scratch / "work", port)
    driven = Program(str(scratch / "home"), str(scratch / "work"))
    assert driven.title() == "Driven — Keybearer", driven.title()
    driven.key("ctrl+Return")
    until("the first request", lambda: received)
    assert received[0][0] == "GET /a/../b//x?q=%7E&q=2 HTTP/1.1", received[0]
    assert "Authorization" not in received[0][1]

    driven.key("ctrl+l", "ctrl+a")
    driven.type(f"http://127.0.0.1:{port}/typed?by=hand")
    driven.key("ctrl+Return")
    until("the second request", lambda: len(received) > 1)
    assert received[1][0] == "GET /typed?by=hand HTTP/1.1", received[1]
    driven.quit()  # what was edited is saved with the request that has a file
    assert "/typed?by=hand" in request.read_text(), request.read_text()


def first_start(scratch, _):
    driven = Program(str(scratch / "home"))
    assert driven.title() == "Practice API — Keybearer", driven.title()
    [port] = until("the practice API", driven.listening_ports)
    base = f"http://127.0.0.1:{port}"
    # The same at each start, or a free one where somebody else has it.
    assert port == PRACTICE_PORT or taken(PRACTICE_PORT), port
    assert status_of(base + "/health") == 200
    assert status_of(base + "/users/12345") == 401
    # The doctor's mark stands on the screen after the second profile's 403, and did not before.
    bad = (0xb3, 0x22, 0x2a)
    before = pixels(scratch, bad)
    driven.key("ctrl+2", "ctrl+Return")
    until("the doctor's word on the 403", lambda: pixels(scratch, bad) > before + 200)
    driven.quit()
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        sys.exit("FAIL: the practice API outlived the program")
    except ConnectionRefusedError:
        pass


def killed(scratch, port):
    """Edits that were not saved outlive programs that were killed, and are offered, sent and saved."""
    request = write_workspace(scratch / "work", port)
    saved = request.read_bytes()
    drafts = scratch / "home" / "data" / "keybearer" / "drafts"

    def start():
        return Program(str(scratch / "home"), str(scratch / "work"))

    def kept():
        return [draft.read_text() for draft in drafts.rglob("*.draft")]

    def sends(line):
        received.clear()
        driven.key("ctrl+Return")
        until("the request", lambda: received)
        assert received[0][0] == f"GET {line} HTTP/1.1", received[0]

    def restore():
        x, y = until("the offer to restore the edits", lambda: offer(scratch))
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "sleep", "0.3", "click", "1"], check=True)
        until("the end of the offer", lambda: not offer(scratch))

    driven = start()
    driven.key("ctrl+l", "ctrl+a")
    driven.type(f"http://127.0.0.1:{port}/unsaved?by=hand")
    until("the draft", lambda: any(f"{port}/unsaved?by=hand" in text for text in kept()))
    driven.kill()
    for _ in range(2):  # what was restored is kept anew
        assert request.read_bytes() == saved
        assert len(kept()) == 1, kept()
        driven = start()
        sends("/a/../b//x?q=%7E&q=2")  # nobody asked for the edits yet
        restore()
        sends("/unsaved?by=hand")
        driven.kill()
    driven = start()
    restore()
    driven.key("ctrl+s")
    until("the saved request", lambda: f"{port}/unsaved?by=hand" in request.read_text())
    until("the end of the draft", lambda: not kept())
    driven.quit()


def write_tree(folder):
    """Two folders with a request in each, and four requests beside them."""
    folder.mkdir()
    (folder / "opencollection.yml").write_text("opencollection: 1.0.0\n\ninfo:\n  name: Driven\n")
    for seq, (path, method) in enumerate({"one/inner": "OPTIONS", "two/other": "PATCH", "a": "GET", "b": "POST", "c": "PUT",
                                          "d": "DELETE"}.items()):
        file = folder / (path + ".yml")
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# kept as it is\ninfo:\n  name: {path}\n  type: http\n  seq: {seq + 1}\n\nhttp:\n"
                        f"  method: {method}\n  url: http://127.0.0.1:1/{path}\n")
    for seq, name in enumerate(["one", "two"]):
        (folder / name / "folder.yml").write_text(f"info:\n  name: {name}\n  type: folder\n  seq: {seq + 1}\n")


def dragged(scratch, _):
    """What the mouse drags in the tree is on the disk where it was dropped, and Ctrl+Z brings it back."""
    work = scratch / "work"
    write_tree(work)
    names = ["one", "one/inner", "two", "two/other", "a", "b", "c", "d"]

    def files():
        return {str(path.relative_to(work)): path.read_bytes() for path in work.rglob("*") if path.is_file()}

    def unordered(text):
        return re.sub(rb"  seq: .*\n", b"", text)

    def order():
        return sorted("abcd", key=lambda name: int(re.search(rb"  seq: (.*)\n", files()[name + ".yml"])[1]))

    before = files()
    driven = Program(str(scratch / "home"), str(work))
    rows = until("the tree", lambda: lines_of_text(scratch, len(names)))
    at = dict(zip(names, rows))
    height = at["b"] - at["a"]

    def drag(start, end, off=0, hold=0.3):
        x, y, target = 120, at[start], at[end] + off
        command = ["xdotool", "mousemove", str(x), str(y), "sleep", "0.2", "mousedown", "1"]
        for step in range(1, 9):
            command += ["sleep", "0.05", "mousemove", str(x + step), str(y + (target - y) * step // 8)]
        subprocess.run(command + ["sleep", str(hold), "mouseup", "1"], check=True)

    def undo():
        driven.key("ctrl+z")
        until("the undoing", lambda: files() == before)
        # Folders that were unfolded are so again, also when they were elsewhere meanwhile.
        until("the tree as it was", lambda: lines_of_text(scratch, len(names)) == rows)

    def moves(to, *way, **more):
        """Drags; the files must be at their new places, whole but for their number, and the others where they were."""
        drag(*way, **more)
        wanted = {to.get(path, path): unordered(text) for path, text in before.items()}
        until(f"the move to {list(to.values())}",
              lambda: {path: unordered(text) for path, text in files().items()} == wanted)

    moves({"a.yml": "one/a.yml"}, "a", "one")
    undo()
    # Whoever waits over a folder does not fold it.
    moves({"one/inner.yml": "two/one/inner.yml", "one/folder.yml": "two/one/folder.yml"}, "one", "two", hold=1.5)
    undo()
    moves({"two/other.yml": "other.yml"}, "two/other", "d", off=3 * height)
    undo()
    subprocess.run(["xdotool", "mousemove", "120", str(at["a"]), "sleep", "0.2", "click", "1", "sleep", "0.2",
                    "keydown", "ctrl", "mousemove", "120", str(at["c"]), "sleep", "0.2", "click", "1", "sleep", "0.2",
                    "keyup", "ctrl"], check=True)
    moves({"a.yml": "two/a.yml", "c.yml": "two/c.yml"}, "c", "two")
    undo()
    drag("d", "b", off=-height // 2)
    until("the other order", lambda: order() == ["a", "d", "b", "c"])
    undo()
    driven.quit()


def lines_of_text(scratch, count):
    """The heights of the last lines of text in the tree, top to bottom; None where there are fewer."""
    dark = [y for y, row in enumerate(screen(scratch)[:600]) if min(row[30 * 3:250 * 3]) < 0xa0]
    lines = [[dark[0]]]
    for y in dark[1:]:
        lines[-1].append(y) if y - lines[-1][-1] < 4 else lines.append([y])
    found = [(line[0] + line[-1]) // 2 for line in lines][-count:]
    return found if len(found) == count else None


def screen(scratch):
    """The rows of pixels, three bytes each."""
    picture = scratch / "screen.ppm"
    subprocess.run(["import", "-window", "root", "-depth", "8", str(picture)], check=True)
    body = picture.read_bytes()[-1440 * 900 * 3:]
    return [body[at:at + 1440 * 3] for at in range(0, len(body), 1440 * 3)]


def pixels(scratch, colour):
    """How many pixels of exactly this colour the screen has."""
    wanted = bytes(colour)
    return sum(1 for row in screen(scratch) for i in range(0, len(row), 3) if row[i:i + 3] == wanted)


def offer(scratch):
    """The middle of the first button on the bar that warns; None where there is no such bar."""
    fill = bytes((0xff, 0xf0, 0xc9))
    found = []
    for y, row in enumerate(screen(scratch)):
        if row.count(fill) < 300:
            continue
        # What is wide and not the bar itself is a button; letters are narrow.
        marks = "".join("#" if row[i:i + 3] == fill else "." for i in range(0, len(row), 3))
        buttons = list(re.finditer(r"(?<=#)\.{40,}(?=#)", marks))
        if len(buttons) == 2:
            found.append(((buttons[0].start() + buttons[0].end()) // 2, y))
    return found[len(found) // 2] if found else None


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):  # a window that is mapped while the manager takes over may never be shown
        told = subprocess.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], capture_output=True, text=True).stdout
        if "window id" in told:
            break
        time.sleep(0.1)
    try:
        for name in sys.argv[2:]:
            with tempfile.TemporaryDirectory() as folder:
                scratch = pathlib.Path(folder)
                settings = scratch / "home" / "config" / "keybearer"
                settings.mkdir(parents=True)
                (settings / "settings.ini").write_text("[appearance]\ntheme=light\nlanguage=en\n")
                received.clear()
                {"a_workspace": a_workspace, "first_start": first_start, "killed": killed, "dragged": dragged}[name](
                    scratch, server.server_port)
            print("PASS:", name, flush=True)
    finally:
        for each in started:
            if each.poll() is None:
                each.kill()
        manager.kill()


main()
