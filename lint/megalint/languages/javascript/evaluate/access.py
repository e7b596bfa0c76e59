"""Properties, elements and keys; reads of ``process.env`` with the form they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import expressions, globals_, methods
from megalint.languages.javascript.evaluate.objects import (
    ANY_KEY,
    FALSE,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Either,
    ElementValue,
    EnvironmentName,
    EnvironmentValue,
    External,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import (
    MAX_ALTERNATIVES,
    deep_flows,
    either,
    flows_of,
    with_flows,
)
from megalint.languages.javascript.evaluate.scopes import Frame
from megalint.languages.javascript.evaluate.truth import written
from megalint.numerals import is_whole
from megalint.source import Location
from megalint.values import EnvRead, Flows, Form, Joined, Known, Unknown, merge

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter


def key_text(key: Known) -> str:
    """Return the property name that *key* stands for."""
    return written(key.value)


# --- reading -------------------------------------------------------------------------------


def get(interpreter: Interpreter, value: JsValue, key: str, site: Location) -> JsValue:
    """Return ``value.key``."""
    interpreter.burn()
    match value:
        case Either(alternatives, flows):
            return either((get(interpreter, one, key, site) for one in alternatives), flows)
        case EnvironmentValue():
            return interpreter.read(key, Form.OTHER, site)
        case External():
            return _external_member(interpreter, value, key, site)
        case ObjectValue():
            return _property(interpreter, value, key, site)
        case ArrayValue() if is_whole(key):
            return element(interpreter, value, int(key))
        case ArrayValue() if key == "length":
            return Unknown("a length") if value.rest else Known(len(value.elements))
        case ElementValue():
            return value.properties if key == "props" else value.tag
        case _:
            method = methods.find(value, key)
            return _scalar_member(value, key) if method is None else method


def _scalar_member(value: JsValue, key: str) -> JsValue:
    if isinstance(value, Known):
        if key == "length" and isinstance(value.value, str):
            return Known(len(value.value), value.flows)
        return with_flows(UNDEFINED, value.flows)
    return Unknown("a property of an unknown value", deep_flows(value))


def _external_member(
    interpreter: Interpreter, value: External, key: str, site: Location
) -> JsValue:
    if value.path in {("process",), ("process", "default")}:
        if key == "env":
            return EnvironmentValue()
        if key == "default":
            return value
    if value.path == ("globalThis",):
        return globals_.member(key)
    method = methods.find(value, key)
    if method is not None:
        return method
    known = interpreter.host.touched((*value.path, key), site)
    return known or External((*value.path[:12], key), value.inputs, value.flows)


def _property(interpreter: Interpreter, value: ObjectValue, key: str, site: Location) -> JsValue:
    holder: ObjectValue | None = value
    while holder is not None:
        if key in holder.properties:
            return holder.properties[key]
        if isinstance(holder, _EnvironmentCopy):
            return interpreter.read(key, Form.OTHER, site)
        if key in holder.getters:
            getter = holder.getters[key]
            return interpreter.call(getter, (), site, value)
        if ANY_KEY in holder.properties:
            return either((holder.properties[ANY_KEY], UNDEFINED))
        holder = holder.prototype
    return methods.find(value, key) or UNDEFINED


def index(interpreter: Interpreter, value: JsValue, key: JsValue, site: Location) -> JsValue:
    """Return ``value[key]``."""
    interpreter.burn()
    match key:
        case Known():
            return with_flows(get(interpreter, value, key_text(key), site), key.flows)
        case Either(alternatives, flows):
            return either((index(interpreter, value, one, site) for one in alternatives), flows)
        case _:
            pass
    flows = deep_flows(key)
    match value:
        case Either(alternatives):
            return either((index(interpreter, one, key, site) for one in alternatives), flows)
        case ObjectValue():
            return _one_of_many(tuple(value.properties.values()), flows)
        case ArrayValue():
            return _one_of_many((*value.elements, *value.rest), flows)
        case External():
            return External((*value.path[:12], "[]"), value.inputs, (*value.flows, *flows))
        case _:
            return Unknown("a property with an unknown name", (*deep_flows(value), *flows))


def _one_of_many(values: tuple[JsValue, ...], flows: Flows) -> JsValue:
    """Return one of *values* or undefined; of a large table nobody knows which."""
    if len(values) <= MAX_ALTERNATIVES:
        return either((*values, UNDEFINED), flows)
    inputs = values[: 2 * MAX_ALTERNATIVES]
    return External(("one of many",), inputs, merge(flows, deep_flows(*inputs)))


def element(interpreter: Interpreter, value: JsValue, place: int) -> JsValue:
    """Return the element at *place*."""
    match value:
        case ArrayValue(elements, rest):
            if place < len(elements):
                return elements[place]
            return either((*rest, UNDEFINED)) if rest else UNDEFINED
        case Either(alternatives, flows):
            return either((element(interpreter, one, place) for one in alternatives), flows)
        case External(path, inputs, flows):
            return External((*path[:12], f"[{place}]"), inputs, flows)
        case _:
            return Unknown("an element of an unknown value", deep_flows(value))


def tail(interpreter: Interpreter, value: JsValue, start: int) -> JsValue:
    """Return the elements from *start* on, as ``...rest`` takes them."""
    known, maybe = items(interpreter, value)
    return ArrayValue(tuple(known[start:]), tuple(maybe))


def items(interpreter: Interpreter, value: JsValue) -> tuple[list[JsValue], list[JsValue]]:
    """Return what iterating *value* gives: elements for certain in order, and elements perhaps."""
    match value:
        case ArrayValue(elements, rest):
            return list(elements), list(rest)
        case Known(str() as text):
            return [Known(letter, value.flows) for letter in text[:64]], []
        case Known():
            return [], []
        case Either(alternatives, flows):
            maybe: list[JsValue] = []
            for one in alternatives:
                known, more = items(interpreter, one)
                maybe += (with_flows(item, flows) for item in (*known, *more))
            return [], maybe
        case _:
            return [], [External(("an element of an unknown list",), (value,), deep_flows(value))]


def keys(interpreter: Interpreter, value: JsValue) -> JsValue:
    """Return ``Object.keys(value)``."""
    match value:
        case EnvironmentValue():
            return ArrayValue((), (EnvironmentName(),))
        case ObjectValue():
            names = [Known(name) for name in value.properties if name != ANY_KEY]
            return ArrayValue(
                tuple(names), (Unknown("a key"),) if ANY_KEY in value.properties else ()
            )
        case ArrayValue(elements, rest):
            return ArrayValue(tuple(Known(str(n)) for n in range(len(elements))), tuple(rest[:1]))
        case Either(alternatives, flows):
            return either((keys(interpreter, one) for one in alternatives), flows)
        case _:
            return ArrayValue((), (Unknown("a key", deep_flows(value)),))


def has(interpreter: Interpreter, value: JsValue, key: JsValue, site: Location) -> JsValue:
    """Return ``key in value``."""
    if isinstance(value, EnvironmentValue) and isinstance(key, Known):
        read = interpreter.read(key_text(key), Form.OTHER, site)
        return Unknown("whether a variable is set", flows_of(read))
    is_known = isinstance(value, ObjectValue) and ANY_KEY not in value.properties
    if is_known and isinstance(key, Known) and isinstance(value, ObjectValue):
        return TRUE if key_text(key) in value.properties else FALSE
    return Unknown("whether a key is there", deep_flows(value, key))


# --- writing -------------------------------------------------------------------------------


def put(interpreter: Interpreter, holder: JsValue, key: str, value: JsValue) -> None:
    """Run ``holder.key = value``."""
    match holder:
        case ObjectValue():
            interpreter.journal.put(holder, key, value)
        case ArrayValue() if is_whole(key) and int(key) <= len(holder.elements) + 8:
            elements = list(holder.elements)
            elements += [UNDEFINED] * (int(key) + 1 - len(elements))
            elements[int(key)] = value
            interpreter.journal.fill(holder, elements, holder.rest)
        case ArrayValue() if key == "length":
            interpreter.journal.fill(holder, (), ())
        case Either(alternatives):
            for one in alternatives:
                if isinstance(one, ObjectValue):
                    old = one.properties.get(key, UNDEFINED)
                    interpreter.journal.put(one, key, either((old, value), holder.flows))
        case _:
            pass


def put_index(interpreter: Interpreter, holder: JsValue, key: JsValue, value: JsValue) -> None:
    """Run ``holder[key] = value``."""
    if isinstance(key, Known):
        put(interpreter, holder, key_text(key), value)
    elif isinstance(holder, ObjectValue):
        old = holder.properties.get(ANY_KEY)
        value = with_flows(value, deep_flows(key))
        values = (value,) if old is None else (old, value)
        interpreter.journal.put(holder, ANY_KEY, either(values))
    elif isinstance(holder, ArrayValue):
        interpreter.journal.fill(holder, holder.elements, (*holder.rest, value))


def copy_into(interpreter: Interpreter, target: ObjectValue, value: JsValue) -> None:
    """Copy what ``...value`` spreads into a new object."""
    match value:
        case ObjectValue():
            for key, item in value.properties.items():
                put(interpreter, target, key, item)
            target.places.update(value.places)
            for key in value.getters:
                site = target.location or value.location
                if site is not None:
                    put(interpreter, target, key, get(interpreter, value, key, site))
        case Either(alternatives):
            _copy_one_of(interpreter, target, alternatives, value)
        case EnvironmentValue():
            target.prototype = _environment_copy()
        case External() | Unknown() | EnvRead() | Joined():
            put_index(interpreter, target, Unknown("a key"), value)
        case ArrayValue(elements):
            for place, item in enumerate(elements):
                put(interpreter, target, str(place), item)
        case _:
            pass


def _copy_one_of(
    interpreter: Interpreter, target: ObjectValue, options: tuple[JsValue, ...], value: Either
) -> None:
    for option in options:
        if isinstance(option, ObjectValue):
            for key, item in option.properties.items():
                old = target.properties.get(key, UNDEFINED)
                put(interpreter, target, key, either((item, old), value.flows))
                if key in option.places:
                    target.places.setdefault(key, option.places[key])
        elif isinstance(option, External | Unknown):
            put_index(interpreter, target, Unknown("a key"), with_flows(option, value.flows))


class _EnvironmentCopy(ObjectValue):
    """What lies behind ``{ ...process.env }``: any variable, read where the copy is read."""


def _environment_copy() -> ObjectValue:
    return _EnvironmentCopy()


def without(interpreter: Interpreter, value: JsValue, taken: list[str | None]) -> JsValue:
    """Return the rest of *value* after some of its properties were taken out."""
    if isinstance(value, ObjectValue):
        rest = ObjectValue(location=value.location)
        rest.properties = {key: item for key, item in value.properties.items() if key not in taken}
        rest.prototype = value.prototype if isinstance(value.prototype, _EnvironmentCopy) else None
        return rest
    if isinstance(value, Either):
        return either((without(interpreter, one, taken) for one in value.alternatives), value.flows)
    return value


# --- the environment -----------------------------------------------------------------------


def is_process(node: js.Expression | None, context: Context) -> bool:
    """Whether *node* is the global ``process``."""
    return (
        isinstance(node, js.Name)
        and node.text == "process"
        and context.scope.find("process") is None
    )


def is_environment_syntax(node: js.Expression | None, context: Context) -> bool:
    """Whether *node* is written ``process.env``, in any of its forms."""
    match node:
        case js.Member(_, base, "env", _, _):
            return is_process(expressions.bare(base), context)
        case js.Index(_, base, js.Literal(_, "env"), _):
            return is_process(expressions.bare(base), context)
        case _:
            return False


def read_environment(
    interpreter: Interpreter, node: js.Member, name: str, context: Context
) -> JsValue:
    """Return the variable that ``process.env.NAME`` reads."""
    form = _base_form(node.object, context)
    if form is Form.MEMBER and node.optional:
        form = Form.OPTIONAL
    return interpreter.read(name, form, context.at(node))


def _base_form(node: js.Expression, context: Context) -> Form:
    base = expressions.bare(node)
    if is_environment_syntax(base, context):
        optional = isinstance(base, js.Member | js.Index) and base.optional
        return Form.OPTIONAL_PROCESS if optional else Form.MEMBER
    if isinstance(base, js.Name):
        binding = context.scope.find(base.text)
        return (binding.form if binding is not None else None) or Form.OTHER
    if isinstance(base, js.Member) and isinstance(base.object, js.Name):
        binding = context.scope.find(base.object.text)
        if binding is not None and binding.form is not None:
            return binding.form
    return Form.OTHER


def read_environment_by(
    interpreter: Interpreter, node: js.Index, key: JsValue, context: Context
) -> JsValue:
    """Return the variable that ``process.env[key]`` reads."""
    match key:
        case Known():
            form = _index_form(node, context)
            return interpreter.read(key_text(key), form, _read_place(node, context))
        case Either(alternatives, flows):
            reads = (read_environment_by(interpreter, node, one, context) for one in alternatives)
            return either(reads, flows)
        case EnvironmentName(prefix) if prefix:
            return interpreter.read(f"{prefix}*", Form.COMPUTED, context.at(node))
        case Joined((Known(str() as prefix), *_)):
            return interpreter.read(f"{prefix}*", Form.COMPUTED, context.at(node))
        case _:
            return Unknown("a variable whose name is not known", deep_flows(key))


def _index_form(node: js.Index, context: Context) -> Form:
    base = _base_form(node.object, context)
    if base not in {Form.MEMBER, Form.ALIAS}:
        return Form.COMPUTED if base is Form.OTHER else base
    match expressions.bare(node.index):
        case js.Literal():
            form = Form.STRING
        case js.Template():
            form = Form.TEMPLATE
        case js.Name(_, text):
            binding = context.scope.find(text)
            constant = binding is not None and binding.is_constant and binding.link is None
            return Form.CONSTANT if constant and base is Form.MEMBER else Form.COMPUTED
        case js.Binary() as node_sum if _is_literal_sum(node_sum):
            return Form.JOINED if base is Form.MEMBER else Form.COMPUTED
        case _:
            return Form.COMPUTED
    return form if base is Form.MEMBER else base


def _is_literal_sum(node: js.Expression) -> bool:
    """Whether *node* joins literals and nothing else: Turbopack computes no more than that."""
    if isinstance(node, js.Binary):
        return node.operator == "+" and _is_literal_sum(node.left) and _is_literal_sum(node.right)
    return isinstance(node, js.Literal)


def _read_place(node: js.Index, context: Context) -> Location:
    """Return where a variable is named: the call that hands a helper its name, else *node*."""
    place = context.at(node)
    argument: tuple[js.Expression, Context] | None = (node.index, context)
    while argument is not None:
        expression, where = argument
        bare = expressions.bare(expression)
        binding = where.scope.find(bare.text) if isinstance(bare, js.Name) else None
        if binding is None or binding.argument is None:
            return place
        argument = binding.argument
        frame: Frame | None = binding.frame
        if frame is not None and frame.call is not None:
            place = Location(argument[1].source, frame.call.span)
    return place
