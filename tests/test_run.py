"""What a stranger may rely on when starting ``run.py``: on any Python, offline, cut off, moved."""

import ast
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import run

RUN = Path(__file__).resolve().parents[1] / "run.py"
SERVE, POSTGRESQL, TEST = LOCKS = (
    "requirements.txt",
    "requirements-postgresql.txt",
    "requirements-test.txt",
)
APPLICATION = """
import os, sys
from importlib.metadata import version
print("greeter", version("greeter"), sys.argv[1:], os.getpid())
sys.exit(int(os.environ.get("EXIT_WITH", "0")))
"""

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="environments are copied with their links"
)


class Shop:
    """A folder of wheels that stands for the package index."""

    def __init__(self, folder):
        self.folder = folder

    def stock(self, version):
        """Put a version of the package *greeter* on the shelf; gives its hash."""
        wheel = self.folder / f"greeter-{version}-py3-none-any.whl"
        info = f"greeter-{version}.dist-info"
        files = {
            "greeter.py": "",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: greeter\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = [f"{name},{self.digest(text)},{len(text)}" for name, text in files.items()]
        files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"])
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name), text)  # undated: the hash never changes
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    @staticmethod
    def digest(text):
        digest = hashlib.sha256(text.encode()).digest()
        return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Checkout:
    """The launcher beside an application that says with what it was started."""

    def __init__(self, folder, shop):
        self.folder = folder
        self.shop = shop
        self.venv = folder / ".venv"
        self.record = self.venv / "installed.sha256"

    def pin(self, version, digest, *locks):
        for lock in locks or LOCKS:
            pin = f"greeter=={version} --hash=sha256:{digest}\n"
            (self.folder / lock).write_text(pin, encoding="utf-8")

    def environment(self, *, online, **more):
        shelf = self.shop.folder if online else self.folder / "nothing"
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf), "PIP_CONFIG_FILE": os.devnull}
        return {"PATH": os.environ["PATH"]} | pip | more

    def run(self, *words, online=True, cwd=None, **environment):
        return subprocess.run(
            [sys.executable, self.folder / "run.py", *words],
            cwd=cwd or self.folder,
            env=self.environment(online=online, **environment),
            capture_output=True,
            text=True,
            check=False,
        )

    def packages(self):
        return next(self.venv.glob("lib/python*/site-packages"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def fresh(tmp_path, shop):
    """A clone on which nothing was started yet."""
    return clone_into(tmp_path / "papan", shop)


def clone_into(folder, shop):
    (folder / "kanban").mkdir(parents=True)
    (folder / "tests").mkdir()
    shutil.copy(RUN, folder)
    (folder / "kanban/__main__.py").write_text(APPLICATION, encoding="utf-8")
    (folder / "tests/__main__.py").write_text(
        "import os, sys; print('tests', sys.argv[1:], os.getcwd())", encoding="utf-8"
    )
    checkout = Checkout(folder, shop)
    checkout.pin("1.0", shop.stock("1.0"))
    return checkout


@pytest.fixture(scope="module")
def first_start(tmp_path_factory, shop):
    """A clone after its first start, and what that start said."""
    checkout = clone_into(tmp_path_factory.mktemp("first") / "papan", shop)
    return checkout, checkout.run()


@pytest.fixture
def ready(first_start, tmp_path, shop):
    """A clone that was started before."""
    checkout, _ = first_start
    folder = tmp_path / "papan"
    shutil.copytree(checkout.folder, folder, symlinks=True)
    return Checkout(folder, shop)


@pytest.fixture
def empty(ready):
    """A clone whose environment is made, with nothing installed yet."""
    ready.record.unlink()
    for installed in ready.packages().glob("greeter*"):
        shutil.rmtree(installed) if installed.is_dir() else installed.unlink()
    return ready


class TestFirstStart:
    def test_sets_up_and_serves(self, first_start):
        _, start = first_start
        assert start.returncode == 0, start.stderr
        assert start.stdout.startswith("greeter 1.0 ['serve']")
        assert "sekali saja" in start.stderr
        assert "Downloading and installing packages (once" in start.stderr

    def test_leaves_no_downloads_behind(self, first_start):
        checkout, _ = first_start
        assert not (checkout.venv / "wheels").exists()

    def test_offline_says_that_internet_is_needed_once(self, empty):
        start = empty.run(online=False)
        assert start.returncode == 1
        assert "diperlukan internet" in start.stderr
        assert "give the same command again" in start.stderr
        assert "Traceback" not in start.stderr
        assert empty.run().stdout.startswith("greeter 1.0"), "the second try should go on"

    def test_without_ensurepip_names_the_package_to_install(self, fresh, tmp_path):
        (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None")
        start = fresh.run(PYTHONPATH=str(tmp_path))
        assert start.returncode == 1
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        assert f"sudo apt install {package}" in start.stderr
        assert not fresh.venv.exists()

    def test_a_package_with_another_hash_is_refused(self, empty):
        empty.pin("1.0", "0" * 64)
        start = empty.run()
        assert start.returncode == 1
        assert "HASHES" in start.stderr
        assert not list(empty.packages().glob("greeter*"))


class TestNextStart:
    def test_needs_no_network_and_no_pip(self, ready):
        shutil.rmtree(ready.packages() / "pip")
        start = ready.run(online=False)
        assert start.stdout.startswith("greeter 1.0 ['serve']")
        assert start.stderr == ""

    @pytest.mark.parametrize(
        ("words", "arrive"),
        [
            ([], ["serve"]),
            (["--lan", "--port", "8080"], ["serve", "--lan", "--port", "8080"]),
            (["serve", "--host", "192.168.1.2"], ["serve", "--host", "192.168.1.2"]),
            (["demo", "--port", "1"], ["demo", "--port", "1"]),
            (
                ["user", "add", "siti", "--name", "Siti A"],
                ["user", "add", "siti", "--name", "Siti A"],
            ),
        ],
    )
    def test_the_application_gets_the_words(self, ready, words, arrive):
        assert ready.run(*words).stdout.startswith(f"greeter 1.0 {arrive} ")

    def test_works_from_any_folder(self, ready, tmp_path):
        (tmp_path / "kanban").mkdir()
        (tmp_path / "kanban/__main__.py").write_text("print('a stranger')")
        assert ready.run(cwd=tmp_path).stdout.startswith("greeter 1.0")

    def test_passes_the_exit_code_on(self, ready):
        assert ready.run("check", EXIT_WITH="7").returncode == 7

    def test_the_application_takes_the_launchers_place(self, ready):
        """A service manager's signals reach the server and not a parent that ignores them."""
        with subprocess.Popen(
            [sys.executable, ready.folder / "run.py"],
            env=ready.environment(online=False),
            stdout=subprocess.PIPE,
            text=True,
        ) as started:
            assert started.stdout.read().split()[-1] == str(started.pid)

    def test_test_hands_its_words_to_the_tests(self, ready, tmp_path):
        start = ready.run("test", "-k", "moves", cwd=tmp_path)
        assert start.stdout == f"tests ['-k', 'moves'] {ready.folder}\n", start.stderr

    def test_help_needs_no_set_up(self, fresh):
        assert "run.py demo" in fresh.run("--help").stdout
        assert not fresh.venv.exists()


class TestChangedPackages:
    def test_are_installed(self, ready, shop):
        ready.pin("1.1", shop.stock("1.1"))
        assert ready.run().stdout.startswith("greeter 1.1")

    def test_offline_leaves_the_environment_as_it_was(self, ready, shop):
        before = {lock: (ready.folder / lock).read_text() for lock in LOCKS}
        ready.pin("1.1", shop.stock("1.1"))
        assert ready.run(online=False).returncode == 1
        for lock, text in before.items():
            (ready.folder / lock).write_text(text)
        assert ready.run(online=False).stdout.startswith("greeter 1.0")

    @pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
    def test_postgresql_brings_its_driver(self, ready, shop, scheme):
        ready.pin("1.2", shop.stock("1.2"), POSTGRESQL, TEST)
        address = f"{scheme}://kantor@localhost/kanban"
        assert ready.run(KANBAN_DATABASE_URL=address).stdout.startswith("greeter 1.2")

    def test_going_over_to_postgresql_brings_its_driver_too(self):
        assert run.lock_for("carry") == POSTGRESQL

    def test_what_the_tests_need_serves_the_application_too(self, ready, shop):
        ready.pin("1.3", shop.stock("1.3"), TEST)
        ready.run("test")
        assert ready.run(online=False).stdout.startswith("greeter 1.3")

    def test_going_back_and_forth_between_versions(self, ready, shop):
        old, new = shop.stock("1.0"), shop.stock("1.4")
        for version, digest in (("1.4", new), ("1.0", old), ("1.4", new)):
            ready.pin(version, digest)
            if version == "1.4":
                ready.run("test")
            assert ready.run().stdout.startswith(f"greeter {version}")


class TestDamage:
    def test_cut_off_while_installing(self, ready):
        ready.record.write_text("unfinished", encoding="utf-8")
        next(ready.packages().glob("greeter-*.dist-info/METADATA")).unlink()
        start = ready.run()
        assert start.stdout.startswith("greeter 1.0"), start.stderr

    def test_cut_off_while_making_the_environment(self, ready):
        ready.record.unlink()
        shutil.rmtree(ready.packages() / "pip" / "_internal")
        assert ready.run().stdout.startswith("greeter 1.0")

    def test_the_python_it_was_made_from_is_gone(self, ready):
        settings = ready.venv / "pyvenv.cfg"
        lines = settings.read_text().splitlines()
        moved = [
            "executable = /gone/python3" if line.startswith("executable") else line
            for line in lines
        ]
        settings.write_text("\n".join(moved))
        assert ready.run().stdout.startswith("greeter 1.0")
        assert "/gone" not in settings.read_text()

    def test_an_environment_made_by_hand_is_kept(self, ready):
        ready.record.unlink()
        mine = ready.packages() / "mine.py"
        mine.touch()
        assert ready.run().stdout.startswith("greeter 1.0")
        assert mine.exists()


class TestOldPython:
    def test_is_told_in_both_languages_what_is_needed(self):
        pretend = (
            "import runpy, sys; sys.version_info = (3, 8, 18, 'final', 0); "
            f"runpy.run_path({str(RUN)!r}, run_name='__main__')"
        )
        start = subprocess.run(
            [sys.executable, "-c", pretend], capture_output=True, text=True, check=False
        )
        assert start.returncode == 1
        assert start.stderr.splitlines() == [
            "Papan SOP memerlukan Python 3.11 atau yang lebih baru; ini Python 3.8.",
            "Papan SOP needs Python 3.11 or newer; this is Python 3.8.",
        ]

    def test_can_read_the_file(self):
        ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))

    def test_needs_nothing_but_the_standard_library(self):
        tree = ast.parse(RUN.read_text(encoding="utf-8"))
        imports = [
            alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names
        ]
        imports += [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        assert {name.partition(".")[0] for name in imports} <= sys.stdlib_module_names
