"""What is handed out to deploy with: compose file, image, systemd units. Read and checked here, not run."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from openroads.config.env import SETTINGS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
KNOWN = {setting.variable for setting in SETTINGS} | {
    f"{setting.variable}_FILE" for setting in SETTINGS if setting.secret
}


def composed() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    return read


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_variable_is_a_setting_and_no_secret_stands_in_a_file(file: Path) -> None:
    text = file.read_text()
    assert set(re.findall(r"OPENROADS_[A-Z_]+", text)) <= KNOWN
    for setting in SETTINGS:
        if setting.secret:
            assert not re.search(rf"{setting.variable}\s*[:=]", text), setting.variable
    assert not re.search(r"://[^\s/@]+:[^\s/@]+@|PASSWORD\s*[:=]", text)


def test_compose_starts_everything_pinned_watched_and_in_order() -> None:
    services = composed()["services"]
    assert set(services) == {"web", "worker", "postgresql", "clickhouse"}
    for name, service in services.items():
        assert re.fullmatch(r"[\w./-]+:\d[\w.]*", service["image"]), name
        assert service["healthcheck"], name
        for secret in service["secrets"]:
            assert secret in composed()["secrets"]
    assert services["worker"]["depends_on"]["web"]["condition"] == "service_healthy"
    for needed in ("postgresql", "clickhouse"):
        assert services["web"]["depends_on"][needed]["condition"] == "service_healthy"


def test_commands_of_web_and_workers_are_commands_of_openroads() -> None:
    from tests.cli.houses import openroads

    services = composed()["services"]
    starts = [" ".join(services[name]["command"]) for name in ("web", "worker")]
    starts += [
        re.search(r"ExecStart=/opt/openroads/bin/(.*)", unit.read_text())[1] for unit in UNITS
    ]  # type: ignore[index]
    assert sorted({start.split()[1] for start in starts}) == ["run", "worker"]
    offered = openroads("worker", "--help").stdout
    for start in starts:
        for option in re.findall(r"--[\w-]+", start):
            assert option in offered


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_units(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    command = tmp_path / "openroads"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    # The unit as it is, but for the place of the program, which is not on this machine.
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/openroads/bin/openroads", str(command)))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, "")
    for word in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n"):
        assert word in unit.read_text()
