"""What the browser tests share: the notebooks there are, a visit in JupyterLab, questions asked of a page."""

import json
import re
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN_SECONDS = 180


@cache
def committed():
    """The names of the notebooks in git; what is not committed, no visitor gets."""
    command = ["git", "-C", str(ROOT), "ls-tree", "--name-only", "HEAD", "notebooks/"]
    done = subprocess.run(command, capture_output=True, text=True)
    return [Path(line).stem for line in done.stdout.splitlines() if line.endswith(".ipynb")]


def alt_texts(path):
    """The alt text of every image in a notebook file, in order; None where it has none."""
    found = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "img":
                found.append(dict(attrs).get("alt"))

    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            Images().feed("".join(output.get("data", {}).get("text/html", [])))
    return found


# ---- questions asked in the browser ----

# Characters for which a blank box is drawn: they look as one that no font can have.
TOFU = """text => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 40, height: 40});
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    const seen = char => {
        pen.clearRect(0, 0, 40, 40);
        pen.font = '20px ' + getComputedStyle(document.body).fontFamily;
        pen.fillText(char, 8, 30);
        return pen.getImageData(0, 0, 40, 40).data.join();
    };
    const box = ['\\uffff', '\\u{10ffff}', '\\u0378'].map(seen), blank = seen(' ');
    const drawn = [...new Set(text)].filter(char => /[^\\s\\p{Cc}\\p{Cf}]/u.test(char));
    return drawn.filter(char => box.includes(seen(char)) || seen(char) === blank);
}"""

# Images that do not show, with the reason.
UNSEEN = """images => images.map(image => {
    const box = image.getBoundingClientRect();
    return !image.complete || !image.naturalWidth ? 'is not loaded'
        : !image.checkVisibility({opacityProperty: true, visibilityProperty: true}) ? 'is hidden'
        : box.width < 100 || box.height < 50 ? 'is tiny' : '';
})"""

AXE = {"resultTypes": ["violations"]}


def colour(css):
    """`rgb(1, 2, 3)` as `#010203`."""
    red, green, blue = (int(part) for part in css[css.index("(") + 1 : css.index(")")].split(",")[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def serious(page, context, options=AXE):
    """What axe-core finds serious or critical, as `rule: element: reason`."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context, options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


# ---- a visit in JupyterLab ----

READY = """() => {
    const tab = window.jupyterapp?.shell.currentWidget;
    return tab?.context?.isReady && tab.content.widgets.length > 0
        && tab.sessionContext?.session?.kernel?.status === 'idle';
}"""

# Scroll to every cell, as a reader does, and note each image and each output on the way.
READ = """async () => {
    const notebook = jupyterapp.shell.currentWidget.content, images = [], outputs = [];
    const unseen = UNSEEN;
    for (const [i, cell] of notebook.widgets.entries()) {
        await notebook.scrollToItem(i, 'smart');
        await new Promise(requestAnimationFrame);
        if (!cell.outputArea) continue;
        const nodes = [...cell.outputArea.node.querySelectorAll('.jp-OutputArea-output')];
        await Promise.all([...cell.node.querySelectorAll('img')].map(image => image.decode().catch(() => 0)));
        for (const image of cell.node.querySelectorAll('img'))
            images.push({alt: image.getAttribute('alt'), fault: unseen([image])[0]});
        for (let n = 0; n < cell.outputArea.model.length; n++) {
            const output = cell.outputArea.model.get(n), html = output.data['text/html'];
            const meant = new DOMParser().parseFromString(html || '', 'text/html').body.textContent;
            outputs.push({cell: cell.model.id, type: output.type, mime: nodes[n]?.dataset.mimeType,
                          whole: nodes[n]?.textContent === meant, said: nodes[n]?.textContent.slice(0, 200)});
        }
    }
    return {images, outputs, trusted: notebook.widgets.filter(cell => cell.model.trusted).length,
            counts: notebook.widgets.map(cell => cell.model.executionCount).filter(Boolean)};
}""".replace("UNSEEN", UNSEEN)

# Click the first link to another notebook.
FOLLOW = """async name => {
    const notebook = jupyterapp.shell.currentWidget.content;
    for (const i of notebook.widgets.keys()) {
        await notebook.scrollToItem(i, 'smart');
        await new Promise(done => setTimeout(done, 100));  // Markdown is drawn when it comes into sight
        const link = notebook.widgets[i].node.querySelector(`a[href*="${name}.ipynb"]`);
        if (link) return link.click();
    }
    throw Error(`no link to ${name}.ipynb`);
}"""

RUN = """() => {
    window.ran = undefined;
    jupyterapp.commands.execute('notebook:restart-run-all')
        .then(all => window.ran = {all}, fault => window.ran = {fault: String(fault)});
}"""

SAVE = "jupyterapp.commands.execute('docmanager:save').then(() => true)"
THEME = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme}).then(() => true)"
# Every text of ours with its colour and the first behind it; axe-core sees no text in JupyterLab's panels.
TEXTS = """() => [...document.querySelectorAll('.jp-OutputArea-output *, .jp-RenderedMarkdown *')]
    .filter(each => [...each.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim()))
    .map(each => {
        const paint = part => getComputedStyle(part).backgroundColor;
        let behind = each;
        while (paint(behind).endsWith(', 0)')) behind = behind.parentElement;
        const text = each.textContent.trim().slice(0, 60);
        return {text, ink: getComputedStyle(each).color, behind: paint(behind)};
    })"""


class Visit:
    """Open, read, look at it in the dark theme, restart and run all, read again, save: what was seen."""

    def __init__(self, page, url, token, path):
        self.page, self.path = page, path
        self.committed, self.alts = path.read_text(encoding="utf-8"), alt_texts(path)
        self.errors, self.foreign = [], []
        self._listen(url)
        page.goto(f"{url}lab/tree/notebooks/{path.name}?reset&token={token}")
        page.wait_for_function(READY, timeout=RUN_SECONDS * 1000)
        self.opened = page.evaluate(READ)
        self.texts = self._in_the_dark()
        self.ran = self._run()
        self.rerun = page.evaluate(READ)
        page.evaluate(SAVE)
        self.saved = path.read_text(encoding="utf-8")

    def _listen(self, url):
        own = (url, url.replace("http", "ws", 1), "data:", "blob:")

        def asked(what):
            if not what.url.startswith(own):
                self.foreign.append(what.url)

        self.page.on("request", asked)
        self.page.on("websocket", asked)
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.errors.append(str(fault)))

    def _in_the_dark(self):
        self.page.evaluate(THEME, "JupyterLab Dark")
        self.page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
        texts = self.page.evaluate(TEXTS)
        self.page.evaluate(THEME, "JupyterLab Light")
        return texts

    def _run(self):
        self.page.evaluate(RUN)
        self.page.click(".jp-Dialog .jp-mod-accept")
        self.page.wait_for_function("window.ran", timeout=RUN_SECONDS * 1000)
        return self.page.evaluate("window.ran")

    def saved_but_for_the_version(self):
        """The saved file without the one line that a kernel may add: its version."""
        return re.sub(r',\n\s*"version": "[\d.]+"(?=\n)', "", self.saved)
