"""The voice step: every sentence spoken, with the time of each word; what was spoken before is used again.

Sentences that are new go to the voice in as few calls as its limits allow; a recording of several is cut in its
pauses. A voice without word times is aligned, and where no aligner can, times are shared out by characters and the
result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.kit.ids import content_hash
from ytempire.kit.media_store import MediaRef
from ytempire.ledger import Category, Meters, PaidCall
from ytempire.production.artifacts import find_artifact, keep_artifact
from ytempire.production.cutting import batches, cuts, moved, proportional
from ytempire.production.model import Speech, StepName, Word
from ytempire.production.ports import Spoken, Voice
from ytempire.production.script import ScriptResult
from ytempire.production.step import Step, Work
from ytempire.production.wav import Pcm, read_wav, write_wav

_speech = TypeAdapter(Speech)
_words = TypeAdapter(tuple[Word, ...])


@dataclass(frozen=True)
class VoiceResult:
    """One speech per scene, in order; `reused` of them were spoken for an earlier version or video."""

    speeches: tuple[Speech, ...]
    reused: int


def inputs(work: Work) -> object:
    """The sentences and who speaks them."""
    return {"sentences": _sentences(work), "voice": work.video.order.voice, "model": _voice(work).model}


async def run(work: Work) -> VoiceResult:
    """Speak what was not spoken before."""
    voice, name, sentences = _voice(work), _name(work), _sentences(work)
    for index, sentence in enumerate(sentences):
        try:
            voice.check(sentence, voice=name, language=work.video.order.language)
        except BadInput as error:
            raise BadInput(f"sentence {index + 1}: {error.message}", field=error.field, fix=error.fix) from error
    done: dict[int, Speech] = {}
    for index, sentence in enumerate(sentences):
        kept = await find_artifact(work, "speech", _key(work, sentence))
        if kept and work.tools.media.has(MediaRef(**kept["media"])):
            done[index] = _speech.validate_python(kept)
            await _note_saving(work, index, sentence)
    reused = len(done)
    missing = [index for index in range(len(sentences)) if index not in done]
    calls = batches([sentences[index] for index in missing], most_characters=voice.most_characters)
    for call in calls:
        wanted = [missing[position] for position in call]
        for index, speech in zip(wanted, await _speak(work, [sentences[i] for i in wanted]), strict=True):
            done[index] = speech
            await keep_artifact(
                work, "speech", _key(work, sentences[index]), _speech.dump_python(speech, mode="json")
            )
        await work.progress(len(done) / len(sentences))
    return VoiceResult(tuple(done[index] for index in range(len(sentences))), reused)


async def _speak(work: Work, sentences: list[str]) -> list[Speech]:
    """One call to the voice, cut into its sentences."""
    voice, name, media = _voice(work), _name(work), work.tools.media
    text = " ".join(sentences)
    once = f"{work.video.id}:voice:{content_hash([text, name, voice.model])[:24]}"

    def recorded(spoken: Spoken) -> tuple[dict[str, Any], Meters]:
        ref = media.put_bytes(spoken.wav, ".wav")
        return {
            "media": vars(ref),
            "words": _words.dump_python(spoken.words, mode="json"),
            "timing": spoken.timing,
        }, spoken.meters

    async def perform() -> tuple[dict[str, Any], Meters]:
        return recorded(await voice.speak(text, voice=name, once=once))

    async def look() -> tuple[dict[str, Any], Meters] | None:
        found = await voice.look(once, text, voice=name)
        return recorded(found) if found else None

    call = PaidCall(
        user_id=work.video.user_id,
        video_id=work.video.id,
        step=StepName.VOICE,
        category=Category.ELEVENLABS,
        what=f"{len(sentences)} sentence(s), {len(text)} characters, {work.video.order.voice}",
        once=once,
        estimate=voice.estimate(text),
        attempt=work.attempt,
    )
    result = await work.tools.ledger.spend(call, perform, look)
    pcm = read_wav(media.path(MediaRef(**result["media"])).read_bytes())
    words, timing = await _timed(work, sentences, pcm, MediaRef(**result["media"]), result)
    speeches = []
    for own, (start_s, end_s) in zip(words, cuts(words, pcm.duration_s), strict=True):
        part = pcm.cut(start_s, end_s)
        ref = media.put_bytes(write_wav(part), ".wav")
        own_words = moved(own, -start_s, within_s=part.duration_s)
        speeches.append(Speech(ref, part.duration_s, own_words, timing, voice.origin))
    return speeches


async def _timed(
    work: Work, sentences: Sequence[str], pcm: Pcm, ref: MediaRef, result: dict[str, Any]
) -> tuple[list[tuple[Word, ...]], str]:
    """Words per sentence with times in the recording, and how they were found."""
    words = _words.validate_python(result["words"])
    counts = [len(sentence.split()) for sentence in sentences]
    if len(words) == sum(counts):
        return _split(words, counts), str(result["timing"])
    guess = _split(proportional(" ".join(sentences), pcm.duration_s), counts)
    spans = [(own[0].start_s, own[-1].end_s, [word.text for word in own]) for own in guess]
    aligned = await work.tools.aligner.align(work.tools.media.path(ref), spans)
    found = [tuple(word for word in own if word is not None) for own in aligned]
    if [len(own) for own in found] == counts:
        return found, "aligned"
    return guess, "proportional"


def _split(words: Sequence[Word], counts: Sequence[int]) -> list[tuple[Word, ...]]:
    parts, at = [], 0
    for count in counts:
        parts.append(tuple(words[at : at + count]))
        at += count
    return parts


async def _note_saving(work: Work, index: int, sentence: str) -> None:
    voice = _voice(work)
    estimate = voice.estimate(sentence)
    await work.tools.ledger.saved(
        PaidCall(
            user_id=work.video.user_id,
            video_id=work.video.id,
            step=StepName.VOICE,
            category=Category.ELEVENLABS,
            what=f"sentence {index + 1} spoken before",
            once=f"{work.video.id}:voice:saved:{_key(work, sentence)[:24]}",
            estimate=estimate,
            attempt=work.attempt,
        )
    )


def _sentences(work: Work) -> list[str]:
    script = work.result(StepName.SCRIPT, ScriptResult).script
    return [" ".join(scene.sentence.split()) for scene in script.scenes]


def _voice(work: Work) -> Voice:
    vendor = work.video.order.voice.partition(":")[0]
    voice = work.tools.voices.get(vendor)
    if voice is None:
        raise NotConfigured(
            f"the voice {work.video.order.voice!r} needs the vendor {vendor!r}, which is not configured",
            field="voice",
            fix="Set ELEVENLABS_API_KEY, or choose a voice such as local:heart.",
        )
    return voice


def _name(work: Work) -> str:
    return work.video.order.voice.partition(":")[2]


def _key(work: Work, sentence: str) -> str:
    return content_hash([sentence, work.video.order.voice, _voice(work).model])


STEP = Step(StepName.VOICE, VoiceResult, inputs, run)
