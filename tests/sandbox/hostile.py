"""What somebody may send who means no good: JSON as text, so that it may hold what Python cannot."""

import copy
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Path = tuple[str | int, ...]

HERE = "\x00here"
WORDS = ["", "auto", "\x00", "\u202e", "🦀" * 80, "x" * 70_000, "../../etc/passwd", "{{item.a}}"]


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + closing * depth


LITERALS = [
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e308", "-0.0", "1e-320"),
    *("1" + "0" * 400, "-1" + "0" * 400, "1" + "0" * 5000, str(2**63), str(2**64), "-1", "0"),
    *('"\\ud800"', '{"\\udfff": 1}', '"\\u0000"', "", "{", "nul", "true", "null", "[]", "{}"),
    *(nested("[", "]", depth) for depth in (50, 300, 900, 990, 100_000)),
    *(nested('{"a":[', "]}", depth) for depth in (50, 300, 450, 490, 50_000)),
]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(WORDS)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
texts = st.sampled_from(LITERALS) | values.map(json.dumps)
escapes = st.binary(max_size=12).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw))
"""Any bytes as they stand in an address."""


def spoilt(good: Any) -> SearchStrategy[str]:
    """The JSON of something good with one of its values, or one more key, as bad as can be."""
    places = [*_places(good)]
    extra = [
        (*place, "unheard_of") for place in [(), *places] if isinstance(_at(good, place), dict)
    ]
    return st.builds(
        lambda place, text: _with(good, place, text), st.sampled_from([*places, *extra]), texts
    )


def _places(good: Any, place: Path = ()) -> list[Path]:
    inner = good.items() if isinstance(good, dict) else enumerate(good)
    found = []
    for key, value in inner:
        found.append((*place, key))
        if isinstance(value, dict | list):
            found += _places(value, (*place, key))
    return found


def _at(good: Any, place: Path) -> Any:
    for key in place:
        good = good[key]
    return good


def _with(good: Any, place: Path, text: str) -> str:
    changed = copy.deepcopy(good)
    _at(changed, place[:-1])[place[-1]] = HERE
    return json.dumps(changed).replace(json.dumps(HERE), text)


@st.composite
def forms(draw: st.DrawFn, *fields: str) -> tuple[bytes, bytes]:
    """A content type, and a form that may be right, may be wrong and may be none."""
    mark = draw(st.sampled_from([b"mark", b"", b"m" * 300, b'"', b"\xc3\xa9"]))
    charset = draw(st.sampled_from(["", "; charset=utf-16", "; charset=idna", "; charset=none"]))
    parts = draw(st.lists(_parts(fields), max_size=5))
    content = b"".join(b"--mark\r\n" + part for part in parts)
    end = draw(st.sampled_from([b"--mark--\r\n", b"", b"--mark", b"\x00"]))
    kind = draw(
        st.sampled_from(
            [
                f"multipart/form-data; boundary={mark.decode()}{charset}",
                *("multipart/form-data", f"application/x-www-form-urlencoded{charset}", "a/b", ""),
            ]
        )
    )
    return kind.encode(), content + end


def _parts(fields: tuple[str, ...]) -> SearchStrategy[bytes]:
    names = st.sampled_from([*fields, "", "\x00", "é"])
    files = st.sampled_from(["", '; filename="a.jsonl"', '; filename=""', "; filename*=x''%ff"])
    more = st.sampled_from(["", "Content-Type: \xff/\xff\r\n", "X: y\r\n" * 200, ": \r\n"])
    said = st.sampled_from([b"fine-tune", b"created_at", b"3600", b"9" * 5000, b"\xff\x00", b""])
    return st.builds(
        lambda name, file, header, content: (
            f'Content-Disposition: form-data; name="{name}"{file}\r\n{header}\r\n'.encode("latin-1")
            + content
            + b"\r\n"
        ),
        names,
        files,
        more,
        said | st.binary(max_size=9),
    )
