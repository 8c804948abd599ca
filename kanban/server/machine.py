"""What the machine says of itself: memory, and whether somebody starts the program after a power cut."""

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVICE = "KANBAN_SERVICE"
"""The variable by which a service says that it started the program (``run.py service install`` sets it)."""
KILOBYTE = 1024
ARENA_MAX, MMAP_THRESHOLD = -8, -3
"""How glibc's ``mallopt`` calls the number of heaps, and the size from which a piece lies outside of them."""
LARGE = 1024 * KILOBYTE
"""A board is less: memory that is taken from the system and given back for each answer costs a tenth of a move."""


@dataclass(frozen=True)
class Memory:
    """Bytes: what this process holds, what the machine has, and how much of that can still be had. None where
    the system does not say."""

    process: int | None = None
    total: int | None = None
    free: int | None = None


def memory() -> Memory:
    """The memory as it is now."""
    if sys.platform == "win32":
        return _windows()
    held = _kilobytes(Path("/proc/self/status"))
    had = _kilobytes(Path("/proc/meminfo"))
    return Memory(held.get("VmRSS"), had.get("MemTotal"), had.get("MemAvailable"))


def keep_memory_together() -> None:
    """Let all threads of this process take memory from the same heap, where the C library has one for each thread
    (glibc), and give large pieces, such as films, back at once: a server with many threads otherwise
    holds many times what it uses. To be called before threads begin."""
    if sys.platform != "linux":
        return
    with suppress(AttributeError):  # another C library
        library = ctypes.CDLL(None)
        library.mallopt(ARENA_MAX, 1)
        library.mallopt(MMAP_THRESHOLD, LARGE)


def service(environment: Mapping[str, str] = os.environ) -> str | None:
    """The service that started this process and will again; None where a person did."""
    return environment.get(SERVICE) or None


def _kilobytes(path: Path) -> dict[str, int]:
    """The lines of a file of Linux's that give an amount in kB, as bytes; none on other systems."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return {}
    words = (line.split() for line in lines)
    return {
        line[0].rstrip(":"): int(line[1]) * KILOBYTE
        for line in words
        if len(line) == 3 and line[2] == "kB"
    }


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("free", ctypes.c_uint64),
        ("page_total", ctypes.c_uint64),
        ("page_free", ctypes.c_uint64),
        ("virtual_total", ctypes.c_uint64),
        ("virtual_free", ctypes.c_uint64),
        ("extended_free", ctypes.c_uint64),
    )


class _ProcessMemory(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("faults", ctypes.c_uint32),
        ("peak", ctypes.c_size_t),
        ("held", ctypes.c_size_t),
        ("rest", ctypes.c_size_t * 6),
    )


def _windows() -> Memory:
    api: Any = ctypes  # whose `windll` is on Windows alone
    kernel = api.windll.kernel32
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return Memory()
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    counters = _ProcessMemory(length=ctypes.sizeof(_ProcessMemory))
    told = kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.length)
    return Memory(counters.held if told else None, status.total, status.free)
