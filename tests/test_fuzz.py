"""Whatever the files hold, the check answers with faults and never with a traceback.

A few broken files of each kind, with the profile ``ci`` more of them; ``make fuzz`` runs many.
"""

import json
import shutil
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sources import ROOT, article_path

from langfang import check
from langfang.proof.check import check_tables, read_tables
from langfang.proof.schema import check_hashes, read_descriptor

FILES = sorted(path.name for path in (ROOT / "data").iterdir() if path.suffix in (".csv", ".json"))
TRIES = max(6, settings.default.max_examples // 10)
EVERYDAY = settings.default.max_examples < 100
SCRAPS = [
    b'"',
    b",",
    b"\n",
    b"\r\n",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1a",
    b"\xe2\x80\xa8",
    b'"\n"',
]
CELLS = [
    "nan",
    "1e999",
    "-0",
    "9" * 5000,
    "٣٤",
    "½",
    "²",
    "2019-13",
    "2019/2018",
    "1/2/3",
    "..",
    "…",
    "{0}",
    "x" * 99_999,
]
SHAPES = [b"null", b"[]", b"{}", b"-1.5", b"true", b'{"name":1}', b'["[","("]']
NESTED = (0, 10**9, b"[" * 100_000)


@st.composite
def changes(draw):
    """(first byte, last byte, what stands there instead): a cut, a scrap, another cell, noise."""
    first = draw(st.integers(0, 400_000))
    length = draw(st.sampled_from([0, 1, 8, 200, 10**9]))
    cell = st.sampled_from(CELLS).map(lambda text: f",{text},".encode())
    new = st.one_of(
        st.sampled_from(SCRAPS), cell, st.sampled_from(SHAPES), st.binary(max_size=50), st.just(b"")
    )
    return first, first + length, draw(new)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return Path(shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("fuzz") / "data"))


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=TRIES, suppress_health_check=list(HealthCheck))
@given(change=changes())
@example(change=NESTED)
def test_a_broken_file_gives_faults_and_no_traceback(folder, name, change):
    sound = (folder / name).read_bytes()
    first, last = (place % (len(sound) + 1) if place < 10**9 else place for place in change[:2])
    (folder / name).write_bytes(sound[:first] + change[2] + sound[max(first, last) :])
    try:
        check(folder, article_path())
    finally:
        (folder / name).write_bytes(sound)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["facts.csv", "mentions.csv", "datapackage.json"])
def test_another_encoding_gives_faults_and_no_traceback(folder, name, encoding):
    sound = (folder / name).read_bytes()
    (folder / name).write_bytes(sound.decode().encode(encoding))
    try:
        assert check(folder)
    finally:
        (folder / name).write_bytes(sound)


def nodes(value, path=()):
    """Every place inside of a JSON value; of a list the first and the last item stand for all."""
    yield path
    inner = value.items() if isinstance(value, dict) else _ends(value)
    for key, item in inner:
        yield from nodes(item, (*path, key))


def _ends(value):
    return {0: value[0], len(value) - 1: value[-1]}.items() if value and isinstance(value, list) else ()


@pytest.mark.parametrize("odd", [None, [], {}, 0, -1.5, "", [[]], True, ["[", "("]], ids=json.dumps)
def test_a_descriptor_of_another_shape_gives_no_traceback(folder, odd):
    """Each part of what it says of one table is in turn something else; a third of them but for ``ci``."""
    sound = (folder / "datapackage.json").read_text(encoding="utf-8")
    whole = json.loads(sound)
    whole["resources"] = [resource for resource in whole["resources"] if resource["name"] == "paragraphs"]
    tables, text = read_tables(folder)[0], json.dumps(whole)
    paths = list(nodes(whole))[1:]
    for path in paths[len(json.dumps(odd)) % 3 :: 3] if EVERYDAY else paths:
        package = json.loads(text)
        holder = reduce(lambda value, key: value[key], path[:-1], package)
        holder[path[-1]] = odd
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        described, schemas, _ = read_descriptor(folder)
        list(check_hashes(folder, described))
        check_tables(tables, schemas)
    (folder / "datapackage.json").write_text(sound, encoding="utf-8")


def test_a_folder_in_place_of_a_file_is_a_fault(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "data")
    (tmp_path / "data" / "units.csv").unlink()
    (tmp_path / "data" / "units.csv").mkdir()
    assert any(fault.file == "units.csv" for fault in check(tmp_path / "data"))
