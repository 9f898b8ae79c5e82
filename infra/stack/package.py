"""Packages a stage: Chalice's packager on a copy of the code alone, then the template and the zip
as they should be.

Chalice runs in a folder of its own, without requirements, because the dependencies come as our
layer; its interpreter decides nothing, runtime and architecture come by the merge. The same inputs
give the same bytes.
"""

import json
import os
import shutil
import subprocess  # nosec B404
import sys
import tempfile
from pathlib import Path

from infra.stack import sources, template
from infra.stack.archive import pack
from infra.stack.stage import ROOT, Stage

LEFT_OUT = ("__pycache__", "*.pyc", "*.po", "*.pot")


class PackagingError(Exception):
    """Chalice could not package the app; the message is what it said."""


def package(stage: Stage, folder: Path, layer: Path | None = None) -> None:
    """Leave ``template.json`` and ``deployment.zip`` in the folder, and ``layer.zip`` if given.

    Raises:
        PackagingError: the texts are not compiled, or Chalice could not.
        TemplateError: app.py and the configuration do not fit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        project = Path(name) / "project"
        _stage_copy(project)
        merge = Path(name) / "merge.json"
        merge.write_text(json.dumps(template.additions(stage)))
        made = Path(name) / "made"
        _chalice(project, stage, merge, made)
        whole = template.finished(json.loads((made / "sam.json").read_text()), stage)
        (folder / "template.json").write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n")
        pack(made / "deployment.zip", folder / "deployment.zip")
    if layer is not None:
        shutil.copyfile(layer, folder / "layer.zip")


def _stage_copy(project: Path) -> None:
    project.mkdir()
    shutil.copytree(
        ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns(*LEFT_OUT)
    )
    if not any((project / "chalicelib").rglob("*.mo")):
        raise PackagingError("The texts are not compiled: make setup does that.")
    shutil.copy(ROOT / "app.py", project)
    shutil.copytree(
        ROOT / ".chalice",
        project / ".chalice",
        ignore=shutil.ignore_patterns("deployments", "deployed"),
    )
    (project / "requirements.txt").touch()


def _chalice(project: Path, stage: Stage, merge: Path, made: Path) -> None:
    command = [sys.executable, "-c", "from chalice.cli import main; main()"]
    command += ["package", "--stage", stage.name, "--merge-template", str(merge), str(made)]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(project),
        "AWS_DEFAULT_REGION": "us-east-1",  # only for the names of AWS's services
        "PYTHONDONTWRITEBYTECODE": "1",
        **sources.STAND_INS,
    }
    done = subprocess.run(  # nosec B603
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PackagingError(f"chalice package failed:\n{done.stdout}{done.stderr}")
