"""Files are read with the line of every row and written whole or not at all."""

import stat

import pytest

import langfang as lf
from langfang.data.files import write_whole
from langfang.data.tables import LARGEST, Fault, nearest, open_folder, read_bytes, read_table
from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity


def table(folder, text):
    (folder / "t.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(folder / "t.csv")


def test_a_fault_says_its_place_and_shortens_what_is_long():
    assert str(Fault("a.csv", 0, "", "x", "y")) == "a.csv: 'x' – expected y"
    assert str(Fault("a.csv", 3, "b", "x" * 60, "y")) == f"a.csv, row 3, b: '{'x' * 60}' – expected y"
    assert str(Fault("a.csv", 3, "b", "x" * 61, "y")) == f"a.csv, row 3, b: '{'x' * 57}...' – expected y"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\n1,2\n3,4\n", [2, 3]),
        ('a,b\n1,"2\n2"\n3,4\n', [2, 4]),
        ('a,b\n"1\n\n1",2\n3,4\n5,"6\n"\n7,8\n', [2, 5, 6, 8]),
        ("a,b\n\n1,2\n\n\n3,4\n", [3, 6]),
        ("a,b\n1,2\n" + 600 * "\n" + "3,4\n", [2, 603]),
    ],
)
def test_every_row_has_its_line(tmp_path, text, lines):
    found = table(tmp_path, text)
    assert found.lines == lines and not found.broken
    assert [row["line"] for row in found.rows] == lines
    assert [found.row(n) for n in range(len(lines))] == found.rows
    assert {len(cells) for cells in found.columns.values()} == {len(lines)}


def test_long_tables_are_read_like_short_ones(tmp_path):
    """Rows come in batches, and columns of many texts are not looked through for repetitions."""
    found = table(tmp_path, "a,b\n" + "".join(f"{n},{n % 7}\n" for n in range(6000)))
    assert found.columns["a"] == [str(n) for n in range(6000)] and found.lines[-1] == 6001
    assert found.columns["b"][::1000] == [str(n % 7) for n in range(0, 6000, 1000)]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a,a\n1,2\n", ["t.csv, row 1: 'a,a' – expected a header line of column names that differ"]),
        ("", ["t.csv, row 1: '' – expected a header line of column names that differ"]),
        ("a,b\n1\n", ["t.csv, row 2: '1 cells' – expected 2 cells, as in the header"]),
        ("a,b\n1,2\n1,2,3\n4,5\n", ["t.csv, row 3: '3 cells' – expected 2 cells, as in the header"]),
        (
            'a,b\n1\n"2,3\n',
            [
                "t.csv, row 2: '1 cells' – expected 2 cells, as in the header",
                "t.csv, row 3: 'unexpected end of data' – "
                "expected CSV as in RFC 4180 (a row, its quotes closed)",
            ],
        ),
        (b"\n\xff\n", ["t.csv, row 2: \"b'\\\\xff\\\\n'\" – expected text in UTF-8"]),
        (b"a,b\n1,123\n\xff45678901\n", ["t.csv, row 3: \"b'\\\\xff4567890'\" – expected text in UTF-8"]),
        (b"a,b\n1,\xff\n", ["t.csv, row 2: \"b'\\\\xff\\\\n'\" – expected text in UTF-8"]),
    ],
)
def test_what_is_broken_is_said_with_its_line(tmp_path, text, faults):
    assert [str(fault) for fault in table(tmp_path, text).broken] == faults


def test_a_carriage_return_is_said_with_its_line(tmp_path):
    assert [fault.row for fault in table(tmp_path, b"\n\na,b\r\n1,2\n").untidy][:1] == [3]


def test_a_file_that_is_too_large_is_refused_as_a_whole(tmp_path):
    with (tmp_path / "t.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert [fault.row for fault in read_bytes(tmp_path / "t.csv")[1]] == [0]


def test_a_link_that_leads_nowhere_is_no_hindrance(small_data):
    (small_data / "gone.csv").symlink_to(small_data / "nowhere.csv")
    assert len(open_folder(small_data).table("areas").rows) == 2


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (b"\xef\xbb\xbfa\n1\n", [(1, "UTF-8 without a byte-order mark")]),
        ("a\n1\n2\r\n", [(3, "line ends LF, nothing else")]),
        ("a\n1\n\n2\n\n", [(3, "no empty line"), (5, "no empty line")]),
        ("a\n", [(1, "at least one row below the header")]),
        ("a\n1\n", []),
    ],
)
def test_what_is_untidy_is_said_with_its_line_and_read(tmp_path, text, faults):
    found = table(tmp_path, text)
    assert [(fault.row, fault.expected) for fault in found.untidy] == faults
    assert not found.broken and list(found.columns) == ["a"]


def test_what_cannot_be_read_says_why(tmp_path):
    assert str(read_bytes(tmp_path / "t.csv")[1][0]).startswith(
        "t.csv: 'No such file or directory' – expected"
    )
    assert "null" in str(read_bytes(tmp_path / "t\0.csv")[1][0])
    assert str(read_bytes(tmp_path)[1][0]).endswith("'no plain file' – expected a file that can be read")


@pytest.mark.parametrize("cells", ["x\n\n", "x\nx\n"])
def test_ids_differ_and_are_never_empty(tmp_path, cells):
    found = table(tmp_path, "a,b\n" + "".join(f"{cell},1\n" for cell in cells.split("\n")[:2]))
    with pytest.raises(LangfangError, match=r"t.csv, row 3, a: .* – expected an id of its own"):
        found.index("a")
    with pytest.raises(LangfangError, match=r"t.csv, row 1: 'a,b' – expected a column c"):
        found.column("c")


def test_only_three_names_are_offered():
    long = [f"pm25_{place}_mean_of_the_year" for place in "abcd"]
    assert nearest("pm25", long) == f"; did you mean {', '.join(long[:3])}?"
    assert nearest("house", [f"house{n}" for n in range(9)]).count("house") == 3
    assert nearest("pm25", ["households"]) == nearest("", ["a"]) == ""


# ---- load ----


def test_an_unknown_table_gets_the_nearest_or_all_there_are(small_data, tmp_path):
    with pytest.raises(LangfangError, match=r"no table 'zzz' in .*; it holds areas, facts, glossary, "):
        lf.load("zzz", data=small_data)
    (tmp_path / "empty").mkdir()
    with pytest.raises(LangfangError, match="it holds none"):
        lf.load("zzz", data=tmp_path / "empty")


def test_a_mention_in_the_first_row_counts(small_data):
    path = small_data / "mentions.csv"
    path.write_text(
        path.read_text("utf-8").replace("report,2,5,31%,,fact,forest_share-2018,,\n", ""), "utf-8"
    )
    facts = lf.load(data=small_data).set_index("fact_id")
    assert facts.loc["forest_share-2018", ["paragraph", "text"]].tolist() == [1, "31.0%"]


def test_a_place_is_never_empty(small_data):
    path = small_data / "mentions.csv"
    path.write_text(path.read_text("utf-8").replace("report,1,20,", "report,1,,"), "utf-8")
    with pytest.raises(LangfangError, match=r"mentions\.csv, row 4, start: '' – expected a whole number"):
        lf.load(data=small_data)


def test_a_unit_without_its_scale_in_its_name_gives_no_word(small_data):
    path = small_data / "units.csv"
    path.write_text(path.read_text("utf-8") + "大吨,heap,tonne,10000,false\n", "utf-8")
    heap = Quantity(50_000, 49_500, 50_500, "tonne")
    assert lf.in_chinese(heap, data=small_data) == "5.0万tonne"
    path.write_text(path.read_text("utf-8") + "万吨,ten thousand tonnes,tonne,10000,false\n", "utf-8")
    assert lf.in_chinese(heap, data=small_data) == "5.0万吨"


def test_the_word_of_a_unit_is_found_behind_the_largest_scale(small_data):
    path = small_data / "units.csv"
    path.write_text(path.read_text("utf-8") + "万亿贯,trillion strings,string,1000000000000,false\n", "utf-8")
    assert lf.in_chinese(Quantity.exact(5 * 10**12, "string"), data=small_data) == "50000亿贯"


def test_of_many_names_six_are_listed(small_data):
    path, line = (
        small_data / "facts.csv",
        "firms-{0},firms,a{0},2018,stated,actual,1,家,as_printed,,report,\n",
    )
    path.write_text(path.read_text("utf-8") + "".join(map(line.format, range(7))), "utf-8")
    areas = "".join(f"a{n},A,地,,\n" for n in range(7))
    (small_data / "areas.csv").write_text((small_data / "areas.csv").read_text("utf-8") + areas, "utf-8")
    with pytest.raises(LangfangError, match="areas: a0, a1, a2, a3, a4, a5 and 2 more; choose"):
        lf.series("firms", data=small_data)


# ---- write ----


def test_a_file_is_written_whole_and_only_where_it_changes(tmp_path):
    path = tmp_path / "a.txt"
    assert write_whole(path, "one") is True and path.read_text("utf-8") == "one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o600)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert write_whole(path, "one") is False
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert write_whole(path, "廊坊") is True and path.read_text("utf-8") == "廊坊"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("one", "utf-8")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "no space")))
    with pytest.raises(
        LangfangError, match=r"a.txt: cannot be written \(no space\); the file is left as it was"
    ):
        write_whole(path, "two")
    assert path.read_text("utf-8") == "one" and [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
