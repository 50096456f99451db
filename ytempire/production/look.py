"""Verbs: look at what a video says, at how it is spoken, and at its finished files."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from pydantic import TypeAdapter

from ytempire.kit.database import Connection
from ytempire.kit.errors import NotFound
from ytempire.kit.media_store import MediaRef
from ytempire.production.model import FileKind, MadeFile, Script, Speech, SpokenSentence, StepName, Video
from ytempire.production.recorded import made_of, passed_files, select_files

_scripts = TypeAdapter(Script)
_speeches = TypeAdapter(tuple[Speech, ...])


async def look_at_script(conn: Connection, video: Video) -> Script:
    """The newest script with the sentences as they were edited since. Raises NotFound while there is none."""
    made = await made_of(conn, video.id, StepName.SCRIPT)
    if made is None:
        raise _missing("script", StepName.SCRIPT)
    script = _scripts.validate_python(made[0]["script"])
    edits = dict(video.order.sentence_edits)
    scenes = tuple(
        replace(scene, sentence=edits[index]) if index in edits else scene for index, scene in enumerate(script.scenes)
    )
    return replace(script, scenes=scenes)


async def look_at_voice(conn: Connection, video_id: UUID) -> list[SpokenSentence]:
    """The sentences of the newest version that was spoken. Raises NotFound while there is none."""
    voice = await made_of(conn, video_id, StepName.VOICE)
    script = await made_of(conn, video_id, StepName.SCRIPT, by=voice[1]) if voice else None
    if voice is None or script is None:
        raise _missing("voice", StepName.VOICE)
    said = [scene.sentence for scene in _scripts.validate_python(script[0]["script"]).scenes]
    speeches = _speeches.validate_python(voice[0]["speeches"])
    return [SpokenSentence(sentence, speech) for sentence, speech in zip(said, speeches, strict=False)]


async def look_at_files(conn: Connection, video_id: UUID) -> list[MadeFile]:
    """The files of the newest version that passed the quality gate, and a newer one that it refused; empty if none."""
    passed = await passed_files(conn, video_id)
    refused = (await select_files(conn, [video_id]))[video_id].refused
    found = []
    if rendered := passed.get(StepName.RENDER):
        found.append(MadeFile(FileKind.VIDEO, MediaRef(**rendered["video"])))
    drawn = passed.get(StepName.THUMBNAIL, {}).get("candidates", ())
    found += [MadeFile(FileKind.THUMBNAIL, MediaRef(**one), number) for number, one in enumerate(drawn, 1)]
    if written := passed.get(StepName.CAPTIONS):
        found.append(MadeFile(FileKind.CAPTIONS_SRT, MediaRef(**written["srt"])))
        found.append(MadeFile(FileKind.CAPTIONS_VTT, MediaRef(**written["vtt"])))
    if refused:
        found.append(MadeFile(FileKind.REFUSED_VIDEO, refused))
    return found


def _missing(what: str, step: StepName) -> NotFound:
    return NotFound(
        f"the video has no {what} yet",
        field="video",
        fix=f"Wait until its {step} step is done; GET /api/v1/videos/{{id}}/steps tells where it stands.",
    )
