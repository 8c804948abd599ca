"""How long a server takes from its start to its first page, on an office that is set up."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from kanban.config import ROOT

PATIENCE = 30


def start_to_first_page(instance: Path) -> float:
    """Seconds. Raises RuntimeError where no page comes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "kanban", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "KANBAN_INSTANCE": str(instance)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - begun < PATIENCE:
            if _answers(port):
                return time.perf_counter() - begun
            time.sleep(0.02)
    finally:
        server.terminate()
        server.wait()
    raise RuntimeError("the server did not answer")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/login")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
