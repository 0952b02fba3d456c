"""The workflow that builds the installers, as far as it can be seen without running it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.packaging.conftest import PACKAGING

PATH = PACKAGING.parent / ".github" / "workflows" / "installers.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    return yaml.safe_load(PATH.read_text("utf-8"))


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_every_action_is_pinned_by_commit(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]

    assert len(used) > 4
    for one in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one), one


def test_all_three_systems_build_and_start_what_they_built(workflow: dict[str, Any]) -> None:
    matrix = workflow["jobs"]["build"]["strategy"]["matrix"]["include"]
    systems = {one["system"] for one in matrix}
    started = {
        found[1]
        for step in steps(workflow)
        if step.get("name", "").startswith("Start what was built")
        and (found := re.search(r"matrix\.system == '(\w+)'", step["if"]))
    }

    assert systems == started == {"linux", "windows", "macos"}


def test_what_is_fetched_is_checked_by_its_hash(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        script = step.get("run", "")
        if "curl" in script:
            assert "sha256sum --check --strict" in script
            assert re.fullmatch(r"[0-9a-f]{64}", step["env"]["RUNTIME_SHA256"])
            assert re.fullmatch(r"[0-9a-f]{64}", step["env"]["TOOL_SHA256"])


def test_secrets_reach_only_steps_that_sign(workflow: dict[str, Any]) -> None:
    for job in workflow["jobs"].values():
        for name, value in job.get("env", {}).items():
            assert "secrets." not in value or value.endswith("!= '' }}"), name
    holding = {
        step["name"] for step in steps(workflow) if "secrets." in str(step.get("env", ""))
    }
    assert holding == {"Certificate of macOS", "Build", "Have Apple look at it"}
    assert workflow["permissions"] == {"contents": "read"}


def test_every_verb_it_uses_is_there(workflow: dict[str, Any]) -> None:
    script = (PACKAGING / "dev.py").read_text("utf-8")
    verbs = set(
        re.findall(r"dev\.py (\w+)", "\n".join(s.get("run", "") for s in steps(workflow)))
    )

    assert verbs == {"build", "try", "gather"}
    for verb in verbs:
        assert f'    "{verb}": ' in script
