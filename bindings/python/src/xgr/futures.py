"""CompileFuture: a grammar that is being compiled by a thread."""
from __future__ import annotations

import concurrent.futures
import threading


class CompileFuture(concurrent.futures.Future):
    """What the compile_..._async methods return: a future of concurrent.futures that can be awaited
    as well. Compiling itself cannot be interrupted: cancel() succeeds until the result is there, and
    returns at once; what is still compiled then is destroyed when it comes."""

    def __init__(self):
        super().__init__()
        self._cancelling = threading.Lock()

    def cancel(self) -> bool:
        with self._cancelling:
            if self.cancelled():
                return True
            if not super().cancel():
                return False
            self.set_running_or_notify_cancel()  # wakes those who wait
            return True

    def __await__(self):
        import asyncio  # whoever awaits has it already

        return asyncio.wrap_future(self).__await__()


def start(executor, compile):
    """A CompileFuture of compile(), which a thread of the executor calls."""
    future = CompileFuture()

    def run():
        if future.cancelled():
            return
        try:
            tell, outcome = future.set_result, compile()
        except BaseException as error:  # whatever it is, it belongs to those who wait
            tell, outcome = future.set_exception, error
        try:
            tell(outcome)
        except concurrent.futures.InvalidStateError:
            pass  # cancelled in the meantime

    executor.submit(run)
    return future
