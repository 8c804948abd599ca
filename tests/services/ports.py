"""Ports that stay one's own: outside those that the system hands to others meanwhile."""

import os
import random
import socket

_FIRST, _PAST = 20_000, 30_000
"""Below the ephemeral ports of Linux (32768) and of Windows (49152).

A port of those may go to any connection between a program's end and its next start.
"""


def free_port() -> int:
    """A port of this machine that nobody listens on, not soon given to anybody else either."""
    dice = random.Random(os.urandom(8))
    while True:
        port = dice.randrange(_FIRST, _PAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
