"""Everything with n8n, once for all that is tried with the workflows of the checkout."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.n8n_stage import CLAIMS, WORKFLOW, Up, up_with_n8n
from tests.n8n.conftest import FOLDER
from tests.n8n.content.stage import Ways
from tests.n8n.editor import Editor, password_in
from ytempire.local.n8n.install import Installed


@pytest.fixture(scope="package")
async def up(at: Installed, services_dir: Path) -> AsyncIterator[Up]:
    """n8n is asked for work first, and only what it drops is the built-in driver's."""
    assert at.n8n
    folder = services_dir / "content"
    folder.mkdir(mode=0o755)
    before = dict(os.environ)
    os.environ["YTEMPIRE_N8N_DIR"] = str(FOLDER)
    try:
        async with up_with_n8n(folder) as running:
            yield running
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="package")
async def ways(up: Up) -> AsyncIterator[Ways]:
    """Its own claims are off from here on."""
    with Editor(up.n8n_url, up.email, password_in(str(up.password_file))) as editor:
        editor.data("POST", f"/rest/workflows/{CLAIMS}/deactivate", {})
        made = Ways(up, editor)
        made.starter("ours", WORKFLOW)
        yield made
