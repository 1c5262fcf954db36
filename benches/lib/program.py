"""What the measurements share as programs: the binary that they measure, remarks, and how they end."""

import os
import signal
import sys
from pathlib import Path

NAME = Path(sys.argv[0]).name
ROOT = Path(__file__).resolve().parents[2]


def note(text):
    print(f"{NAME}: {text}", file=sys.stderr, flush=True)


def stop(text):
    """Ends the program with an error."""
    sys.exit(f"{NAME}: {text}")


def binary():
    """The program that is measured."""
    found = Path(os.environ.get("GRADIENT_BULK", ROOT / "target/release/gradient-bulk")).resolve()
    if not found.exists():
        stop(f"there is no {found}; build it with `cargo build --release`")
    return found


def run(main):
    """Runs `main`; what it has started is ended on `kill` too, and Ctrl-C is no error."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
