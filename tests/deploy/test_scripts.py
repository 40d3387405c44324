"""The scripts as far as they can be tried without a server; tests/deploy/bare_server runs deploy/install on one."""

import os
import shutil
import subprocess
import sys

import pytest

from .conftest import ROOT, program

DEPLOY = ROOT / "deploy"
SCRIPTS = ("install", "upgrade", "manage", "task", "timers", "start", "layout.sh", "../tests/deploy/bare_server")


def install(*arguments, answer="", root=""):
    environment = {"PATH": os.environ["PATH"], "PORTFOLIO_ROOT": str(root)}
    command = [DEPLOY / "install", "--dry-run", *arguments]
    return subprocess.run(command, env=environment, input=answer, capture_output=True, text=True, check=False)


README = (ROOT / "README.md").read_text()


def test_the_shell_has_nothing_to_complain_of():
    if shutil.which("shellcheck") is None:
        pytest.fail("shellcheck is not installed, so that this cannot be tested: tests/install_programs.sh")
    command = ["shellcheck", "--external-sources", *(DEPLOY / name for name in SCRIPTS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_the_dry_form_says_everything_and_does_nothing(tmp_path):
    done = install("jane-doe.test", root=tmp_path)
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (0, "", [])
    steps = [line.replace(str(tmp_path), "") for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert [step.split(" (")[0].removeprefix("env DEBIAN_FRONTEND=noninteractive ")[:52] for step in steps] == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends pytho",
        "useradd --system --user-group --home-dir /var/lib/po",
        "usermod --append --groups portfolio caddy",
        "install -d -m 0755 /opt/portfolio/releases /opt/port",
        "install -d -m 0750 -o portfolio -g portfolio /var/li",
        "install -d -m 0700 -o portfolio -g portfolio /var/ba",
        "ln -sfn /opt/portfolio/current/deploy/manage /usr/lo",
        "write /etc/portfolio/environment",
        f"{DEPLOY}/upgrade HEAD"[:52],
        "rm -rf /etc/caddy.new",
        "cp -a /etc/caddy /etc/caddy.new",
        "write /etc/caddy.new/portfolio-options.caddy",
        "write /etc/caddy.new/portfolio.caddy",
        "write /etc/caddy.new/static-copy.caddy",
        "write /etc/caddy.new/Caddyfile",
        "caddy validate --adapter caddyfile --config /etc/cad",
        "mv /etc/caddy.new/portfolio-options.caddy /etc/caddy",
        "mv /etc/caddy.new/portfolio.caddy /etc/caddy/portfol",
        "mv /etc/caddy.new/static-copy.caddy /etc/caddy/stati",
        "mv /etc/caddy.new/Caddyfile /etc/caddy/Caddyfile",
        "rm -rf /etc/caddy.new",
        "systemctl enable --quiet caddy",
        "systemctl restart caddy",
        "/opt/portfolio/current/deploy/manage first_start",
        "https://jane-doe.test/ runs, once this is done, if i",
    ]
    assert "    SITE_URL=https://jane-doe.test\n" in done.stdout
    assert "\n    jane-doe.test {\n" in done.stdout


def test_it_asks_for_the_domain_alone(tmp_path):
    done = install(answer="jane-doe.test\n", root=tmp_path)
    assert done.stdout.startswith("The site's domain, such as jane-doe.org: ")
    assert (
        done.stdout.removeprefix("The site's domain, such as jane-doe.org: ")
        == install("jane-doe.test", root=tmp_path).stdout
    )


@pytest.mark.parametrize(
    "domain", ["https://jane-doe.test", "jane", "Jane-Doe.test", "jane-doe.test/x", "a b.test", "-a.test"]
)
def test_what_is_no_domain_is_refused(tmp_path, domain):
    done = install(domain, root=tmp_path)
    sentence = f"'{domain}' is no domain such as jane-doe.org (small letters, no https://).\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


def test_the_second_time_the_domain_is_known_and_what_is_there_stays(tmp_path):
    environment = tmp_path / "etc/portfolio/environment"
    environment.parent.mkdir(parents=True)
    environment.write_text("SITE_URL=https://jane-doe.test\nPAGE_CACHE_MB=8\n")
    done = install(root=tmp_path)
    assert (done.returncode, "\n    jane-doe.test {\n" in done.stdout) == (0, True)
    assert f"write {environment} " not in done.stdout
    other = install("other.test", root=tmp_path)
    assert (other.returncode, other.stdout) == (1, "")
    assert other.stderr.startswith("This site's address is https://jane-doe.test. To change it, change SITE_URL in ")


def test_caddy_takes_the_file_that_a_container_is_given(tmp_path):
    if shutil.which("caddy") is None:
        pytest.fail("caddy is not installed, so that this cannot be tested: tests/install_programs.sh")
    for name in ("Caddyfile", "static-copy.caddy"):
        shutil.copy(DEPLOY / name, tmp_path)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DOMAIN": "jane-doe.test"}
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Valid configuration\n"), done.stderr


def test_the_settings_that_are_written_start_the_site(tmp_path):
    lines = (DEPLOY / "environment.example").read_text().splitlines()
    named = dict(
        line.removeprefix("#").split("=", 1) for line in lines if "=" in line and " " not in line.split("=")[0]
    )
    offered = {"EMAIL_URL", "SECURITY_CONTACT", "BACKUP_COPY", "BACKUP_PASSPHRASE", "AWS_ACCESS_KEY_ID"}
    offered |= {"AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "MEDIA_STORAGE", "PAGE_CACHE_MB"}
    assert {"SITE_URL", "DATA_DIR", "TRUSTED_PROXIES"} | offered == set(named)
    assert [name for name in named if f"| `{name}`" not in README and f"`{name}` |" not in README] == []
    used = {name: value for name, value in named.items() if f"\n{name}=" in "\n" + "\n".join(lines)}
    environment = {"PATH": os.environ["PATH"]} | used | {"DATA_DIR": str(tmp_path)}
    code = "import portfolio.settings as s; print(s.SITE_URL, s.TRUSTED_PROXIES)"

    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("https://jane-doe.org ['unix']\n", "")


def test_the_settings_are_read_as_systemd_reads_them(tmp_path):
    environment = tmp_path / "etc/portfolio/environment"
    release = tmp_path / "release"
    for folder in (environment.parent, release / "deploy", release / ".venv/bin", tmp_path / "bin"):
        folder.mkdir(parents=True)
    for name in ("manage", "layout.sh"):
        shutil.copy(DEPLOY / name, release / "deploy")
    program(tmp_path / "bin/id", "echo portfolio")
    program(release / ".venv/bin/python", 'printf "<%s>" "$SITE_URL" "$EMAIL_URL" "$PASSPHRASE" "$DATABASE_URL"')
    environment.write_bytes(
        b"SITE_URL=https://jane-doe.test \t\r\n  EMAIL_URL=dummymail://\n#PASSPHRASE=no\n"
        b"PASSPHRASE=owls  see $(in) the `dark`\n\nDATABASE_URL=postgres://elsewhere"
    )
    variables = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PORTFOLIO_ROOT": str(tmp_path)}
    done = subprocess.run([release / "deploy/manage"], env=variables, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (
        "<https://jane-doe.test><dummymail://><owls  see $(in) the `dark`><postgres://elsewhere>",
        "",
    )
    environment.unlink()
    assert subprocess.run([release / "deploy/manage"], env=variables, capture_output=True, check=False).stdout == b""


def test_another_database_a_bucket_and_copies_need_the_environment_and_no_package_more():
    locked = (DEPLOY / "requirements.txt").read_text()
    assert [f"\n{name}==" in locked for name in ("psycopg-binary", "django-storages", "boto3", "pyrage")] == [True] * 4


@pytest.mark.parametrize(
    ("plan", "status", "steps"),
    [
        ("[ ]  research.0001\n[ ]  research.0002", 0, ["migrate", "first_start", "granian"]),
        ("[X]  research.0001\n[X]  research.0002", 0, ["migrate", "first_start", "granian"]),
        ("[X]  research.0001\n[ ]  research.0002", 0, ["backup", "migrate", "first_start", "granian"]),
        ("[ ]  login.0002\n[X]  research.0001", 3, ["backup", "migrate", "first_start", "granian"]),
        ("[X]  research.0001\n[ ]  research.0002", 1, ["backup"]),
    ],
)
def test_a_container_backs_up_before_it_migrates_what_is_there(tmp_path, plan, status, steps):
    (tmp_path / "bin").mkdir()
    python = f"""case $2 in
    showmigrations) echo '{plan}' ;;
    *) echo $2 ;;
esac
[ $2 != backup ] || exit {status}"""
    program(tmp_path / "bin/python", python)
    program(tmp_path / "bin/granian", "echo granian")
    variables = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    done = subprocess.run([DEPLOY / "start"], env=variables, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (steps, "")
