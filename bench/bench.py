# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints every figure of the benchmark and holds the ones that do not depend on the machine against their goals.

Usage: bench.py BUILD_FOLDER [PART...], on a display; the parts are the functions' names, such as files. All of them if none
is named. Only ratios within this run, peak memory and instruction counts are goals; milliseconds are printed for the eye.
"""
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import yaml  # with libyaml's loader
    yaml = yaml if yaml.__with_libyaml__ else None
except ImportError:
    yaml = None

build = os.path.abspath(sys.argv[1])
binary = lambda name: os.path.join(build, "bin", name)
missed = []


def report(what, value, goal=None, unit=""):
    verdict = ""
    if goal is not None:
        verdict = f"  goal {goal:g}{unit}  " + ("met" if value <= goal else "MISSED")
        if value > goal:
            missed.append(what)
    digits = 2 if value >= 0.1 else 4
    print(f"  {what:<58} {value:8.{digits}f}{unit}{verdict}", flush=True)


class Display:
    """Tells when a top-level window is mapped."""

    def __init__(self):
        self.x = ctypes.CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self.x.XSelectInput.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_long]
        self.x.XNextEvent.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self.x.XPending.argtypes = [ctypes.c_void_p]
        self.x.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self.display = self.x.XOpenDisplay(None)
        if not self.display:
            sys.exit("bench: no display")
        self.x.XSelectInput(self.display, self.x.XDefaultRootWindow(self.display), 1 << 19)  # SubstructureNotify
        self.x.XSync(self.display, 1)

    def first_window(self, command, env):
        """Seconds from exec to the first mapped window, and the process."""
        event = (ctypes.c_long * 24)()
        self.x.XSync(self.display, 1)
        start = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while time.perf_counter() - start < 30:
            if not self.x.XPending(self.display):
                time.sleep(0.0002)
                continue
            self.x.XNextEvent(self.display, ctypes.byref(event))
            if event[0] & 0xFFFFFFFF == 19:  # MapNotify
                return time.perf_counter() - start, process
        process.kill()
        sys.exit(f"bench: {command[0]} showed no window")


def pss_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M).group(1)) / 1024


def stop(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def windows(rounds=9):
    print("Window: exec to first mapped window, and PSS at idle, with a workspace of 500 requests open")
    folder = tempfile.mkdtemp()
    workspace = os.path.join(folder, "workspace")
    subprocess.run([binary("bench_files"), "make", workspace, "500"], check=True)
    env = dict(os.environ, XDG_CONFIG_HOME=folder + "/config", XDG_DATA_HOME=folder + "/data", HOME=folder)
    display = Display()
    ours, bare, ours_pss, bare_pss = [], [], [], []
    for turn in range(rounds + 1):
        for command, times, sizes in (([binary("keybearer"), workspace], ours, ours_pss), ([binary("bench_bare_window")], bare, bare_pss)):
            seconds, process = display.first_window(command, env)
            time.sleep(2.0 if turn in (1, 2, 3) else 0.4)
            if turn in (1, 2, 3):
                sizes.append(pss_mb(process.pid))
            stop(process)
            if turn:  # the first turn warms the caches
                times.append(seconds * 1000)
    # Ours is mapped as a bare frame, and filled then: this is when something stands on the screen, not when all does.
    report("bare window", statistics.median(bare), unit=" ms")
    report("keybearer", statistics.median(ours), unit=" ms")
    report("ratio", statistics.median(a / b for a, b in zip(ours, bare)), 1.6, "x")
    report("bare window, PSS", statistics.median(bare_pss), unit=" MB")
    report("keybearer, PSS", statistics.median(ours_pss), unit=" MB")
    report("ratio", statistics.median(a / b for a, b in zip(ours_pss, bare_pss)), 1.8, "x")
    shutil.rmtree(folder)


class Nginx:
    """A real server with one small file."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        os.chmod(self.folder, 0o755)
        with open(self.folder + "/users", "w") as page:
            page.write('{"users":[' + ",".join('{"id":%d,"name":"Ada"}' % i for i in range(40)) + "]}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        user = "user root;" if os.geteuid() == 0 else ""
        with open(self.folder + "/nginx.conf", "w") as conf:
            conf.write(f"""{user} daemon off; worker_processes 1; pid {self.folder}/pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{ access_log off; keepalive_requests 1000000; default_type application/json;
  client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p; fastcgi_temp_path {self.folder}/f;
  uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
  server {{ listen 127.0.0.1:{self.port}; root {self.folder};
    location ~ ^/p[0-9]+$ {{ return 200 '{{"ok":true}}'; }} }} }}""")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-c", self.folder + "/nginx.conf"])
        self.url = f"http://127.0.0.1:{self.port}/users"
        for _ in range(100):
            if subprocess.run(["curl", "-sf", "-o", "/dev/null", self.url]).returncode == 0:
                return self
            time.sleep(0.05)
        sys.exit("bench: nginx did not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        shutil.rmtree(self.folder)


def timed(command):
    """Wall milliseconds and peak memory in MB of one run."""
    start = time.perf_counter()
    pid = os.posix_spawn(shutil.which(command[0]) or command[0], command, os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"bench: {command} failed")
    return (time.perf_counter() - start) * 1000, usage.ru_maxrss / 1024


def command_line(url, rounds=25):
    print("Command line: one request against curl")
    ours, curl, peak, curl_peak = [], [], [], []
    for turn in range(rounds + 2):
        a = timed([binary("keybearer-cli"), "send", url])
        b = timed(["curl", "-s", url])
        if turn > 1:
            ours.append(a[0]); peak.append(a[1]); curl.append(b[0]); curl_peak.append(b[1])
    report("curl", statistics.median(curl), unit=" ms")
    report("keybearer-cli send", statistics.median(ours), unit=" ms")
    report("ratio", statistics.median(a / b for a, b in zip(ours, curl)), 2.0, "x")
    report("curl, peak memory", statistics.median(curl_peak), unit=" MB")
    report("keybearer-cli send, peak memory", statistics.median(peak), 20.0, " MB")


def instructions(program, url, count):
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, url, str(count)],
                         capture_output=True, text=True)
    found = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode or not found:
        sys.exit("bench: callgrind failed: " + run.stderr[-500:])
    return int(found.group(1))


def per_request(url):
    print("Transport: user instructions per request, 2,000 requests on one connection (callgrind)")
    cost = {}
    for name in ("bench_easy", "bench_transport"):
        cost[name] = (instructions(binary(name), url, 2100) - instructions(binary(name), url, 100)) / 2000 / 1000
    report("libcurl easy", cost["bench_easy"], unit=" k")
    report("transport", cost["bench_transport"], unit=" k")
    report("ratio", cost["bench_transport"] / cost["bench_easy"], 1.5, "x")


def said(*arguments):
    """The milliseconds a mode of bench_files prints: the median of five."""
    return statistics.median(float(subprocess.run([binary("bench_files"), *arguments], check=True, capture_output=True,
                                                  text=True).stdout.split()[0]) for _ in range(5))


def by_python(work, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def files():
    """What people bring, each beside what reading it costs in Python."""
    print("Files")
    folder = tempfile.mkdtemp()
    workspace = os.path.join(folder, "workspace")
    subprocess.run([binary("bench_files"), "make", workspace, "10000"], check=True)

    def all_files():
        for where, _, names in os.walk(workspace):
            for name in names:
                with open(os.path.join(where, name), "rb") as file:
                    yield file.read()

    def read_all():
        for _ in all_files():
            pass

    ours, peer = said("load", workspace), by_python(read_all)
    report("load 10,000 requests (issue: under 2 s)", ours, unit=" ms")
    report("  of that, reading the files' bytes takes Python", peer, unit=" ms")
    if yaml:
        def parse_all():
            for text in all_files():
                yaml.load(text, Loader=yaml.CSafeLoader)

        parsed = by_python(parse_all, 1)
        report("  reading and parsing them with libyaml's loader takes Python", parsed, unit=" ms")
        report("  loading, against that", ours / parsed, 0.3, "x")
    else:
        print("  (python3-yaml with libyaml is not installed, so that peer is left out)")

    api = os.path.join(folder, "api.json")
    operation = lambda number: {
        "summary": f"Operation {number}", "tags": [f"Tag {number % 40}"], "security": [{"bearer": []}],
        "description": "What it is for, in a sentence or two that people write. " * 20,
        "parameters": [{"name": f"p{i}", "in": "query", "schema": {"type": "string"}, "example": "x"} for i in range(8)],
        "requestBody": {"content": {"application/json": {"example": {"name": "Ada", "items": list(range(20))}}}},
        "responses": {"200": {"description": "ok"}}}
    document = {"openapi": "3.1.0", "info": {"title": "Large", "version": "1"}, "servers": [{"url": "https://api.example.com"}],
                "paths": {f"/things/{n}": {"get": operation(n), "post": operation(n)} for n in range(2250)},
                "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}}
    with open(api, "w", encoding="utf-8") as file:
        json.dump(document, file)
    report("an OpenAPI document, its size", os.path.getsize(api) / 1e6, unit=" MB")

    def parse_and_walk():
        with open(api, encoding="utf-8") as file:
            waiting = [json.load(file)]
        seen = 0
        while waiting:
            value = waiting.pop()
            seen += 1
            if isinstance(value, dict):
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)
        return seen

    ours, peer = said("import", api), by_python(parse_and_walk)
    report("import it: 4,500 requests", ours, unit=" ms")
    report("  parsing its JSON and walking through it takes Python", peer, unit=" ms")
    report("  ratio", ours / peer, 16, "x")

    history = os.path.join(folder, "history.sqlite")
    subprocess.run([binary("bench_files"), "make-history", history, "100000"], check=True)
    report("a history of 100,000 exchanges of 2 kB, its size", os.path.getsize(history) / 1e6, unit=" MB")
    texts = ("users/77777/", '"id": 4242,', "Ada", "nothing like it")
    connection = sqlite3.connect(history)

    def by_like():
        for text in texts:
            connection.execute("SELECT entry.id FROM entry JOIN content USING (id) WHERE url LIKE ?1 OR profile LIKE ?1 OR "
                               "CAST(response_body AS TEXT) LIKE ?1 ORDER BY entry.id DESC LIMIT 500",
                               (f"%{text}%",)).fetchall()

    ours, peer = said("history", history), by_python(by_like, 1)
    report("four searches over them (issue: instant)", ours, unit=" ms")
    report("  the same with LIKE over those rows, in SQLite from Python", peer, unit=" ms")
    report("  ratio", ours / peer, 0.05, "x")
    connection.close()
    shutil.rmtree(folder)


def spent(command, folder, env=None, codes=(0,)):
    """Seconds a command takes, and its peak memory in MB."""
    with open(os.devnull, "w") as nowhere:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        sys.exit(f"bench: {command[0]} {command[1]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def matrix_of(folder, origin, operations, identities):
    """A workspace whose access matrix has so many cells, and the environment that has its secrets."""
    os.makedirs(folder)
    env = dict(os.environ)
    for number in range(identities - 1):  # and anonymous
        subprocess.run([binary("keybearer-cli"), "profile", "add", f"Id{number}", "--kind", "bearer", "--allow", origin,
                        "--storage", "memory", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        env[f"KEYBEARER_SECRET_ID{number}"] = f"token-of-identity-{number:04}"
    paths = {f"/p{n}": {"get": {"responses": {"200": {"description": "ok"}}}} for n in range(operations)}
    with open(os.path.join(folder, "api.json"), "w", encoding="utf-8") as file:
        json.dump({"openapi": "3.1.0", "info": {"title": "Many", "version": "1"}, "servers": [{"url": origin}],
                   "paths": paths}, file)
    return env


def first_request(command, folder, env, port):
    """Seconds from exec until the first byte of a request arrives, and nothing is answered."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
        server.settimeout(30)
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        connection, _ = server.accept()
        with connection:
            connection.settimeout(30)
            connection.recv(1)
            seconds = time.perf_counter() - start
        process.kill()
        process.wait()
    return seconds


def starts():
    """From start to the first request, beside curl's."""
    print("Start to first request")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    root = tempfile.mkdtemp(prefix="keybearer-bench-")
    folder = os.path.join(root, "workspace")
    env = matrix_of(folder, origin, 200, 10)
    for number in range(400):
        with open(os.path.join(folder, f"r{number}.yml"), "w", encoding="utf-8") as file:
            file.write(f"info:\n  name: r{number}\n  type: http\n  seq: {number + 1}\nhttp:\n  method: GET\n  url: {origin}/p{number}\n")
    for name, command in (("curl", ["curl", "--silent", origin]), ("send", [binary("keybearer-cli"), "send", origin]),
                          ("run of 400 saved requests", [binary("keybearer-cli"), "run"]),
                          ("matrix of 2,000 cells", [binary("keybearer-cli"), "matrix", "run", "--openapi", "api.json"])):
        report(name, statistics.median(first_request(command, folder, env, port) for _ in range(11)) * 1000, unit=" ms")
    shutil.rmtree(root)


def grid():
    """The access matrix of 2,000 endpoints and 30 identities on the screen, against a plain table of that size."""
    print("Grid of 60,000 cells")
    text = subprocess.run([binary("bench_grid")], check=True, capture_output=True, text=True).stdout
    figures = {name: float(value) for name, value in (part.split("=") for part in text.split())}
    report("a frame while scrolling, against a plain table's", figures["frame"] / figures["plain_frame"], unit="x")
    report("  plain table", figures["plain_frame"], unit=" ms")
    report("  the grid", figures["frame"], 16, " ms")
    report("  the slowest of 200", figures["slowest"], unit=" ms")
    report("  while a run fills it, 300 answers a frame", figures["fill_frame"], 16, " ms")
    report("  the slowest of these", figures["fill_slowest"], unit=" ms")
    report("a text is filtered for", figures["filtered"], unit=" ms")
    report("a column is sorted", figures["sorted"], unit=" ms")


def tree():
    """The window's tree on 10,000 requests, against a plain tree view with the same names."""
    print("Tree of 10,000 requests")
    folder = tempfile.mkdtemp()
    workspace = os.path.join(folder, "workspace")
    subprocess.run([binary("bench_files"), "make", workspace, "10000"], check=True)
    runs = []
    for _ in range(3):
        text = subprocess.run([binary("bench_tree"), workspace], check=True, capture_output=True, text=True).stdout
        runs.append({name: float(value) for name, value in (part.split("=") for part in text.split())})
    figures = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    ratio = lambda ours, other: statistics.median(run[ours] / run[other] for run in runs)
    report("opened and shown", figures["shown"], unit=" ms")
    report("  of that, reading the files", figures["read"], unit=" ms")
    report("  until the window takes keys again", figures["settled"], unit=" ms")
    report("  opened and shown, against reading the files", ratio("shown", "read"), unit="x")
    report("after a save", figures["saved"], unit=" ms")
    report("a key in the filter, against a plain tree's", ratio("key", "plain_key"), unit="x")
    report("  plain tree", figures["plain_key"], unit=" ms")
    report("  the window's tree", figures["key"], unit=" ms")
    report("  the slowest key, against a plain tree's", ratio("slowest", "plain_slowest"), unit="x")
    report("  the slowest key", figures["slowest"], unit=" ms")
    shutil.rmtree(folder)


def many_requests(url):
    """The access matrix and a run of saved requests, against curl on the same requests, and Bruno where it is."""
    print("Many requests against nginx")
    origin = url.rsplit("/", 1)[0]
    root = tempfile.mkdtemp(prefix="keybearer-bench-")
    folder = os.path.join(root, "matrix")
    cells = 2000
    env = matrix_of(folder, origin, cells // 2, 2)
    with open(os.path.join(root, "urls"), "w", encoding="utf-8") as file:
        for number in range(cells):
            file.write(f'url = "{origin}/p{number % (cells // 2)}"\noutput = "/dev/null"\n')
    curl = ["curl", "--silent", "--config", os.path.join(root, "urls")]
    ours = lambda parallel: [binary("keybearer-cli"), "matrix", "run", "--openapi", "api.json", "--parallel", str(parallel),
                             "--json"]
    best = lambda command, codes=(0,): min(spent(command, folder, env, codes)[0] for _ in range(3))
    for parallel, peer, name in ((1, curl, "one curl process"), (32, curl + ["--parallel", "--parallel-max", "32"], "curl -Z")):
        own, other = best(ours(parallel), (0, 1, 3)), best(peer)
        report(f"matrix, {parallel} in flight: cells a second", cells / own)
        report(f"  {name}: requests a second", cells / other)
        report("  time against it", own / other, 2.0, "x")

    saved = os.path.join(root, "saved")
    shutil.copytree(folder, saved)
    count = 400
    for number in range(count):
        with open(os.path.join(saved, f"r{number}.yml"), "w", encoding="utf-8") as file:
            file.write(f"info:\n  name: r{number}\n  type: http\n  seq: {number + 1}\nhttp:\n  method: GET\n"
                       f"  url: {origin}/p{number}\nruntime:\n  assertions:\n    - expression: res.status\n"
                       "      operator: eq\n      value: \"200\"\n")
    own = min(spent([binary("keybearer-cli"), "run", "--quiet"], saved)[0] for _ in range(3))
    report(f"a run of {count} saved requests with a check each", own * 1000, unit=" ms")
    subprocess.run([binary("keybearer-cli"), "export", "--format", "postman", "-o", "postman.json"], cwd=saved, check=True)
    installed = lambda name: os.path.join(os.path.dirname(build), "interop", "node_modules", ".bin", name)
    peers = []
    # In its safe sandbox Bruno 4.1 fails the first assertion of a run: that sandbox is still being loaded. This one is
    # quicker too.
    bruno = ["run", "-r", "--sandbox", "developer"]
    for name, program, command in (("Bruno's command line", installed("bru"), bruno),
                                   ("newman", installed("newman"), ["run", "postman.json", "--silent"])):
        if not os.path.exists(program):
            print(f"  ({name} is not installed, so it is left out)")
            continue
        peers.append(min(spent(["node", program, *command], saved)[0] for _ in range(3)))
        report(f"  {name} on the same requests", peers[-1] * 1000, unit=" ms")
    if peers:
        report("  a run against the faster of them", own / min(peers), 1 / 45, "x")

    large = os.path.join(root, "large")
    env = matrix_of(large, origin, 2000, 30)
    seconds, memory = spent([binary("keybearer-cli"), "matrix", "run", "--openapi", "api.json", "--parallel", "32", "--report",
                             "json=out.json"], large, env, (0, 1, 3))
    report("matrix of 60,000 cells", seconds, unit=" s")
    report("  peak memory of 60,000 cells", memory, 80, " MB")
    shutil.rmtree(root)


wanted = sys.argv[2:]
asked = lambda name: not wanted or name in wanted
if any(asked(name) for name in ("command_line", "per_request", "many_requests")):
    with Nginx() as server:
        for part in (command_line, per_request, many_requests):
            if asked(part.__name__):
                part(server.url)
for part in (starts, files, grid, tree, windows):
    if asked(part.__name__):
        part()
if missed:
    print("Missed: " + ", ".join(missed))
    sys.exit(1)
