"""Shared by the benchmark programs: the binary to measure, notes, and how they end."""

import os
import signal
import sys
from pathlib import Path

NAME = Path(sys.argv[0]).name
ROOT = Path(__file__).resolve().parents[2]


def note(text):
    print(f"{NAME}: {text}", file=sys.stderr, flush=True)


def stop(text):
    """Exits with an error."""
    sys.exit(f"{NAME}: {text}")


def binary():
    """Returns the binary to measure."""
    found = Path(os.environ.get("GRADIENT_BULK", ROOT / "target/release/gradient-bulk")).resolve()
    if not found.exists():
        stop(f"{found} does not exist; build it with `cargo build --release`")
    return found


def run(main):
    """Runs `main`. SIGTERM and Ctrl-C raise an exception, so that programs it has started are ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
