"""environment.yml as conda's own tools and Binder read it; no channel is asked and nothing is built."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_conda_can_read_what_is_asked_of_it(environment):
    rattler = pytest.importorskip("rattler", reason="py-rattler is not installed; run `make test-browser`")
    specs = [rattler.MatchSpec(spec) for spec in environment["dependencies"] if isinstance(spec, str)]
    assert {spec.name.normalized for spec in specs} == {"python", "pip"}


def test_nothing_but_conda_forge_is_asked(environment):
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_binder_would_build_the_environment_and_the_project():
    pytest.importorskip("repo2docker", reason="jupyter-repo2docker is not installed; run `make test-browser`")
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said[-2000:]
    assert re.search(r"env update .*\benvironment\.yml", said), "Binder does not use environment.yml"
    copied, updated = said.rindex("COPY --chown"), said.rindex("env update")
    assert copied < updated, "the project has to be there when `-e .` is installed"
