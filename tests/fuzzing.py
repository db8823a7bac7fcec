"""Broken files, made on purpose: the check must answer with faults, never with a traceback."""

import json
import random
import shutil
from pathlib import Path

NUMBERS = ["9" * 5000, "-0", "1e999", "nan", "٣٤", "½", "1_000", "0x1F", " 7", "", "4" * 19, "1.5", "²"]
SCRAPS = [
    b'"',
    b",",
    b"\n",
    b"\r\n",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe5\xbb",
    b"\xf0\x9f\x98\x80",
    b'"\n"',
    b"\x1a",
    b"\xe2\x80\xa8",
]


def truncated(raw, dice):
    return raw[: dice.randrange(len(raw) + 1)]


def flipped(raw, dice):
    raw = bytearray(raw)
    for _ in range(dice.choice([1, 1, 5, 50])):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return bytes(raw)


def littered(raw, dice):
    for _ in range(dice.choice([1, 3, 20])):
        at = dice.randrange(len(raw) + 1)
        raw = raw[:at] + dice.choice(SCRAPS) + raw[at:]
    return raw


def holed(raw, dice):
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:first] + raw[last:]


def doubled(raw, dice):
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:last] + raw[first:]


def recoded(raw, dice):
    text = raw.decode("utf-8")
    return text.encode(
        dice.choice(["gb18030", "utf-16", "utf-32", "utf-7", "utf-8-sig", "latin-1"]), "replace"
    )


def line_ends(raw, dice):
    return raw.replace(b"\n", dice.choice([b"\r\n", b"\r", b"\n\n", b"", b"\x0b"]))


def noise(raw, dice):
    return dice.choice(
        [b"", dice.randbytes(2000), b"\n", b"\x00" * 500, b"\x89PNG\r\n\x1a\n" + dice.randbytes(300)]
    )


def cell_replaced(raw, dice):
    lines = raw.decode("utf-8").split("\n")
    at = dice.randrange(len(lines))
    cells = lines[at].split(",")
    cells[dice.randrange(len(cells))] = dice.choice(
        [
            *NUMBERS,
            "x" * 200_000,
            '"',
            "2019-13",
            "2019/2018",
            "1/2/3",
            "9999",
            "0000-00-00",
            "…",
            "...",
            "。",
        ]
    )
    return "\n".join([*lines[:at], ",".join(cells), *lines[at + 1 :]]).encode()


def column_dropped(raw, dice):
    lines = [line.split(",") for line in raw.decode("utf-8").split("\n")]
    at = dice.randrange(len(lines[0]))
    return "\n".join(",".join(cells[:at] + cells[at + 1 :]) for cells in lines).encode()


def shifted(raw, dice):
    lines = raw.decode("utf-8").split("\n")
    at = dice.randrange(len(lines))
    return "\n".join([*lines[:at], "," + lines[at], *lines[at + 1 :]]).encode()


def shuffled(raw, dice):
    lines = raw.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


def header_only(raw, dice):
    return raw.split(b"\n")[0] + dice.choice([b"", b"\n"])


def other_json(raw, dice):
    """For the descriptor: valid JSON of another shape somewhere inside."""
    try:
        package = json.loads(raw)
    except ValueError:
        return header_only(raw, dice)
    odd = dice.choice([None, [], {}, 0, -1.5, "", "x" * 50, [[]], True, {"name": 1}, ["[", "("]])
    holder, key = None, None
    while isinstance(package if holder is None else holder[key], (dict, list)) and dice.random() < 0.85:
        inner = package if holder is None else holder[key]
        if not inner:
            break
        holder, key = inner, dice.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
    if holder is None:
        return json.dumps(odd).encode()
    holder[key] = odd
    return json.dumps(package).encode()


def nested(raw, dice):
    return b"[" * 100_000


WAYS = [
    truncated,
    flipped,
    littered,
    holed,
    doubled,
    recoded,
    line_ends,
    noise,
    cell_replaced,
    cell_replaced,
    column_dropped,
    shifted,
    shuffled,
    header_only,
    other_json,
    nested,
]


def broken(folder, names, number, seed=1):
    """Break one file after another of a folder; yields what was done, and mends the file before the next.

    folder is a copy made for this; names are the files to break.
    """
    dice = random.Random(seed)
    sound = {name: (folder / name).read_bytes() for name in names}
    for _ in range(number):
        name, way = dice.choice(names), dice.choice(WAYS)
        path = folder / name
        if dice.random() < 0.01:
            path.unlink()
            if dice.random() < 0.5:
                path.mkdir()
            yield name, "missing, or a folder"
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.write_bytes(way(sound[name], dice))
            yield name, way.__name__
        path.write_bytes(sound[name])


def copy(data, folder, article=None):
    """A copy of a data folder to break, with the article in it as article.txt."""
    folder = Path(folder)
    shutil.copytree(data, folder, dirs_exist_ok=True)
    if article:
        shutil.copy(article, folder / "article.txt")
    return [path.name for path in folder.iterdir() if path.suffix in (".csv", ".json", ".txt")]
