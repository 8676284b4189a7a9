"""The native thread pool (`csrc/core/pool.h`), as plans share it."""

from __future__ import annotations

import ctypes
import weakref

from kernels.cpu.library import NativeMemoryError, load


class NativePool:
    """Threads that run plans; the caller's thread is one of them."""

    def __init__(self, threads: int, library: ctypes.CDLL | None = None) -> None:
        self.library = library or load()
        handle = self.library.pk_pool_new(threads)
        if not handle:
            raise NativeMemoryError("There is not enough memory for the kernels' threads.")
        self.handle: int = handle
        self.threads = threads
        self.close = weakref.finalize(self, self.library.pk_pool_free, handle)

    def resize(self, threads: int) -> None:
        """So many threads from now on; between two runs, by the thread that runs plans."""
        if threads == self.threads:
            return
        handle = self.library.pk_pool_new(threads)
        if not handle:
            raise NativeMemoryError("There is not enough memory for the kernels' threads.")
        close = self.close
        self.handle, self.threads = handle, threads
        self.close = weakref.finalize(self, self.library.pk_pool_free, handle)
        close()

    def quiesce(self) -> None:
        """Wait until no thread is inside a chunk."""
        if self.close.alive:
            self.library.pk_pool_quiesce(self.handle)

    @property
    def redone(self) -> int:
        """Chunks that were computed twice, because their thread was taken off its core."""
        count: int = self.library.pk_pool_redone(self.handle)
        return count

    def disturb(self, thread: int, every: int, microseconds: int) -> None:
        """For tests: a thread sleeps in the middle of every `every`th chunk."""
        self.library.pk_pool_disturb(self.handle, thread, every, microseconds)
