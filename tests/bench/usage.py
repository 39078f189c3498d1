"""What each part uses: memory, resident (RSS) and as its fair share (PSS, shared pages in parts); processor time."""

from __future__ import annotations

from collections import defaultdict

import psutil

from .assistant import Assistant
from .figures import Figure

_MIB = 1024 * 1024


def memory(assistant: Assistant) -> list[Figure]:
    """Two figures for each part; PostgreSQL's shared buffers count in each of its processes' RSS."""
    parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for part, process in assistant.processes():
        try:
            used = process.memory_full_info()
        except psutil.Error:  # ended meanwhile, or somebody else's
            continue
        parts[part].append((used.rss, getattr(used, "pss", 0)))
    figures = []
    for part, sizes in parts.items():
        name = f"memory of {part}" + (f" ({len(sizes)} processes)" if len(sizes) > 1 else "")
        figures.append(Figure(f"{name}, RSS", sum(rss for rss, _ in sizes) / _MIB, "MiB"))
        figures.append(Figure(f"{name}, PSS", sum(pss for _, pss in sizes) / _MIB, "MiB"))
    return figures


def processor_time(assistant: Assistant) -> dict[str, float]:
    """Seconds of processor time used so far, by part. PostgreSQL's ended connections count no more."""
    used: dict[str, float] = defaultdict(float)
    for part, process in assistant.processes():
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        used[part] += times.user + times.system
    return used
