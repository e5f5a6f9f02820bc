"""The house rules, checked on the tree itself."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.xdist_group("architecture")
ROOT = Path(__file__).parents[1]
PRODUCT = ("ops_console", "integrations", "reports", "migrations")
FOLDERS = {*PRODUCT, "tests"}
FORBIDDEN_NAMES = {"models", "utils", "helpers", "common", "manager", "misc", "util", "helper"}
EXCUSED_NAMES = {"ops_console/web/pages/models.py"}  # the page at /models, about machine-learning models


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(suffix) and (ROOT / name).is_file()]


SOURCES = [path for path in files(*PRODUCT, "app.py") if "migrations/versions" not in str(path)]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def functions(path: Path) -> tuple[tuple[str, int], ...]:
    return tuple(
        (f"{relative(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in statements(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All of them, however deep; no expression holds any."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield node
            yield from statements(node)


def test_no_file_is_longer_than_400_lines() -> None:
    assert [relative(p) for p in files(*FOLDERS) if len(p.read_text("utf-8").splitlines()) > 400] == []


def test_half_of_the_files_have_at_most_80_lines() -> None:
    assert statistics.median(len(p.read_text("utf-8").splitlines()) for p in SOURCES) <= 80


def test_no_function_is_longer_than_60_lines() -> None:
    assert [name for path in files(*FOLDERS) for name, lines in functions(path) if lines > 60] == []


def test_half_of_the_functions_have_at_most_9_lines() -> None:
    assert statistics.median(lines for path in SOURCES for _, lines in functions(path)) <= 9


def test_there_is_no_folder_outside_the_agreed_ones() -> None:
    tops = {p.relative_to(ROOT).parts[0] for p in files(suffix="") if len(p.relative_to(ROOT).parts) > 1}
    assert {top for top in tops if not top.startswith(".")} <= FOLDERS


@pytest.mark.parametrize("word", sorted(FORBIDDEN_NAMES))
def test_no_module_has_a_name_that_says_nothing(word: str) -> None:
    named = [relative(p) for p in files(*PRODUCT) if word in {p.stem, *p.relative_to(ROOT).parts[:-1]}]
    assert set(named) <= EXCUSED_NAMES


def test_imports_keep_to_the_floors() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(
        "ops_console", "integrations", "reports", cache_dir=None, exclude_type_checking_imports=True
    )
    circular = [
        (name, imported)
        for name in graph.modules
        for imported in graph.find_modules_directly_imported_by(name)
        if graph.chain_exists(importer=imported, imported=name)
    ]
    assert circular == []


def is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or getattr(handler.type, "id", "") in {"Exception", "BaseException"}


def test_a_broad_except_has_its_reason_beside_it() -> None:
    bare = [
        f"{relative(path)}:{node.lineno}"
        for path in SOURCES
        if re.search(r"Exception\b|except:", path.read_text("utf-8"))  # to look closely at all takes seconds
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
        if "#" not in path.read_text("utf-8").splitlines()[node.lineno - 1]
    ]
    assert bare == []


def test_there_are_few_broad_excepts() -> None:
    text = "\n".join(p.read_text("utf-8") for p in SOURCES)
    broad = len(re.findall(r"except (?:Base)?Exception\b", text))
    assert broad <= max(3, 0.2 * len(text.splitlines()) / 1000)


def test_pages_carry_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|application/json))|\sstyle=\"|\son(?:click|change|submit|load|input)=", re.I
    )
    pages = files("ops_console/web", suffix=".html")
    assert [relative(p) for p in pages if inline.search(p.read_text("utf-8"))] == []


def test_pages_ask_no_third_party() -> None:
    remote = re.compile(r"(?:src|href|action)=\"(?:https?:)?//", re.I)
    assets = files("ops_console/web", suffix=".html") + files("ops_console/web", suffix=".css")
    assert [relative(p) for p in assets if remote.search(p.read_text("utf-8"))] == []


def test_the_lock_file_names_no_registry() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_every_dependency_says_why_it_is_there() -> None:
    listed = (ROOT / "pyproject.toml").read_text("utf-8").split("dependencies = [")[1].split("]\n")[0]
    assert [line for line in listed.strip().splitlines() if "#" not in line] == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(T[O]DO|F[I]XME)\b|raise N[o]tImplementedError")
    assert [relative(p) for p in files(*FOLDERS) if marks.search(p.read_text("utf-8"))] == []


def test_pages_come_to_the_database_by_one_way() -> None:
    """What a request has read is of one moment; who takes the engine past `web/database.py` breaks that."""
    taking = [relative(p) for p in files("ops_console/web") if "console().engine" in p.read_text("utf-8")]
    assert taking == ["ops_console/web/database.py"]


UNSTEADY = {"now", "today", "time", "uuid4", "random", "randint", "choice", "urandom", "token_hex", "token_urlsafe"}
"""What is another in every process; a set goes by the hashes of its process too."""


def is_unsteady(values: ast.expr) -> bool:
    """Whether what a test is repeated for could differ, or come in another order, from process to process."""
    if isinstance(values, ast.Set | ast.SetComp):
        return True
    called = {getattr(node.func, "attr", getattr(node.func, "id", "")) for node in calls(values)}
    outer = getattr(values.func, "id", "") if isinstance(values, ast.Call) else ""
    zipped = [node for node in calls(values) if ast.unparse(node.func) == "gzip.compress"]
    told = any(keyword.arg == "mtime" for node in zipped for keyword in node.keywords)
    return bool(called & UNSTEADY) or outer in {"set", "frozenset"} or (bool(zipped) and not told)


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def repeated_for(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """The values of every `parametrize`, followed to where the module names them."""
    text = path.read_text("utf-8")
    if "parametrize" not in text:
        return
    tree = ast.parse(text)
    named = {
        getattr(target, "id", ""): node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    for call in calls(tree):
        if getattr(call.func, "attr", "") == "parametrize" and len(call.args) > 1:
            values = call.args[1]
            yield call.lineno, named.get(values.id, values) if isinstance(values, ast.Name) else values


def test_tests_have_the_same_names_in_every_process() -> None:
    unsteady = [
        f"{relative(path)}:{line}"
        for path in files("tests")
        for line, values in repeated_for(path)
        if is_unsteady(values)
    ]
    assert unsteady == []


def test_tests_of_one_group_run_in_one_process(request: pytest.FixtureRequest) -> None:
    """A version of pytest that xdist does not know leaves groups unheard, and every costly fixture is made twice."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@architecture")
