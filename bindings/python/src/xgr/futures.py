"""CompileFuture: a grammar that is being compiled by a thread."""
from __future__ import annotations

import asyncio
import concurrent.futures


class CompileFuture(concurrent.futures.Future):
    """What the compile_..._async methods return: a future of concurrent.futures that can be awaited
    as well. Compiling itself cannot be interrupted: cancel() succeeds until the result is there, and
    returns at once; what is still compiled then is given up when it comes."""

    def __await__(self):
        return asyncio.wrap_future(self).__await__()


def start(executor, compile):
    """A CompileFuture of compile(), which a thread of the executor calls."""
    future = CompileFuture()

    def run():
        if future.cancelled():
            return
        try:
            result, error = compile(), None
        except BaseException as caught:  # whatever it is, it belongs to those who wait
            result, error = None, caught
        if not future.set_running_or_notify_cancel():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    executor.submit(run)
    return future
