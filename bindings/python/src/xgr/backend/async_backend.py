"""AsyncXGrammarBackend: grammars that are compiled while the engine goes on."""
from __future__ import annotations

import asyncio
import concurrent.futures
import time
from typing import TYPE_CHECKING, Any, Generator

from .._values import real
from ..cancel import Cancel
from ..futures import CompileFuture
from .backend import XGrammarBackend
from .compiler import GrammarCompiler, Request
from .grammar_type import GrammarType
from .wrapper import XGrammarGrammar

if TYPE_CHECKING:
    _Future = concurrent.futures.Future[XGrammarGrammar]
else:
    _Future = concurrent.futures.Future


class GrammarFuture(_Future):
    """A grammar that is being compiled: a future of concurrent.futures that can be awaited as well. cancel() stops
    the compile, and so does cancelling the task that awaits it."""

    _compile: CompileFuture | None = None

    def cancel(self) -> bool:
        """Stops the compile, unless it is done already: then this is False."""
        if self._compile is not None:
            self._compile.cancel()
        return super().cancel()

    def __await__(self) -> Generator[Any, None, XGrammarGrammar]:
        return asyncio.wrap_future(self).__await__()


class AsyncXGrammarBackend(XGrammarBackend):
    """An XGrammarBackend that compiles in threads of its compilers as well: submit returns a future at once, and
    compile_grammar_async is for coroutines.

    timeout     seconds after which a compile fails, unless it is given another; None: never
    arguments   those of XGrammarBackend
    """

    def __init__(self, *arguments: Any, timeout: float | None = None, **options: Any) -> None:
        if timeout is not None and not real("timeout", timeout) > 0:
            raise ValueError(f"timeout is {timeout}; expected None, or seconds above 0")
        super().__init__(*arguments, **options)
        self.timeout = timeout

    def submit(self, grammar_type: GrammarType | str, grammar_spec: Any = None, *, timeout: float | None = None,
               cancel: Cancel | None = None, tokenizer: Any = None,
               vocab_size: int | None = None) -> GrammarFuture:
        """Begins to compile; what compile_grammar returns, later. A kept grammar is there at once.

        timeout     seconds, from now on, after which it fails with XgrError and LIMIT_EXCEEDED; None: that of the
                    back-end
        cancel      an xgr.Cancel that stops it, with XgrError and CANCELLED
        """
        compiler, _ = self._served(tokenizer, vocab_size)
        request, future = self._request(grammar_type, grammar_spec), GrammarFuture()
        found = compiler._get_cached(request.key)
        if found is not None:
            future.set_result(self._grammar(found))
            return future
        self._start(future, compiler, request, self.timeout if timeout is None else timeout, cancel)
        return future

    def _start(self, future: GrammarFuture, compiler: GrammarCompiler, request: Request, timeout: float | None,
               cancel: Cancel | None) -> None:
        source, begin = request.read(), time.perf_counter()

        def settle(done: concurrent.futures.Future[Any]) -> None:
            if done.cancelled():
                future.cancel()
            if not future.set_running_or_notify_cancel():
                return
            try:
                grammar = self._grammar(compiler.finished(request, source, done.result(),
                                                          time.perf_counter() - begin))
            except Exception as error:  # whatever it is, it belongs to those who wait
                future.set_exception(error)
                return
            future.set_result(grammar)

        future._compile = compiler.engine.compile_grammar_async(source, timeout=timeout, cancel=cancel)
        future._compile.add_done_callback(settle)

    async def compile_grammar_async(self, grammar_type: GrammarType | str, grammar_spec: Any = None, *,
                                    timeout: float | None = None, cancel: Cancel | None = None,
                                    tokenizer: Any = None, vocab_size: int | None = None) -> XGrammarGrammar:
        """The same as a coroutine. Cancelling its task stops the compile."""
        return await self.submit(grammar_type, grammar_spec, timeout=timeout, cancel=cancel, tokenizer=tokenizer,
                                 vocab_size=vocab_size)
