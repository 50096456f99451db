"""What import-linter and ruff can't say of the house. Each check takes a tree's root and returns what is wrong."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import grimp

PRODUCT = ("ytempire", "sandbox", "localvoice")
_NOT_FEATURES = {"kit", "local", "cli", "providers", "web"}
_COMPOSITION_ROOT = ("ytempire.bootstrap", "ytempire.__main__")
_DOORS = {"model", "ports"}
# Nouns that outgrew `model`: the timeline that providers/ffmpeg turns into commands, and what a step is.
_MORE_DOORS = {"orchestration": {"simulation"}, "production": {"timeline", "step", "looks"}}
_EMPTY_NAMES = {
    "service", "services", "util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "base",
}  # fmt: skip
_MOST_LINES = 350
_BUILDERS = {
    "AsyncClient", "AsyncConnectionPool", "AsyncElevenLabs", "AsyncOpenAI", "ConnectionPool", "Database", "ElevenLabs",
    "HTTPTransport", "InferenceSession", "OpenAI", "Redis", "Settings", "Valkey", "connect", "create_engine",
    "from_url", "read_settings",
}  # fmt: skip
_SQL = re.compile(
    r"^\s*(?:--.*\n\s*)*(select\s.+|insert\s+into\s.+|update\s+\w+\s+set\s.+|delete\s+from\s.+|with\s+\w+\s+as\s*\(.+"
    r"|(?:create|alter|drop)\s+(?:table|role|database|function|index|policy)\s.+)",
    re.IGNORECASE | re.DOTALL,
)
_SQL_PLACES = ("ytempire/kit/", "ytempire/local/roles.py", "ytempire/local/migrate.py")
_CLOCK_OF_SQL = re.compile(r"\bnow\(\)|\bcurrent_timestamp\b|\bclock_timestamp\(", re.IGNORECASE)
_MONEY = re.compile(r"(^|_)(micro)?usd$")


def doors(root: Path) -> list[str]:
    """Other features reach a feature only through its `__init__`, `model` and `ports`."""
    sys.path.insert(0, str(root))
    try:
        graph = grimp.build_graph("ytempire", cache_dir=None)
    finally:
        sys.path.remove(str(root))
    wrong = []
    for importer in sorted(module for module in graph.modules if not module.startswith(_COMPOSITION_ROOT)):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            feature, inside = _feature(imported)
            if feature is None or _feature(importer)[0] == feature or inside in {None, *_DOORS}:
                continue
            if inside in _MORE_DOORS.get(feature, set()):
                continue
            wrong.append(f"{importer} imports {imported}: use ytempire.{feature}, its model or its ports")
    return wrong


def _feature(module: str) -> tuple[str | None, str | None]:
    parts = module.split(".")
    if len(parts) < 2 or parts[1] in _NOT_FEATURES or parts[1] in {"bootstrap", "__main__"}:
        return None, None
    return parts[1], ".".join(parts[2:]) or None


def names(root: Path) -> list[str]:
    """No file or folder whose name says nothing."""
    return [
        f"{path.relative_to(root)}: call it by what it does"
        for top in PRODUCT
        for path in sorted((root / top).rglob("*"))
        if path.stem in _EMPTY_NAMES and (path.suffix == ".py" or path.is_dir())
    ]


def lengths(root: Path) -> list[str]:
    """No file of more than 350 lines."""
    return [
        f"{path.relative_to(root)}: {lines} lines; split it"
        for path in _sources(root, *PRODUCT, "tests", "bench")
        if (lines := path.read_text().count("\n")) > _MOST_LINES
    ]


def mocks(root: Path) -> list[str]:
    """No `unittest.mock`, no pytest `mocker`: stand-ins are servers."""
    wrong = []
    for path, tree in _trees(root, *PRODUCT, "tests", "bench", only="mock"):
        for node in ast.walk(tree):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [f"{node.module}.{alias.name}" for alias in node.names]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            mocked = any(name.startswith(("unittest.mock", "mock.", "pytest_mock")) for name in modules)
            if mocked or (isinstance(node, ast.arg) and node.arg == "mocker"):
                wrong.append(f"{path}:{node.lineno}: a mock; write a stand-in server")
    return wrong


def built_at_import(root: Path) -> list[str]:
    """Nothing that connects, loads a model or reads settings is built while a module is imported."""
    wrong = []
    for path, tree in _trees(root, *PRODUCT):
        wrong += [
            f"{path}:{call.lineno}: {_called(call)}() runs at import; build it in bootstrap"
            for call in _calls_at_import(tree)
            if _called(call) in _BUILDERS
        ]
    return wrong


def _calls_at_import(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from _calls_at_import(node)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def money(root: Path) -> list[str]:
    """What is named in dollars is never a float: not by annotation, by literal, by division or by float()."""
    wrong = []
    for path, tree in _trees(root, *PRODUCT):
        for node in ast.walk(tree):
            for name, annotation, value in _named_values(node):
                if _MONEY.search(name) and (_is_float_type(annotation) or _is_float(value)):
                    wrong.append(f"{path}:{node.lineno}: {name} is a float; count whole micro-dollars or use Decimal")
    return wrong


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    if isinstance(node, ast.AnnAssign):
        yield _target(node.target), node.annotation, node.value
    elif isinstance(node, ast.Assign):
        yield from ((_target(target), None, node.value) for target in node.targets)
    elif isinstance(node, ast.arg):
        yield node.arg, node.annotation, None
    elif isinstance(node, ast.keyword):
        yield node.arg or "", None, node.value
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name, node.returns, None


def _target(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_float_type(annotation: ast.expr | None) -> bool:
    return annotation is not None and re.search(r"\bfloat\b", ast.unparse(annotation)) is not None


def _is_float(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, float)
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Div) or _is_float(value.left) or _is_float(value.right)
    return isinstance(value, ast.Call) and _called(value) == "float"


def sql_places(root: Path) -> list[str]:
    """SQL stands only in `store.py`, in kit and in what sets a database up."""
    wrong = []
    for path, tree in _trees(root, "ytempire"):
        if Path(path).name == "store.py" or path.startswith(_SQL_PLACES):
            continue
        wrong += [f"{path}:{line}: SQL outside a store" for line, text in _texts(tree) if _SQL.match(text)]
    return wrong


def sql_clock(root: Path) -> list[str]:
    """A store binds the time it is given; PostgreSQL's own clock is a second one."""
    return [
        f"{path}:{line}: the database's clock; bind `now`"
        for path, tree in _trees(root, "ytempire")
        for line, text in _texts(tree)
        if _CLOCK_OF_SQL.search(text) and (Path(path).name == "store.py" or path.startswith("ytempire/kit/"))
    ]


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def _sources(root: Path, *tops: str) -> list[Path]:
    return sorted(path for top in tops for path in (root / top).rglob("*.py"))


def _trees(root: Path, *tops: str, only: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Each file parsed; with `only`, those whose text has it, because parsing is what takes time."""
    for path in _sources(root, *tops):
        if only in (text := path.read_text()):
            yield path.relative_to(root).as_posix(), _parsed(text)


@functools.cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


ALL: tuple[Callable[[Path], list[str]], ...] = (
    doors, names, lengths, mocks, built_at_import, money, sql_places, sql_clock,
)  # fmt: skip
