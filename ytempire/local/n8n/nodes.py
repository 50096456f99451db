"""Our nodes, the package `n8n-nodes-ytempire`: built in the installation's folder, copied to where n8n looks."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from ytempire.local.n8n.install import Installed, alone, require_space, run_npm

SOURCE = Path(__file__).parents[3] / "n8n" / "nodes"
PACKAGE = "n8n-nodes-ytempire"
_MADE = ("node_modules", "dist", ".git")
_NEEDED_BYTES = 500_000_000


def built_nodes(folder: Path, at: Installed, say: Callable[[str], None] = lambda _: None) -> Path | None:
    """The built package: made anew when its sources changed, which takes half a minute. None if there are no sources.

    Where the checkout has a `dist` that is newer than every source, somebody works on the nodes: that one is taken.
    """
    if not (SOURCE / "package.json").exists():
        return None
    sources = _sources()
    if _fresh(sources):
        return SOURCE
    built = folder / f"nodes-{digest_of_files(sources, SOURCE)[:16]}"
    if built.exists():
        return built
    with alone(folder, say):
        if built.exists():
            return built
        require_space(folder, _NEEDED_BYTES, "our nodes' build")
        say("building our nodes")
        making = folder / "making-nodes"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(SOURCE, making, ignore=shutil.ignore_patterns(*_MADE))
        run_npm(at, ["install"], cwd=making, cache=folder / "npm-nodes")
        run_npm(at, ["run", "build"], cwd=making, cache=folder / "npm-nodes")
        shutil.rmtree(making / "node_modules")
        shutil.rmtree(folder / "npm-nodes", ignore_errors=True)
        making.rename(built)
    return built


def put_nodes(package: Path | None, home: Path) -> str:
    """Copy the package to where this n8n looks for packages; what it is, in a word that changes when it does."""
    place = home / ".n8n" / "nodes" / "node_modules" / PACKAGE
    if package is None:
        shutil.rmtree(place, ignore_errors=True)
        return "none"
    files = [package / "package.json", *sorted(path for path in (package / "dist").rglob("*") if path.is_file())]
    digest = digest_of_files(files, package)
    stamp = place / "digest"
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(place, ignore_errors=True)
        for file in files:
            target = place / file.relative_to(package)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        listed = {"name": "installed-nodes", "private": True, "dependencies": {PACKAGE: version_of(package)}}
        (place.parents[1] / "package.json").write_text(json.dumps(listed, indent=2))
        stamp.write_text(digest)
    return digest


def version_of(package: Path) -> str:
    """Its version."""
    return str(json.loads((package / "package.json").read_text())["version"])


def digest_of_files(files: list[Path], root: Path) -> str:
    """One word for names and contents of these files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(root)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    return sorted(
        path
        for path in SOURCE.rglob("*")
        if path.is_file() and not set(path.relative_to(SOURCE).parts) & set(_MADE) and path.suffix != ".tgz"
    )


def _fresh(sources: list[Path]) -> bool:
    made = [path.stat().st_mtime for path in (SOURCE / "dist").rglob("*.js")]
    return bool(made) and max(path.stat().st_mtime for path in sources) < min(made)
