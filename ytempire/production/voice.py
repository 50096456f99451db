"""The voice step: every sentence spoken, with the time of each word; what was spoken before is used again.

Sentences that are new go to the voice in as few calls as its limits allow; a recording of several is cut in its
pauses. A voice without word times is aligned, and where no aligner can, times are shared out by characters and the
result says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from ytempire.kit.errors import BadInput, BudgetRefused, NotConfigured, NotFound
from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import MediaRef
from ytempire.ledger import Category, Meters, PaidCall
from ytempire.production.artifacts import find_artifacts, keep_artifacts
from ytempire.production.cutting import batches, cuts, faded, filled, moved, snapped
from ytempire.production.ladder import gives_way, in_words, take_way, way_taken
from ytempire.production.looks.typeface import missing, without_missing
from ytempire.production.loudness import levelled
from ytempire.production.model import Speech, StepName, Word
from ytempire.production.ports import Spoken, Voice
from ytempire.production.scripting.model import ScriptResult
from ytempire.production.step import Step, Tools, Work
from ytempire.production.wav import Pcm, read_wav, write_wav

VERSION = 2
"""Raised when the same sentences should be cut or levelled otherwise."""
_MOST_LOST = 9
_ALIGNED_WHOLE_S = 58.0
_CHEAPER = "local:heart"
_SHOWN_IN = "Manrope ExtraBold"
"""All of our typefaces know the same scripts; what they can't show is better said before it is paid for."""

_speech = TypeAdapter(Speech)
_words = TypeAdapter(tuple[Word, ...])


@dataclass(frozen=True)
class VoiceResult:
    """One speech per scene, in order; `reused` of them were spoken for an earlier version or video."""

    speeches: tuple[Speech, ...]
    reused: int
    note: str = ""
    """What was decided, in plain words: another voice than ordered, and why."""


def inputs(work: Work) -> object:
    """The sentences and who speaks them."""
    own: dict[str, object] = {"version": VERSION, "sentences": _sentences(work), "speaker": _speaker(work)}
    if work.video.order.recordings:
        own["recordings"] = [[one.text, one.media.sha256] for one in work.video.order.recordings]
    return own


async def run(work: Work) -> VoiceResult:
    """Speak what was not spoken before; by this machine's voice if the video's money is too short for the vendor's.

    All sentences go to one voice. Raises BudgetRefused if this machine's voice can't speak the text either.
    """
    sentences = _sentences(work)
    _check(work, sentences)
    ordered = work.video.order.voice
    cheaper = replace(work, video=replace(work.video, order=replace(work.video.order, voice=_CHEAPER)))
    way = await way_taken(work, StepName.VOICE)
    if way is None or way.instead_of != ordered:  # a voice that was changed since is another order
        try:
            return await _by_ordered_voice(work, sentences)
        except BudgetRefused as refused:
            if ordered.startswith("local:") or not gives_way(refused, Category.ELEVENLABS):
                raise
            try:
                _check(cheaper, sentences)
            except (BadInput, NotConfigured):
                raise refused from None
            way = await take_way(work, StepName.VOICE, refused, way=_CHEAPER, instead_of=ordered)
    return replace(await _by_ordered_voice(cheaper, sentences), note=in_words(way))


async def _by_ordered_voice(work: Work, sentences: list[str]) -> VoiceResult:
    made_by = content_hash([str(work.video.id), inputs(work)])
    done: dict[str, Speech] = {}

    def is_there(kept: dict[str, Any]) -> bool:
        return work.tools.media.has(_speech.validate_python(kept["speech"]).media)

    reused: set[str] = set()
    keys = {sentence: _key(work, sentence) for sentence in sentences}
    found = await find_artifacts(work, "speech", keys.values(), run=made_by, there=is_there)
    for sentence, key in keys.items():
        if kept := found.get(key):
            done[sentence] = _speech.validate_python(kept.value["speech"])
            if kept.hit:
                reused.add(sentence)
                await _note_saving(work, sentence, sentences.index(sentence))
    missing = [sentence for sentence in dict.fromkeys(sentences) if sentence not in done]
    calls = batches(missing, most_characters=_voice(work).most_characters)
    turns = asyncio.Semaphore(max(1, _voice(work).at_once))
    cpu_ms = 0

    async def speak(call: list[int]) -> None:
        nonlocal cpu_ms
        async with turns:
            wanted = [missing[position] for position in call]
            speeches, spent_ms = await _speak(work, wanted)
            cpu_ms += spent_ms
            spoken = dict(zip(wanted, speeches, strict=True))
            await keep_artifacts(
                work,
                "speech",
                {
                    _key(work, sentence): {"speech": _speech.dump_python(speech, mode="json")}
                    for sentence, speech in spoken.items()
                },
                run=made_by,
            )
            done.update(spoken)
            await work.progress(len(done) / len(set(sentences)))

    await _all([asyncio.ensure_future(speak(call)) for call in calls])
    if cpu_ms:
        once = f"{work.video.id}:voice:cpu:{content_hash([missing, _speaker(work)])[:24]}"
        await work.tools.ledger.processing(
            work.video.user_id, work.video.id, StepName.VOICE, once, cpu_ms, "CPU time of the local voice"
        )
    return VoiceResult(tuple(done[sentence] for sentence in sentences), sum(s in reused for s in sentences))


async def texts_to_speak(work: Work) -> list[str]:
    """What the vendor is still to speak, a text for each call: as the step would ask, handed-in recordings apart."""
    sentences = _sentences(work)
    _check(work, sentences)
    keys = {sentence: _key(work, sentence) for sentence in sentences}

    def is_there(kept: dict[str, Any]) -> bool:
        return work.tools.media.has(_speech.validate_python(kept["speech"]).media)

    made_by = content_hash([str(work.video.id), inputs(work)])
    found = await find_artifacts(work, "speech", keys.values(), run=made_by, there=is_there)
    missing = [sentence for sentence in dict.fromkeys(sentences) if keys[sentence] not in found]
    calls = batches(missing, most_characters=_voice(work).most_characters)
    return [" ".join(missing[position] for position in call) for call in calls]


async def _all(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for all; the first failure stops the others and is raised once they have ended."""
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _speak(work: Work, sentences: list[str]) -> tuple[list[Speech], int]:
    """One call to the voice, cut into its sentences; and the CPU time it took here."""
    result = await _recorded(work, " ".join(sentences), len(sentences))
    ref = MediaRef(**result["media"])
    pcm = read_wav(work.tools.media.path(ref).read_bytes())
    words, timings = await _timed(work, sentences, pcm, ref, result)
    parts = await asyncio.to_thread(_parts, words, pcm)
    speeches = []
    for own, timing, (part, start_s) in zip(words, timings, parts, strict=True):
        stored = work.tools.media.put_bytes(write_wav(part), ".wav")
        own_words = moved(own, -start_s, within_s=part.duration_s)
        speeches.append(Speech(stored, part.duration_s, own_words, timing, _voice(work).origin))
    return speeches, int(result.get("cpu_ms", 0))


def _parts(words: Sequence[Sequence[Word]], pcm: Pcm) -> list[tuple[Pcm, float]]:
    """Each sentence's sound, equally loud, without a click at its edges, and where it began."""
    return [(levelled(faded(pcm.cut(start_s, end_s))), start_s) for start_s, end_s in cuts(words, pcm)]


async def _recorded(work: Work, text: str, sentences: int) -> dict[str, Any]:
    """The recorded result of speaking this text for this video, whose sound is still in the store."""
    voice, name, media = _voice(work), _name(work), work.tools.media
    handed_in = next((one for one in work.video.order.recordings if one.text == text and media.has(one.media)), None)
    if handed_in:
        words = _words.dump_python(handed_in.words, mode="json")
        return {"media": vars(handed_in.media), "words": words, "timing": "vendor", "cpu_ms": 0}

    def recorded(spoken: Spoken) -> tuple[dict[str, Any], Meters]:
        return {
            "media": vars(media.put_bytes(spoken.wav, ".wav")),
            "words": _words.dump_python(spoken.words, mode="json"),
            "timing": spoken.timing,
            "cpu_ms": spoken.meters.cpu_ms,
        }, spoken.meters

    for lost in range(_MOST_LOST):
        mark = f"{work.video.id}:voice:{content_hash([text, _speaker(work)])[:24]}"
        once = f"{mark}:{lost + 1}" if lost else mark  # the sound of an earlier call was cleared away: another call

        async def perform(once: str = once) -> tuple[dict[str, Any], Meters]:
            return recorded(await voice.speak(text, voice=name, once=once))

        async def look(once: str = once) -> tuple[dict[str, Any], Meters] | None:
            found = await voice.look(once, text, voice=name)
            return recorded(found) if found else None

        call = PaidCall(
            user_id=work.video.user_id,
            video_id=work.video.id,
            step=StepName.VOICE,
            category=Category.ELEVENLABS,
            what=f"{sentences} sentence(s), {len(text)} characters, {work.video.order.voice}",
            once=once,
            estimate=voice.estimate(text),
            attempt=work.attempt,
        )
        result = await work.tools.ledger.spend(call, perform, look)
        if media.has(MediaRef(**result["media"])):
            return result
    raise NotFound("the media store loses what is put into it", fix="Check the disk of the media folder.")


async def _timed(
    work: Work, sentences: Sequence[str], pcm: Pcm, ref: MediaRef, result: dict[str, Any]
) -> tuple[list[tuple[Word, ...]], list[str]]:
    """Words per sentence with times in the recording, and per sentence how they were found."""
    words = _words.validate_python(result["words"])
    tokens = [sentence.split() for sentence in sentences]
    if [word.text for word in words] == [token for own in tokens for token in own]:
        return _split(words, tokens), [str(result["timing"])] * len(sentences)
    guess = await asyncio.to_thread(snapped, sentences, pcm)
    path, aligner = work.tools.media.path(ref), work.tools.aligner
    spans = [(own[0].start_s, own[-1].end_s, own_tokens) for own, own_tokens in zip(guess, tokens, strict=True)]
    found = [filled(own, heard) for own, heard in zip(tokens, await aligner.align(path, spans), strict=True)]
    if None in found and len(sentences) > 1 and pcm.duration_s <= _ALIGNED_WHOLE_S:
        flat = [token for own in tokens for token in own]
        whole = filled(flat, (await aligner.align(path, [(0.0, pcm.duration_s, flat)]))[0])
        if whole:
            return _split(whole, tokens), ["aligned"] * len(sentences)
    if len(sentences) > 1 and None in found:
        return guess, ["proportional"] * len(sentences)  # times of both kinds could overlap
    timed = [own or guessed for own, guessed in zip(found, guess, strict=True)]
    return timed, ["aligned" if own else "proportional" for own in found]


def _split(words: Sequence[Word], tokens: Sequence[Sequence[str]]) -> list[tuple[Word, ...]]:
    parts, at = [], 0
    for own in tokens:
        parts.append(tuple(words[at : at + len(own)]))
        at += len(own)
    return parts


async def _note_saving(work: Work, sentence: str, index: int) -> None:
    await work.tools.ledger.saved(
        PaidCall(
            user_id=work.video.user_id,
            video_id=work.video.id,
            step=StepName.VOICE,
            category=Category.ELEVENLABS,
            what=f"sentence {index + 1} spoken before",
            once=f"{work.video.id}:voice:saved:{_key(work, sentence)[:24]}",
            estimate=_voice(work).estimate(sentence),
            attempt=work.attempt,
        )
    )


def _check(work: Work, sentences: Sequence[str]) -> None:
    """Before anything is spent. Raises BadInput naming the sentence."""
    for index, sentence in enumerate(sentences):
        try:
            _voice(work).check(sentence, voice=_name(work), language=work.video.order.language)
        except BadInput as error:
            where = "" if error.field == "voice" else f"sentence {index + 1}: "
            raise BadInput(f"{where}{error.message}", field=error.field, fix=error.fix) from error
        lost = [
            sign for sign in missing(sentence, _SHOWN_IN) if sign.isalpha() and not without_missing(sign, _SHOWN_IN)
        ]
        if lost:
            raise BadInput(
                f"sentence {index + 1}: the captions' typefaces have no {' '.join(lost[:8])}",
                field="script",
                fix="Write it in Latin letters.",
            )


def _sentences(work: Work) -> list[str]:
    script = work.result(StepName.SCRIPT, ScriptResult).script
    return [" ".join(scene.sentence.split()) for scene in script.scenes]


def _speaker(work: Work) -> list[str]:
    """All that a spoken sentence depends on besides its words; a stand-in's speech is never taken for real."""
    take = work.take_of(StepName.VOICE)
    return [work.video.order.voice, _voice(work).model, _voice(work).origin, *take]


def _voice(work: Work) -> Voice:
    return require_voice(work.tools, work.video.order.voice)


def require_voice(tools: Tools, name: str) -> Voice:
    """The vendor of a voice such as `local:heart`. Raises NotConfigured saying which key it needs."""
    vendor = name.partition(":")[0]
    voice = tools.voices.get(vendor)
    if voice is None:
        raise NotConfigured(
            f"the voice {name!r} needs the vendor {vendor!r}, which is not configured",
            field="voice",
            fix="Set ELEVENLABS_API_KEY, or choose a voice such as local:heart.",
        )
    return voice


def _name(work: Work) -> str:
    return work.video.order.voice.partition(":")[2]


def _key(work: Work, sentence: str) -> str:
    return content_hash([sentence, _speaker(work), VERSION])


STEP = Step(StepName.VOICE, VoiceResult, inputs, run)
