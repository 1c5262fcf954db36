"""Running a client and seeing how long it took."""

import os
import signal
import statistics
import subprocess
import sys
import time

PIPE = subprocess.PIPE

# No single run may take longer, in seconds.
LIMIT = 300


def run(command, *, environment, directory, output=subprocess.DEVNULL):
    """Runs a command to its end and returns how many seconds that took; a failure ends everything."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=LIMIT)
    except BaseException as error:
        # Its children too: a shell loop starts many.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            sys.exit(f"compare: `{shown(command)}` took longer than {LIMIT} s")
        raise
    took = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"compare: `{shown(command)}` failed with {process.returncode}:\n{stderr.strip()[-2000:]}")
    return took, stdout


def shown(command):
    return " ".join(str(word) for word in command)


def median(values):
    return statistics.median(values)


def table(header, rows):
    """A Markdown table; all columns but the first are aligned to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def machine():
    """What this is measured on."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = models[0] if models else os.uname().machine
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB, Linux {os.uname().release.split('-')[0]}"
