"""The README's findings and gallery are those of the data and of the committed notebooks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import front

STALE = "make front writes it anew"


def test_the_findings_are_what_the_data_say():
    text = front.README.read_text(encoding="utf-8")
    assert front.readme(text) == text, f"README.md: findings or gallery are stale; {STALE}"


def test_the_pictures_are_those_of_the_notebooks():
    made = {name: picture for name, _, picture, _ in front.pictures()}
    found = {path.name: path.read_text(encoding="utf-8") for path in front.GALLERY.glob("*")}
    assert found == made, f"notebooks/gallery is stale; {STALE}"
