"""One Chromium, one JupyterLab and one conversion for the whole session; tests look at what is committed.

`make test-browser` runs these. They need Chromium and a Chinese font from the system. Where these are missing
the tests are skipped and say what to install; in CI it is an error.
"""

import os
import shutil
import subprocess
import sys

import pytest
from seeing import ROOT, TOFU, Visit, committed
from servers import started

INSTALL = "On Debian and Ubuntu: apt-get install chromium fonts-noto-cjk"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing of Chromium's own business on the network; any name but the server's address cannot be resolved.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-pings",
]


def pytest_report_header():
    return f"browser tests look at what is committed: {', '.join(committed()) or 'no notebook'}"


def missing(what):
    """Stop for want of a program: an error in CI, elsewhere a skip that says what to install."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} {INSTALL}")


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="`make test-browser` installs Playwright")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing("No Chromium found (CHROMIUM=/path/to/it names one).")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *root])
        page = browser.new_page()
        if page.evaluate(TOFU, "廊坊"):
            missing("Chromium has no font for Chinese.")
        page.close()
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A fresh clone, in which Jupyter trusts no notebook."""
    folder = tmp_path_factory.mktemp("fresh") / "langfang"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def env(clone, tmp_path_factory):
    """The environment of Jupyter: nobody's own settings, and the clone's library and data."""
    state = tmp_path_factory.mktemp("state")
    places = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"]
    own = {name: str(state / name.lower()) for name in places}
    return {**os.environ, **own, "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONPATH": str(clone / "src")}


@pytest.fixture(scope="session")
def lab(clone, env, tmp_path_factory):
    """The address of a JupyterLab on the loopback interface, with its token as query."""
    said = tmp_path_factory.mktemp("lab") / "log.txt"
    options = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--ServerApp.root_dir={clone}",
        "--LabApp.expose_app_in_browser=True",
        # The server would ask the network for news and newer versions of itself.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
    ]
    with said.open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        found = started(server, env["JUPYTER_RUNTIME_DIR"], said)
        yield found["url"], found["token"]
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="session")
def window(chromium):
    """One browser window for JupyterLab: it loads the program once."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module", params=committed(), ids=str)
def visit(request, window, lab, clone):
    """All that a visitor of one notebook does in JupyterLab, and what was seen on the way."""
    page = window.new_page()
    seen = Visit(page, *lab, clone / "notebooks" / f"{request.param}.ipynb")
    # JupyterLab's own redrawing now and then removes a node twice on a busy machine; our outputs hold no
    # script (tests/test_security.py) and cannot remove any.
    seen.errors = [error for error in seen.errors if "execute 'removeChild' on 'Node'" not in error]
    yield seen
    page.close()


@pytest.fixture(scope="session")
def converted(clone, env, tmp_path_factory):
    """The folder with every notebook as nbviewer renders it."""
    folder = tmp_path_factory.mktemp("html")
    books = [str(clone / "notebooks" / f"{name}.ipynb") for name in committed()]
    options = ["--to", "html", "--template", "lab", "--output-dir", str(folder)]
    command = [sys.executable, "-m", "nbconvert", *options, *books]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"nbconvert: {done.stderr[-2000:]}"
    return folder


@pytest.fixture(scope="module", params=committed(), ids=str)
def page(request, chromium, converted):
    """A notebook as nbviewer shows it; what it asks of the network is noted and refused."""
    page = chromium.new_page(viewport={"width": 1100, "height": 800})
    page.name, page.asked, page.errors = request.param, [], []
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: page.errors.append(str(fault)))

    def answer(route):
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            page.asked.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    page.goto((converted / f"{request.param}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    yield page
    page.close()
