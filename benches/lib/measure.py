"""Runs clients and measures how long they take."""

import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time

import program

PIPE = subprocess.PIPE

# Time limit of one run, in seconds.
LIMIT = 300


def run(command, *, environment, directory, output=subprocess.DEVNULL):
    """Runs a command; returns its seconds, its output, and its peak memory in MB.

    Ends this program if the command fails.
    """
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout if output == PIPE else output,
            stderr=stderr,
            start_new_session=True,
        )
        # Kill its children too: a shell loop starts many.
        limit = threading.Timer(LIMIT, os.killpg, (process.pid, signal.SIGKILL))
        limit.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            limit.cancel()
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if took >= LIMIT:
            program.stop(f"`{shown(command)}` took longer than {LIMIT} s")
        if process.returncode != 0:
            stderr.seek(0)
            program.stop(f"`{shown(command)}` failed with {process.returncode}:\n{stderr.read().strip()[-2000:]}")
        stdout.seek(0)
        return took, stdout.read(), usage.ru_maxrss * 1024 / 1e6


def shown(command):
    return " ".join(str(word) for word in command)


def median(values):
    return statistics.median(values)


def table(header, rows):
    """Returns a Markdown table with all columns but the first aligned to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def machine():
    """Describes this machine."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = models[0] if models else os.uname().machine
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB, Linux {os.uname().release.split('-')[0]}"
