"""When a JupyterLab that a test has started can be asked."""

import contextlib
import json
import socket
import time
from pathlib import Path

SECONDS = 90


def started(process, runtime, log):
    """What the server says of itself, once it listens: it writes that into its runtime folder before."""
    file = Path(runtime, f"jpserver-{process.pid}.json")
    for _ in range(SECONDS * 10):
        with contextlib.suppress(FileNotFoundError, ValueError, ConnectionRefusedError):
            found = json.loads(file.read_text(encoding="utf-8"))
            with socket.create_connection(("127.0.0.1", found["port"]), timeout=SECONDS):
                return found
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text(encoding='utf-8')[-2000:]}")
