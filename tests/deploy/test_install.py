"""deploy/install on a server in a folder: a real Caddy reads what it writes, stand-ins take what changes a machine."""

import os
import shutil
import subprocess

import pytest

from .conftest import ROOT, program

DONE = {"apt-get", "useradd", "usermod", "install", "chown", "systemctl", "git"}
OURS = "import portfolio-options.caddy\nimport portfolio.caddy\n"
OWN = """{
	local_certs
	admin localhost:9001
	http_port 9002
	https_port 9003
}

http://owls.test {
	respond hoot
}

owls.test {
	respond hoot
}

http:// {
	respond anybody
}
"""


class Machine:
    """A server whose / is the folder `root`, on which a release runs, and whose Caddyfile is not Debian's."""

    def __init__(self, root):
        self.root = root
        self.caddy = root / "etc/caddy"
        self.source = root / "opt/portfolio/source"
        folders = ("bin", "etc/caddy", "etc/portfolio", "etc/systemd/system", "usr/local/bin", "opt/portfolio/source")
        for folder in folders:
            (root / folder).mkdir(parents=True)
        for name in DONE:
            program(root / "bin" / name, f'echo {name} "$@" >> {root}/log')
        program(root / "bin/id", "echo 0")
        program(root / "bin/dpkg", f"echo '??5?????? c {self.caddy}/Caddyfile'")
        (root / "etc/os-release").write_text("ID=debian\nVERSION_ID=13\n")
        shutil.copytree(ROOT / "deploy", self.source / "deploy")
        (root / "opt/portfolio/current").symlink_to("source")
        for name in ("upgrade", "manage"):
            program(self.source / "deploy" / name, f'echo {name} "$@" >> {root}/log')

    def install(self, *arguments):
        """Run deploy/install; returns the finished process."""
        variables = {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "PORTFOLIO_ROOT": str(self.root)}
        command = [self.source / "deploy/install", *arguments]
        return subprocess.run(
            command, env=variables | {"HOME": str(self.root)}, capture_output=True, text=True, check=False
        )

    def files(self):
        """What Caddy has, by name."""
        return {path.name: path.read_text() for path in self.caddy.iterdir()}

    def done(self, name):
        """The arguments with which a program was called."""
        lines = [line.split(" ", 1) for line in (self.root / "log").read_text().splitlines()]
        return [words for program, words in lines if program == name]


@pytest.fixture
def machine(tmp_path):
    if shutil.which("caddy") is None:
        pytest.fail("caddy is not installed, so that this cannot be tested: tests/install_programs.sh")
    return Machine(tmp_path)


def test_caddy_understands_the_site_alone_with_its_options(machine):
    done = machine.install("jane-doe.test")
    assert (done.returncode, done.stderr) == (0, "")
    files = machine.files()
    assert (sorted(files), files["Caddyfile"]) == (
        ["Caddyfile", "portfolio-options.caddy", "portfolio.caddy", "static-copy.caddy"],
        OURS,
    )
    assert files["portfolio-options.caddy"].count("\n") + files["portfolio.caddy"].count("\n") == (
        (ROOT / "deploy/Caddyfile").read_text().count("\n")
    )
    assert files["portfolio-options.caddy"].startswith("{\n\t# Whoever takes longer")
    assert "\nhttp://jane-doe.test {\n" in files["portfolio.caddy"]
    assert "\njane-doe.test {\n" in files["portfolio.caddy"]
    assert not (machine.root / "etc/caddy.new").exists()
    assert machine.install().returncode == 0
    assert machine.files() == files


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OWN, OWN + "import portfolio.caddy\n"),
        (OWN.strip(), OWN + "import portfolio.caddy\n"),
        (OWN + "import portfolio.caddy\n", OWN + "import portfolio.caddy\n"),
        ("import portfolio.caddy\nowls.test {\n}\n", OURS + "owls.test {\n}\n"),
    ],
)
def test_a_caddyfile_with_sites_and_options_of_its_own_keeps_them(machine, before, after):
    (machine.caddy / "Caddyfile").write_text(before)
    (machine.caddy / "Caddyfile").chmod(0o640)
    done = machine.install("jane-doe.test")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.files()["Caddyfile"] == after
    assert (machine.caddy / "Caddyfile").stat().st_mode & 0o777 == 0o640


def test_what_caddy_does_not_understand_takes_no_files_place(machine):
    own = "jane-doe.test {\n\trespond hoot\n}\n"
    (machine.caddy / "Caddyfile").write_text(own)
    (machine.caddy / "portfolio.caddy").write_text("# as it was\n")
    done = machine.install("jane-doe.test")
    assert (done.returncode, machine.files()) == (1, {"Caddyfile": own, "portfolio.caddy": "# as it was\n"})
    assert "ambiguous site definition: jane-doe.test" in done.stderr
    assert done.stderr.splitlines()[-1] == (
        f"Caddy does not understand {machine.caddy}/Caddyfile with this site in it, as it is in {machine.caddy}.new. "
        f"{machine.caddy} was left as it is."
    )
    assert "restart caddy" not in machine.done("systemctl")


def test_another_address_restarts_the_application_too_and_the_same_one_does_not(machine):
    environment = machine.root / "etc/portfolio/environment"
    for _ in range(2):
        assert machine.install("jane-doe.test").returncode == 0
    assert machine.done("upgrade") == []
    environment.write_text(environment.read_text().replace("jane-doe.test", "jane-owl.test"))
    for _ in range(2):
        assert machine.install().returncode == 0
    assert machine.done("upgrade") == ["--again"]
    assert "\njane-owl.test {\n" in machine.files()["portfolio.caddy"]
