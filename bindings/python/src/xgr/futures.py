"""CompileFuture: a grammar that a thread of its compiler is compiling."""
from __future__ import annotations

import concurrent.futures
import logging
import os
import threading
from typing import TYPE_CHECKING, Any, Callable, Generator

from ._calls import owned
from ._library import lib

if TYPE_CHECKING:
    from .compiler import CompiledGrammar

    _Future = concurrent.futures.Future[CompiledGrammar]
else:
    _Future = concurrent.futures.Future


class CompileFuture(_Future):
    """What the compile_..._async methods return: a future of concurrent.futures that can be awaited
    as well. cancel() stops the compile, and so does cancelling the task that awaits it."""

    def __init__(self, job: Any, finish: Callable[[Any], CompiledGrammar]) -> None:
        super().__init__()
        self._job, self._finish = job, finish

    def cancel(self) -> bool:
        """Stops the compile, unless it is done already: then this is False."""
        cancelled = super().cancel()
        if cancelled:
            lib.xgr_compile_job_cancel(self._job)  # so that _Waiter finds it done
        return cancelled

    def __await__(self) -> Generator[Any, None, CompiledGrammar]:
        import asyncio  # whoever awaits has it already

        return asyncio.wrap_future(self).__await__()

    def _is_done(self) -> bool:
        return bool(lib.xgr_compile_job_is_done(self._job))

    def _settle(self) -> None:
        if not self.set_running_or_notify_cancel():
            return
        try:
            compiled = self._finish(owned("grammar", lib.xgr_compile_job_result, self._job))
        except Exception as error:  # whatever it is, it belongs to those who wait
            self.set_exception(error)
            return
        self.set_result(compiled)


class _Waiter:
    """Settles futures whose jobs are done. C calls nobody back, so a thread waits in their place; there
    is one while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._futures: list[CompileFuture] = []
        self._thread: threading.Thread | None = None

    def add(self, future: CompileFuture) -> None:
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="xgr-compile")
                thread.start()
                self._thread = thread
            self._futures.append(future)

    def _run(self) -> None:
        while True:
            with self._lock:
                futures = self._futures[:]
                if not futures:
                    self._thread = None
                    return
            # A look at all of them takes time, too: the more they are, the less often.
            lib.xgr_compile_job_wait(futures[0]._job, 1 + len(futures) // 64)
            done = {future for future in futures if future._is_done()}
            with self._lock:
                self._futures = [future for future in self._futures if future not in done]
            for future in futures:
                if future not in done:
                    continue
                if getattr(future, "_done_callbacks", True):  # they may take their time, or wait for others
                    threading.Thread(target=_settle, args=(future,), name="xgr-callback").start()
                else:
                    _settle(future)


def _settle(future: CompileFuture) -> None:
    try:
        future._settle()
    except BaseException:  # of a callback; nobody else's futures wait for ever because of it
        logging.getLogger("concurrent.futures").critical("a callback failed", exc_info=True)


_waiter = _Waiter()
if hasattr(os, "register_at_fork"):  # the child has none of the threads
    os.register_at_fork(after_in_child=lambda: _Waiter.__init__(_waiter))


def start(compiler: Any, source: Any, options: Any,
          finish: Callable[[Any], CompiledGrammar]) -> CompileFuture:
    """A CompileFuture of finish(grammar) for a source that a thread of the compiler compiles."""
    job = owned("compile_job", lib.xgr_compiler_start_job, compiler, source, options)
    future = CompileFuture(job, finish)
    if future._is_done():  # it was in the cache
        _settle(future)
    else:
        _waiter.add(future)
    return future
