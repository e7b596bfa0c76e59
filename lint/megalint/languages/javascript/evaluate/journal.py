"""The heap's writes: logged, undone, and joined where two branches may have run."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct, field

from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ArrayValue,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import either, with_flows
from megalint.languages.javascript.evaluate.scopes import Binding
from megalint.values import Flows, merge

T = TypeVar("T")
Elements = tuple[tuple[JsValue, ...], tuple[JsValue, ...]]
Container = Binding | ObjectValue | ArrayValue


class _Slot(Struct, frozen=True):
    """One place of the heap: a binding, a property, the elements of an array."""

    container: Container
    key: str | None

    def read(self) -> JsValue | Elements | None:
        container = self.container
        if isinstance(container, Binding):
            return container.value
        if isinstance(container, ArrayValue):
            return container.elements, container.rest
        return container.properties.get(self.key or "")

    def write(self, value: JsValue | Elements | None) -> None:
        container = self.container
        if isinstance(container, Binding):
            container.value = value  # type: ignore[assignment]  # a binding's slot holds a value
        elif isinstance(container, ArrayValue):
            container.elements, container.rest = value  # type: ignore[misc]
        elif value is None:
            container.properties.pop(self.key or "", None)
        else:
            container.properties[self.key or ""] = value  # type: ignore[assignment]


_Log = dict[Hashable, tuple[_Slot, "JsValue | Elements | None"]]


class Outcome(Struct, Generic[T]):
    """What a branch did: its result, and the slots it left changed.

    :attr:`is_over` says that the running function ended in it: nothing after sees its names.
    """

    result: T
    is_over: bool
    changed: dict[Hashable, tuple[_Slot, JsValue | Elements | None]]


class Journal(Struct):
    """Writes of one interpreter, and the conditions under which code runs at the moment.

    :attr:`conditions` holds the flows of the tests that surround the running code, the early
    returns of running functions included.
    """

    conditions: list[Flows] = field(default_factory=list)
    _log: _Log | None = None

    def control(self, since: int = 0) -> Flows:
        """Return the reads that decide whether the running code runs at all."""
        return merge(*self.conditions[since:])

    def assign(self, binding: Binding, value: JsValue) -> None:
        """Set a variable."""
        self._write(_Slot(binding, None), value)

    def put(self, target: ObjectValue, key: str, value: JsValue) -> None:
        """Set a property."""
        self._write(_Slot(target, key), value)

    def fill(
        self, target: ArrayValue, elements: Iterable[JsValue], rest: Iterable[JsValue]
    ) -> None:
        """Set the elements of an array."""
        self._write(_Slot(target, None), (tuple(elements), tuple(rest)))

    def _write(self, slot: _Slot, value: JsValue | Elements | None) -> None:
        if self._log is not None:
            self._log.setdefault(_key(slot), (slot, slot.read()))
        slot.write(value)

    def aside(self, action: Callable[[], T]) -> T:
        """Run *action* as if nothing surrounded it: its writes stay whatever happens later."""
        log, conditions = self._log, self.conditions
        self._log, self.conditions = None, []
        try:
            return action()
        finally:
            self._log, self.conditions = log, conditions

    def trial(self, action: Callable[[], T]) -> T:
        """Run *action* and undo its writes."""
        outer, self._log = self._log, {}
        try:
            return action()
        finally:
            self._undo()
            self._log = outer

    def _undo(self) -> dict[Hashable, tuple[_Slot, JsValue | Elements | None]]:
        log = self._log or {}
        changed = {key: (slot, slot.read()) for key, (slot, _) in log.items()}
        for slot, old in log.values():
            slot.write(old)
        return changed

    def run(
        self, action: Callable[[], T], flows: Flows, is_over: Callable[[T], bool]
    ) -> Outcome[T]:
        """Run one branch under *flows*, and undo it; :meth:`join` brings its writes back."""
        outer, self._log = self._log, {}
        height = len(self.conditions)
        self.conditions.append(flows)
        try:
            result = action()
        finally:
            del self.conditions[height:]
            changed = self._undo()
            self._log = outer
        return Outcome(result, is_over(result), changed)

    def join(self, outcomes: Sequence[Outcome[T]], flows: Flows, frame: object) -> None:
        """Write what the heap holds after one of *outcomes*, whichever it was."""
        slots = {key: slot for outcome in outcomes for key, (slot, _) in outcome.changed.items()}
        for key, slot in slots.items():
            seen = [outcome for outcome in outcomes if not _is_lost(outcome, slot, frame)]
            states = [_state(outcome, key, slot) for outcome in seen]
            if states:
                self._write(slot, _joined(states, flows))


def _key(slot: _Slot) -> Hashable:
    return id(slot.container), slot.key


def _is_lost(outcome: Outcome[T], slot: _Slot, frame: object) -> bool:
    container = slot.container
    return outcome.is_over and isinstance(container, Binding) and container.frame is frame


def _state(outcome: Outcome[T], key: Hashable, slot: _Slot) -> JsValue | Elements | None:
    return outcome.changed[key][1] if key in outcome.changed else slot.read()


def _joined(states: list[JsValue | Elements | None], flows: Flows) -> JsValue | Elements | None:
    first = states[0]
    if all(state is first for state in states[1:]):
        return first
    if isinstance(first, tuple):
        return _joined_elements([state for state in states if isinstance(state, tuple)], flows)
    values = [UNDEFINED if state is None else state for state in states]
    return either((value for value in values if not isinstance(value, tuple)), flows)


def _joined_elements(states: list[Elements], flows: Flows) -> Elements:
    """Return the elements that all states share, then those that may be there."""
    shared = 0
    shortest = min(len(elements) for elements, _ in states)
    while shared < shortest and all(
        elements[shared] is states[0][0][shared] for elements, _ in states
    ):
        shared += 1
    maybe = [
        either((element, UNDEFINED), flows) if len(states) > 1 else with_flows(element, flows)
        for elements, _ in states
        for element in elements[shared:]
    ]
    rest: list[JsValue] = []
    for _, more in states:
        rest.extend(item for item in more if not any(item is other for other in rest))
    return (*states[0][0][:shared], *maybe), tuple(rest)
