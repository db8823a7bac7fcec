"""Reading or running this project gives nobody else a way in: outputs carry marks and nothing that acts or
loads, JupyterLab is started for this machine and the holder of its token alone, and nothing is installed that
is not pinned by hash.
"""

import base64
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

import pytest
from servers import started

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

# Tags, tags of pictures and attributes that an output may have. Anything else needs a reason and a word here.
ALLOWED = (
    "a b br caption code dd details div dl dt em figcaption figure h2 h3 h4 i img li ol p small span strong"
    " sub summary sup table tbody td tfoot th thead tr ul",
    "circle clippath defs desc g line path polygon polyline rect style svg text title tspan use",
    "alt class colspan headers href id lang role rowspan scope src style tabindex title"
    " clip-path d height type transform version viewbox width x xlink:href xmlns xmlns:xlink y",
)
HTML, SVG, ATTRIBUTES = (set(words.split()) for words in ALLOWED)
PICTURE = "data:image/svg+xml;base64,"


class Marks(HTMLParser):
    """Every tag with its attributes, and the text between."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.styles = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.styles += [value for name, value in attrs if name == "style"]

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "style":
            self.styles.append(data)

    handle_decl = handle_pi = unknown_decl = lambda self, text: self.tags.append((f"!{text}", {}))


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def outputs(path):
    """(MIME type, text) of everything a notebook's cells put out."""
    for cell in cells(path):
        for output in cell.get("outputs", []):
            for kind, text in output.get("data", {}).items():
                yield kind, "".join(text)


def html(path):
    return Marks("\n".join(text for kind, text in outputs(path) if kind == "text/html"))


def pictures(page):
    sources = (attributes.get("src", "") for tag, attributes in page.tags if tag == "img")
    return [Marks(base64.b64decode(source.removeprefix(PICTURE)).decode()) for source in sources]


# ---- what an output carries ----


@each_notebook
def test_outputs_are_marked_up_text_and_nothing_else(path):
    assert {kind for kind, _ in outputs(path)} <= {"text/html", "text/plain"}
    assert not any(cell.get("attachments") for cell in cells(path))


@each_notebook
def test_outputs_use_only_tags_that_do_nothing(path):
    page = html(path)
    assert {tag for tag, _ in page.tags} <= HTML
    assert {tag for picture in pictures(page) for tag, _ in picture.tags} <= SVG


@each_notebook
def test_outputs_use_only_attributes_that_do_nothing(path):
    page = html(path)
    parts = [page, *pictures(page)]
    used = {name for part in parts for _, attributes in part.tags for name in attributes}
    odd = {name for name in used - ATTRIBUTES if not name.startswith(("aria-", "data-"))}
    assert not odd


@each_notebook
def test_pictures_stand_in_the_notebook_itself_and_have_alt_text(path):
    images = [attributes for tag, attributes in html(path).tags if tag == "img"]
    assert [image for image in images if not image.get("src", "").startswith(PICTURE)] == []
    assert all(image.get("alt") for image in images)


@each_notebook
def test_pictures_refer_to_themselves_only(path):
    for picture in pictures(html(path)):
        links = [a[name] for _, a in picture.tags for name in ("href", "xlink:href") if name in a]
        assert [link for link in links if not link.startswith("#")] == []


@each_notebook
def test_styles_load_nothing(path):
    page = html(path)
    styles = "\n".join([*page.styles, *(style for picture in pictures(page) for style in picture.styles)])
    assert not re.findall(r"@import|@font-face|url\((?!#)[^)]*\)?|expression\(|behavior:", styles)


@each_notebook
def test_links_are_plain_addresses(path):
    links = [attributes.get("href", "") for tag, attributes in html(path).tags if tag == "a"]
    assert [link for link in links if not re.match(r"https?://|#|(?:\.\./)*[\w./#-]+$", link)] == []


@each_notebook
def test_prose_holds_no_markup_and_no_picture(path):
    prose = "\n".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "markdown")
    assert not re.findall(r"!\[|<[a-z/!]|\]\((?:javascript|data|vbscript):", prose, re.IGNORECASE)


def test_what_acts_or_loads_would_be_seen():
    page = Marks("<p onclick='f()'><script src=x></script><iframe></iframe><style>@import url(x)</style>")
    assert {"script", "iframe", "style"} == {tag for tag, _ in page.tags} - HTML
    assert "onclick" not in ATTRIBUTES and page.styles == ["@import url(x)"]


# ---- JupyterLab as `make lab` starts it ----


def lab_command():
    """The command of `make lab`, with this Python and without a browser window."""
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    said = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    (line,) = [line for line in said.stdout.splitlines() if "jupyter lab" in line]
    words = shlex.split(line)
    options = words[words.index("lab") + 1 :]
    return [sys.executable, "-m", "jupyterlab", *options, "--no-browser", "--ServerApp.port=0"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """What a JupyterLab that `make lab` starts says of itself."""
    pytest.importorskip("jupyterlab")
    state = tmp_path_factory.mktemp("jupyter")
    own = {f"JUPYTER_{kind}_DIR": str(state / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    quiet = ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    log = state / "log.txt"
    with log.open("w") as file:
        command = [*lab_command(), *quiet, *root]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=file, stderr=file)
    try:
        yield started(process, state / "RUNTIME", log)
    finally:
        process.terminate()
        process.wait(30)


def status(server, token):
    """The HTTP status of the list of files."""
    address = f"http://127.0.0.1:{server['port']}/api/contents?token={token}"
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_lab_asks_for_its_token(server):
    assert len(server["token"]) >= 32 and not server["password"]
    assert (status(server, ""), status(server, "wrong")) == (403, 403)
    assert status(server, server["token"]) == 200


def test_lab_listens_on_this_machine_only(server):
    assert server["hostname"] == "127.0.0.1"
    with socket.create_connection(("127.0.0.1", server["port"]), timeout=30):
        pass
    outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with outside:
        try:
            outside.connect(("192.0.2.1", 9))  # sends nothing: the system names the address it would use
        except OSError:
            pytest.skip("this machine has no other address")
        address = outside.getsockname()[0]
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    with pytest.raises(OSError), socket.create_connection((address, server["port"]), timeout=5):
        pass


# ---- what is installed ----


@pytest.mark.parametrize("name", ["Makefile", "tools/setup.sh", "README.md", ".ci/run"])
def test_every_installation_is_hashed_or_of_this_project_alone(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    # Other versions than the locked ones, for `make lowest` and `make newest`, have no hashes here.
    # Who takes the library into an environment of their own takes this project by its address.
    other = r'--resolution|"langfang\[charts\] @ git\+'
    lines = [line for line in text.splitlines() if re.search(rf"\bpip install\b(?!.*(?:{other}))", line)]
    alone = ("--no-build-isolation", "--no-deps", "-e .")
    loose = [
        line
        for line in lines
        if "--require-hashes" not in line and not all(option in line for option in alone)
    ]
    assert not loose, (
        "install from a lock with --require-hashes, the project with --no-build-isolation --no-deps"
    )
