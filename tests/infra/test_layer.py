"""The dependency layer: of the lock alone, the same each time, and whole."""

import ast
import hashlib
import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from layers import contents, services, wheels
from layers.build import build
from layers.lock import wanted
from layers.target import LAMBDA, LayerError, Target, host, interpreter

PROBE = "clubkeeper_probe"
METADATA = f"Metadata-Version: 2.1\nName: {PROBE}\nVersion: 1.0\n"
TOOLING = {"click", "inquirer", "pyyaml", "pip", "setuptools", "wheel"}
"""What Chalice needs to package and deploy, and not to run."""


def test_the_lock_holds_the_versions_of_the_requirements() -> None:
    assert wheels.pins(wheels.LOCK) == wanted()
    lines = wheels.LOCK.read_text().replace("\\\n", " ").splitlines()
    assert all("--hash=sha256:" in line for line in lines if not line.startswith("#"))


class Shelf:
    """A folder with a wheel of its own making, and a lock that names it; no index is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = folder / "lock.txt"
        self.kept = folder / "kept"
        self.kept.mkdir()

    def wheel(self, content: bytes = b"x = 1\n", tag: str = "py3-none-any") -> None:
        """Put a wheel there, and its hash into the lock."""
        file = self.kept / f"{PROBE}-1.0-{tag}.whl"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(f"{PROBE}/__init__.py", content)
            archive.writestr(f"{PROBE}/tests/test_x.py", "y = 1\n")
            archive.writestr(f"{PROBE}-1.0.dist-info/METADATA", METADATA)
            archive.writestr(f"{PROBE}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
            archive.writestr(f"{PROBE}-1.0.dist-info/licenses/LICENSE", "free")
            archive.writestr(f"{PROBE}-1.0.dist-info/RECORD", "")
        self.pin(hashlib.sha256(file.read_bytes()).hexdigest())

    def pin(self, digest: str) -> None:
        """Write the lock."""
        self.lock.write_text(f"{PROBE}==1.0 --hash=sha256:{digest}\n")

    def build(self, target: Target | None = None) -> dict[str, bytes]:
        """Build, and read what was built."""
        out = self.folder / "layer.zip"
        build(target or host(), out, self.lock, self.kept)
        with zipfile.ZipFile(out) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty one."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return Shelf(tmp_path)


def test_a_layer_is_the_same_whenever_it_is_built(shelf: Shelf) -> None:
    shelf.wheel(b"x = {'a', 'b', 'c', 'd'}\nif x in {'a', 'b', 'c'}: pass\n")
    one = shelf.build()
    for file in shelf.kept.iterdir():
        os.utime(file, (1, 1))
    assert shelf.build() == one
    tag = sys.implementation.cache_tag
    assert sorted(one) == [
        f"python/{PROBE}-1.0.dist-info/METADATA",
        f"python/{PROBE}-1.0.dist-info/licenses/LICENSE",
        f"python/{PROBE}/__init__.py",
        f"python/{PROBE}/__pycache__/__init__.{tag}.pyc",
    ]
    # flags of byte code that is valid whatever its source's time: hashed, and unchecked
    assert one[f"python/{PROBE}/__pycache__/__init__.{tag}.pyc"][4:8] == b"\x01\0\0\0"


def test_a_wheel_with_another_hash_is_refused(shelf: Shelf) -> None:
    shelf.wheel()
    shelf.pin("0" * 64)
    with pytest.raises(LayerError, match="DO NOT MATCH THE HASHES"):
        shelf.build()


def test_nothing_is_built_from_source(shelf: Shelf) -> None:
    source = shelf.kept / f"{PROBE}-1.0.tar.gz"
    source.write_bytes(b"never looked at")
    shelf.pin(hashlib.sha256(source.read_bytes()).hexdigest())
    with pytest.raises(LayerError, match="No matching distribution"):
        shelf.build()


def test_a_wheel_for_another_machine_is_refused(shelf: Shelf) -> None:
    shelf.wheel(tag="cp313-cp313-manylinux_2_28_ppc64le")
    with pytest.raises(LayerError, match="No matching distribution"):
        shelf.build()
    elf = b"\x7fELF" + bytes(14) + b"\x3e\x00"
    with pytest.raises(LayerError, match=r"x\.so is not for aarch64"):
        contents.check_machine({"x.so": elf}, LAMBDA.machine)


def test_who_has_no_such_python_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PYENV_ROOT", "/nowhere")
    with pytest.raises(LayerError, match=r"Python 3\.99 is missing: install it .* PYTHON399="):
        interpreter("3.99")
    monkeypatch.setenv("PYTHON399", sys.executable)
    with pytest.raises(LayerError, match=r"is no Python 3\.99"):
        interpreter("3.99")


def test_the_code_says_which_services_it_talks_to(tmp_path: Path) -> None:
    assert {"dynamodb", "sqs", "s3", "secretsmanager"} <= services.used()
    (tmp_path / "app.py").write_text("import boto3\nname = 'sqs'\nboto3.client(name)\n")
    (tmp_path / "chalicelib").mkdir()
    with pytest.raises(LayerError, match="hides which AWS service"):
        services.used(tmp_path)


def test_the_layer_knows_the_services_that_the_code_uses_and_no_others(host_layer: Path) -> None:
    with zipfile.ZipFile(host_layer) as layer:
        names = [name.split("/") for name in layer.namelist()]
    known = {name[3] for name in names if name[1:3] == ["botocore", "data"] and len(name) > 4}
    assert known == services.used()


def test_the_lock_is_whole(host_layer: Path) -> None:
    """Whatever a package in it needs on Lambda is in it too: pip was told not to look."""
    locked = set(wheels.pins(wheels.LOCK))
    lambdas = {"platform_system": "Linux", "sys_platform": "linux", "python_version": "3.13"}
    missing: dict[str, str] = {}
    with zipfile.ZipFile(host_layer) as layer:
        for name in layer.namelist():
            if not name.endswith(".dist-info/METADATA"):
                continue
            about = Parser().parsestr(layer.read(name).decode(), headersonly=True)
            for line in about.get_all("Requires-Dist", []):
                need = Requirement(line)
                if need.marker and not need.marker.evaluate({**lambdas, "extra": ""}):
                    continue
                if canonicalize_name(need.name) not in locked:
                    missing[canonicalize_name(need.name)] = about["Name"]
    assert set(missing.values()) <= {"chalice"}, missing
    assert set(missing) <= TOOLING


def test_everything_that_the_code_imports_is_in_the_layer(host_layer: Path, tmp_path: Path) -> None:
    """Also what is imported only when it is needed; in a Python that has nothing else."""
    with zipfile.ZipFile(host_layer) as layer:
        layer.extractall(tmp_path)
    needed = sorted({name for file in services.modules() for name in _imported(file)})
    assert {"fido2.server", "aws_lambda_powertools.utilities.batch"} <= set(needed)
    program = "import sys, importlib as i\nfor one in sys.argv[1:]: i.import_module(one)"
    ran = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(tmp_path / 'python')!r})\n{program}",
            *needed,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def _imported(file: Path) -> set[str]:
    """Modules that a file imports, anywhere in it, of others than ourselves."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name for name in found if name.split(".")[0] != "chalicelib"}
