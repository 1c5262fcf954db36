"""The local server that all clients send to."""

import shutil
import socket
import subprocess
import time
import urllib.request

import program

PLACES = ["FAST", "SLOW", "LIMITED"]


class Server:
    """nginx on three ports of 127.0.0.1; see `server/nginx.conf`. Use it as a context manager."""

    def __init__(self, tools, source, directory, latency):
        self._tools = tools
        self._directory = directory
        self._read = {}
        ports = dict(zip(PLACES, free_ports(len(PLACES)), strict=True))
        self.fast, self.slow, self.limited = (f"http://127.0.0.1:{port}" for port in ports.values())
        text = (source / "nginx.conf").read_text()
        values = {
            **ports,
            "LATENCY": latency,
            "MODULES": tools.nginx_modules,
            "LUA": tools.lua,
            "SERVER": source,
        }
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (directory / "tmp").mkdir(parents=True)
        (directory / "nginx.conf").write_text(text)

    def __enter__(self):
        command = [self._tools.nginx, "-p", self._directory, "-c", "nginx.conf"]
        self._process = subprocess.Popen(command, env=self._tools.environment())
        deadline = time.monotonic() + 10
        while True:
            try:
                self.created()
                return self
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    program.stop("nginx did not start")
                time.sleep(0.05)

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)

    def created(self):
        """Returns the number of sessions created since the last call."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{self.fast}/api/created", timeout=10) as answer:
            return int(answer.read())

    def logged(self, name="invites.log"):
        """Returns what was logged since the last call: (start, end, status) of each request, in seconds."""
        with (self._directory / name).open() as log:
            log.seek(self._read.get(name, 0))
            lines = log.readlines()
            self._read[name] = log.tell()
        fields = (line.split() for line in lines)
        return [(float(end) - float(took), float(end), int(status)) for end, took, status in fields]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
