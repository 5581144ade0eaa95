"""A page deflates as zlib does, byte for byte, inflates what zlib has deflated, and computes SHA-256."""

import base64
import hashlib
import json
import zlib

import numpy as np
import pytest

from .in_page import in_page, needs_node

pytestmark = needs_node


def texts():
    """Bytes of many kinds and lengths."""
    random = np.random.default_rng(1986)
    words = b"epsilon alpha 0.1 0.9 symmetry hidden units [0,1] \xce\xb5 {} :".split()
    found = [b"", b"a", b"ab", b"abc", b"aaaa", b"a" * 3000, bytes(range(256)) * 3]
    for k in range(150):
        n = int(random.integers(1, 60 * (k + 1)))
        letters = int(random.choice([1, 2, 5, 60]))
        found.append(bytes(random.geometric(1 / letters, n).clip(1, 127).astype(np.uint8)))
        found.append(b" ".join(words[i] for i in random.integers(0, len(words), n)))
    numbers = json.dumps(random.uniform(-1, 1, 3000).tolist()).encode()
    found += [numbers, base64.b64encode(random.uniform(-1, 1, 5000).tobytes()), numbers * 5]
    fibonacci = [1, 1]
    while sum(fibonacci) < 60_000:  # codes that are longer than 15 bits
        fibonacci.append(sum(fibonacci[-2:]))
    deep = np.repeat(np.arange(65, 65 + len(fibonacci), dtype=np.uint8), fibonacci)
    return [*found, bytes(random.permutation(deep)[:16_000]), bytes(random.permutation(deep))]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    code = """
    return told.map((text) => {
      const bytes = Buffer.from(text, "base64"), packed = page.deflate(bytes);
      const back = Buffer.from(page.inflate(packed, 400000)).equals(bytes);
      return [Buffer.from(packed).toString("base64"), back, page.sha256(bytes)];
    });
    """
    told = [base64.b64encode(text).decode() for text in texts()]
    return in_page(tmp_path_factory.mktemp("page"), code, told, modules=("deflate", "inflate", "sha256"))


def deflated(text, level=9):
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    return deflate.compress(text) + deflate.flush()


def test_it_deflates_byte_for_byte_as_zlib_does(found):
    if "ng" in zlib.ZLIB_RUNTIME_VERSION:
        pytest.skip("this Python has another library in zlib's place")
    wrong = [k for k, text in enumerate(texts()) if base64.b64decode(found[k][0]) != deflated(text)]
    assert wrong == []


def test_it_inflates_what_was_deflated(found):
    assert all(back for _, back, _ in found)
    for text, (packed, _, _) in zip(texts(), found, strict=True):
        assert zlib.decompress(base64.b64decode(packed), -15) == text


def test_digests_are_those_of_hashlib(found):
    assert [digest for _, _, digest in found] == [hashlib.sha256(text).hexdigest() for text in texts()]


def test_it_inflates_what_any_level_has_made_and_refuses_the_rest(tmp_path):
    some = texts()[-6:]
    whole = [deflated(text, level) for text in some for level in (0, 1, 6)]
    cut = [packed[: len(packed) // 2] for packed in whole]
    code = """
    const bytes = (text) => Buffer.from(text, "base64"), inflated = (text, most) => {
      try { return page.sha256(page.inflate(bytes(text), most)); } catch (wrong) { return wrong.message; }
    };
    return [told[0].map((text) => inflated(text, 400000)), told[1].map((text) => inflated(text, 400000)),
      inflated(told[0][0], 100)];
    """
    told = [[base64.b64encode(packed).decode() for packed in part] for part in (whole, cut)]
    found = in_page(tmp_path, code, told, modules=("inflate", "sha256"))
    assert found[0] == [hashlib.sha256(text).hexdigest() for text in some for _ in range(3)]
    assert set(found[1]) <= {"cut short", "damaged"}
    assert found[2] == "too long"
