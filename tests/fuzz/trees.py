"""Changes to valid inputs: of a JSON tree at a random place, and of bytes."""

from typing import Any

from hypothesis import strategies as st

Draw = Any  # hypothesis' draw function
EDGES = (
    *(0, -1, 1 << 31, 1 << 63, 1 << 64, 10**400, 1e308, -0.0, float("nan"), float("inf")),
    *("", "\0", "\ud800", "\u202e", "a\nb", "\r", "x" * 5_000, "../..", "__proto__", "None", "class", "é"),
    *([], {}, [[]], {"": {}}, [None], {"a": [1, {"b": "c"}]}),
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
junk = st.sampled_from(EDGES) | st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def change_tree(draw: Draw, tree: Any, leaves: st.SearchStrategy[Any] = junk) -> str:
    """Change one value of nested dicts and lists, in place; says what was done."""
    holder, path = tree, []
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return "nothing"
        key = draw(st.sampled_from(keys))
        path.append(str(key))
        deeper = isinstance(holder[key], dict | list) and holder[key]
        if not deeper or draw(st.integers(0, 7)) == 0:
            break
        holder = holder[key]
    how = draw(st.sampled_from(("replace", "delete", "wrap", "quote", "swap", "add")))
    value = holder[key]
    if how == "replace":
        holder[key] = draw(leaves)
    elif how == "delete":
        del holder[key]
    elif how == "wrap":
        holder[key] = draw(st.sampled_from(([value], {"a": value}, [value, value])))
    elif how == "quote":
        holder[key] = str(value)[:1000]
    elif how == "swap":
        other = draw(st.sampled_from(keys))
        holder[key], holder[other] = holder[other], value
    elif isinstance(holder, dict):
        holder[draw(st.sampled_from(("source", "id", "type", "x")) | st.text(max_size=5))] = draw(leaves)
    else:
        holder.insert(key, draw(leaves))
    return f"{how} {'.'.join(path)}"


def change_bytes(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Cut off, flip, insert, repeat or leave out bytes."""
    start = draw(st.integers(0, max(0, len(data) - 1)))
    end = min(len(data), start + draw(st.integers(1, 40)))
    how = draw(st.sampled_from(("cut", "flip", "insert", "repeat", "drop")))
    if how == "cut":
        return data[:start], f"cut at {start}"
    if how == "flip":
        flipped = bytes(byte ^ draw(st.integers(1, 255)) for byte in data[start : start + 1])
        return data[:start] + flipped + data[start + 1 :], f"flip {start}"
    if how == "insert":
        return data[:start] + draw(st.binary(min_size=1, max_size=8)) + data[start:], f"insert at {start}"
    if how == "repeat":
        return data[:end] + data[start:], f"repeat {start}-{end}"
    return data[:start] + data[end:], f"drop {start}-{end}"
