"""The only room that names concrete classes and reads settings: it puts the platform together.

Rehearsal has a state folder of its own below the installation's, so nothing made with stand-ins can meet what is real.
"""

from __future__ import annotations

from ytempire.bootstrap.given import policy_of, settings_for
from ytempire.bootstrap.n8n import check_workflows, finding_of_n8n, install_n8n, run_n8n, run_n8n_worker
from ytempire.bootstrap.running import create_operator, run_everything, run_sandbox, run_web, run_worker
from ytempire.bootstrap.sessions import connect, disconnect, ensure_demo_channels, open_session, take_in
from ytempire.bootstrap.simulation import simulate
from ytempire.cli.doctor import findings_of_settings
from ytempire.cli.door import Door, Finding
from ytempire.kit.errors import YtempireError
from ytempire.kit.settings import read_settings
from ytempire.local import care
from ytempire.providers.ffmpeg import choose_encoder

__all__ = ["connect", "door", "ensure_demo_channels", "open_session"]


def door() -> Door:
    """What the command line calls on."""
    return Door(
        settings=read_settings,
        open_session=open_session,
        run_worker=run_worker,
        run_web=run_web,
        create_operator=create_operator,
        run_sandbox=run_sandbox,
        run_everything=run_everything,
        install_n8n=install_n8n,
        check_workflows=check_workflows,
        run_n8n=run_n8n,
        run_n8n_worker=run_n8n_worker,
        backup=lambda place, rehearsal: care.backup_told(s := settings_for(rehearsal), policy_of(s), place),
        restore=lambda folder, key, rehearsal: care.restore_told(settings_for(rehearsal), folder, key),
        run_care=lambda say: care.care(s := settings_for(False), policy_of(s), say),
        collect_garbage=lambda dry, rehearsal: care.gc_told(s := settings_for(rehearsal), policy_of(s), dry_run=dry),
        diagnose=diagnose,
        connect=connect,
        disconnect=disconnect,
        take_in=take_in,
        ensure_demo_channels=ensure_demo_channels,
        simulate=simulate,
    )


async def diagnose(rehearsal: bool) -> list[Finding]:
    """What can be said of this machine and its settings before anything is started."""
    settings = settings_for(rehearsal)
    try:
        encoder = await choose_encoder(settings.video_encoder)
        drawing = Finding("ffmpeg", "ok", f"encodes with {encoder.name}")
    except YtempireError as error:
        drawing = Finding("ffmpeg", "wrong", error.message, error.fix or "")
    return [*findings_of_settings(settings), drawing, await finding_of_n8n(settings)]
