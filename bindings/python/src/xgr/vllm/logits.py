"""The logits processor of vLLM: one class for both of its interfaces.

The V1 runner shows live lists of output ids and one row of logits a request. The V2 runner keeps the ids on the
device and may have a row for each draft token; the ids are copied to the host before the forward pass, and
masks are computed while that runs.
"""
from __future__ import annotations

from typing import Any

import torch
from vllm.v1.sample.logits_processor.interface import LogitsProcessor as _V1
from vllm.v1.sample.logits_processor.interface import MoveDirectionality
from vllm.v1.worker.gpu.sample.logits_processor import LogitsProcessor as _V2

from .._engine import EngineCompiler
from ..bitmask import get_bitmask_shape
from ..logits import apply_token_bitmask_inplace
from .requests import WRONG, Asked, Slot
from .vocabulary import tokenizer_info_of


def _bitmask(rows: int, vocab_size: int) -> torch.Tensor:
    return torch.full(get_bitmask_shape(rows, vocab_size), -1, dtype=torch.int32,
                      pin_memory=torch.cuda.is_available())


class LogitsProcessor(_V1, _V2):
    """Lets requests with extra_args={"xgr": {...}} choose only tokens that go on with an output of their grammar.

    The dict has one of json, json_object, regex, grammar, choice and structural_tag; options of
    GrammarCompiler.compile_json_schema; and of GrammarMatcher: starts, max_waiting_tokens, forbidden_tokens,
    forced_start, may_end_waiting. Others are not touched.
    """

    def __init__(self, vllm_config: Any, *interface: Any) -> None:
        self._config = vllm_config
        self._made: EngineCompiler | None = None
        self._slots: dict[int, Slot] = {}
        self._mask: torch.Tensor | None = None
        self._history = _History(*interface) if len(interface) == 1 else None
        scheduler = getattr(vllm_config, "scheduler_config", None)
        if self._history is None and getattr(scheduler, "async_scheduling", False):
            raise ValueError("asynchronous scheduling hides the last token from logits processors of the V1 runner; "
                             "expected async_scheduling=False, or the V2 runner")

    @classmethod
    def validate_params(cls, params: Any) -> None:
        """Raises ValueError where a request asks for what cannot be served."""
        try:
            asked = Asked.of(params)
            if asked is not None:
                asked.check()
        except WRONG as error:
            raise ValueError(f"extra_args['xgr']: {error}") from error

    @property
    def _compiler(self) -> EngineCompiler:
        """Made with the first request that needs it."""
        if self._made is None:
            from vllm.tokenizers import cached_tokenizer_from_config

            model = self._config.model_config
            info = tokenizer_info_of(cached_tokenizer_from_config(model), model.get_vocab_size())
            self._made = EngineCompiler(info, max_threads=8)
        return self._made

    def _begin(self, index: int, params: Any, output: list[int]) -> bool:
        self._slots.pop(index, None)
        asked = Asked.of(params)
        if asked is None:
            return False
        self._slots[index] = Slot(self._compiler, asked, output)
        return True

    def _rows(self, count: int) -> torch.Tensor:
        """A bitmask with that many rows; its contents are those of the last step."""
        if self._mask is None or len(self._mask) < count:
            self._mask = _bitmask(max(count, 8), self._compiler.tokenizer_info.vocab_size)
        return self._mask

    # --- V1

    def is_argmax_invariant(self) -> bool:
        """No: the likeliest token may be forbidden."""
        return False

    def update_state(self, batch_update: Any) -> None:
        """Follows the changes of the batch: requests that left, came, or moved."""
        if batch_update is None:
            return
        slots = self._slots
        for index in batch_update.removed:
            slots.pop(index, None)
        for index, params, _, output in batch_update.added:
            self._begin(index, params, output)
        for start, end, direction in batch_update.moved:
            moved, other = slots.pop(start, None), slots.pop(end, None)
            if moved is not None:
                slots[end] = moved
            if other is not None and direction == MoveDirectionality.SWAP:
                slots[start] = other

    def _apply_v1(self, logits: torch.Tensor) -> torch.Tensor:
        rows: list[int] = []
        mask_rows: list[int] = []
        mask = self._rows(len(self._slots)) if self._slots else None
        for place, (index, slot) in enumerate(self._slots.items()):
            if slot.output and slot.output[-1] < 0:
                raise RuntimeError("an output ends in a token that is not known yet; expected "
                                   "async_scheduling=False")
            if slot.follow() and slot.fill(mask, place):
                rows.append(index)
                mask_rows.append(place)
        if rows:
            apply_token_bitmask_inplace(logits, mask, indices=rows, mask_indices=mask_rows)
        return logits

    # --- V2

    def add_request(self, req_idx: int, sampling_params: Any) -> bool:
        """Begins a request; whether it is constrained."""
        constrained = self._begin(req_idx, sampling_params, [])
        if constrained and self._history is not None:
            self._history.begin(req_idx)
        return constrained

    def apply_staged_writes(self) -> None:
        """Starts the copy of the newest ids, before the forward pass."""
        if self._slots and self._history is not None:
            self._history.start_copy(self._slots)

    def apply(self, logits: torch.Tensor, ctx: Any = None) -> torch.Tensor:
        """Changes and returns logits of shape (rows, vocabulary)."""
        return self._apply_v1(logits) if ctx is None else self._apply_v2(logits, ctx)

    def _apply_v2(self, logits: torch.Tensor, ctx: Any) -> torch.Tensor:
        if self._history is None or not self._slots or not any(int(i) in self._slots for i in ctx.idx_mapping_np):
            return logits
        requests = ctx.expanded_idx_mapping.tolist()
        fed = ctx.input_ids.tolist() if len(requests) > len(ctx.idx_mapping_np) else None
        self._history.finish_copy(self._slots)
        rows: list[int] = []
        mask, row = self._rows(len(requests)), 0
        while row < len(requests):
            end = row + 1
            while end < len(requests) and requests[end] == requests[row]:
                end += 1
            slot = self._slots.get(requests[row])
            if slot is not None and slot.follow():
                draft = fed[row + 1:end] if fed else []
                needed = slot.fill_draft(draft, mask, row) if draft else [slot.fill(mask, row)]
                rows.extend(row + i for i, need in enumerate(needed) if need)
            row = end
        if rows:
            apply_token_bitmask_inplace(logits, mask, indices=rows)
        return logits


class _History:
    """The output ids of the V2 runner, which keeps them on the device: those that are new come to the host with
    one copy a step."""

    WINDOW = 32  # ids a request that one copy brings; seldom a step has more, and another copy brings the rest

    def __init__(self, req_states: Any) -> None:
        self._states = req_states
        self._known: dict[int, int] = {}  # ids of the whole request that the host has, by request
        self._copy: tuple[list[int], torch.Tensor, Any] | None = None

    def begin(self, request: int) -> None:
        """A request whose output may have a beginning already."""
        self._known[request] = int(self._states.prompt_len.np[request])

    def start_copy(self, slots: dict[int, Slot]) -> None:
        """Asks for the new ids of all requests; does not wait."""
        requests = sorted(slots)
        device = self._states.all_token_ids.gpu.device
        which = torch.tensor(requests, dtype=torch.int64).to(device, non_blocking=True)
        first = torch.tensor([self._known[request] for request in requests], dtype=torch.int64)
        places = first.to(device, non_blocking=True)[:, None] + torch.arange(self.WINDOW, device=device)
        places.clamp_(max=self._states.all_token_ids.gpu.shape[1] - 1)
        ids = self._states.all_token_ids.gpu[which[:, None], places]
        lengths = self._states.total_len.gpu[which].to(ids.dtype)
        found = torch.cat([lengths[:, None], ids], dim=1)
        event = None
        if device.type == "cuda":
            host = torch.empty(found.shape, dtype=found.dtype, pin_memory=True)
            host.copy_(found, non_blocking=True)
            event = torch.cuda.Event()
            event.record()
            found = host
        self._copy = requests, found, event

    def finish_copy(self, slots: dict[int, Slot]) -> None:
        """Waits for the ids and adds them to the outputs."""
        if self._copy is None:
            return
        (requests, found, event), self._copy = self._copy, None
        if event is not None:
            event.synchronize()
        for request, (length, *ids) in zip(requests, found.tolist()):
            slot = slots.get(request)
            if slot is None:
                continue
            new = length - self._known[request]
            slot.output.extend(ids[:new])
            if new > self.WINDOW:
                rest = self._states.all_token_ids.gpu[request, self._known[request] + self.WINDOW:length]
                slot.output.extend(rest.tolist())
            self._known[request] = max(length, self._known[request])
