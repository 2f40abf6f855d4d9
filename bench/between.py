"""What stands between a client and a server: every byte of both directions is counted, and some connections are cut."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

_AT_ONCE = 1 << 16


@dataclass(slots=True)
class Between:
    """`up` and `down` are bytes of TCP, headers included. `cuts`: after how many bytes down each next connection breaks."""

    target: int
    port: int = 0
    up: int = 0
    down: int = 0
    connections: int = 0
    cuts: deque[int] = field(default_factory=deque)

    def taken(self) -> dict[str, int]:
        """What was counted since the last time."""
        found = {"up": self.up, "down": self.down, "connections": self.connections}
        self.up = self.down = self.connections = 0
        return found

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from its first byte to its last."""
        self.connections += 1
        left = self.cuts.popleft() if self.cuts else None
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            ways = [
                asyncio.create_task(self._go_up(reader, back)),
                asyncio.create_task(self._come_down(there, writer, left)),
            ]
            # Neither client nor server says anything more once the other has closed.
            _, open_still = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in open_still:
                way.cancel()
            back.transport.abort()
        writer.transport.abort() if left is not None else writer.close()

    async def _go_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await reader.read(_AT_ONCE):
                self.up += len(some)
                writer.write(some)
                await writer.drain()

    async def _come_down(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None
    ) -> None:
        with contextlib.suppress(OSError):
            while some := await reader.read(_AT_ONCE):
                passed = some if left is None else some[:left]
                self.down += len(passed)
                writer.write(passed)
                await writer.drain()
                if left is not None:
                    left -= len(passed)
                    if left == 0:
                        break
            writer.close()


@contextlib.contextmanager
def between(target: int) -> Iterator[Between]:
    """Listens on a port of its own, in a thread of its own."""
    stands = Between(target)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def listen() -> None:
        server = await asyncio.start_server(stands.join, "127.0.0.1", 0)
        stands.port = server.sockets[0].getsockname()[1]
        ready.set()

    async def stop() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        loop.stop()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(listen(), loop)
    ready.wait()
    try:
        yield stands
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop)
        thread.join()
        loop.close()
