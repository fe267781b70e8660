"""A made-up machine, as documents describe one."""

from __future__ import annotations

_FACTS: dict[str, str | None] = {
    "system": None,
    "kernel": "Linux 6.1 (made up)",
    "architecture": "x86_64",
    "processor": "a processor",
    "processors": "2",
    "virtualization": "none",
    "memory_bytes": "25276502016",
    "memory_limit_in_force": "none",
    "swap_bytes": "0",
    "page_size": "4096",
    "file_system": "ext4",
    "mount_options": "rw",
    "block_size": "4096",
    "free_bytes": "1000000000",
    "device": "vda",
    "device_model": None,
    "device_physical_block_size": "512",
    "rotational": "no",
    "scheduler": "none",
    "write_cache": "write back",
    "read_ahead_bytes": "131072",
    "dirty_background_ratio": "10 %",
    "dirty_ratio": "20 %",
    "dirty_expire": "30000 ms",
    "dirty_writeback": "5000 ms",
    "transparent_huge_pages": "madvise",
    "transparent_huge_pages_shared": "never",
    "overcommit": "0",
    "swappiness": "60",
    "multi_generational_reclaim": "0x0000",
    "c_library": "glibc 2.36",
    "version": "0.1.0",
    "build_type": "RelWithDebInfo",
    "compiler": "gcc 12.2.0",
    "compiler_flags": "-O2",
    "sanitizer": "none",
    "benchmark_library": "Google Benchmark 1.7.1",
    "plugins": "none",
}


def environment(**changes: str | None) -> dict[str, str | None]:
    return _FACTS | changes
