"""Each vendor's side, imported and built when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytempire.channels import Credentials
from ytempire.kit.clock import Clock
from ytempire.kit.settings import Settings
from ytempire.production.ports import Aligner, Embedder, PictureLibrary, Voice
from ytempire.production.scripting.prompts import most_output_tokens
from ytempire.providers.chosen import Vendors

SCRIPT_MINUTES = 3.0
"""A workflow's question that names no limit of tokens gets that of our own for a script of so long."""

if TYPE_CHECKING:
    from ytempire.providers.elevenlabs import ElevenLabsRelay
    from ytempire.providers.openai import OpenAiRelay, OpenAiWriter
    from ytempire.providers.youtube import YouTubeSide


def writer(settings: Settings, vendors: Vendors, clock: Clock) -> OpenAiWriter:
    """The model."""
    from ytempire.providers.openai import OpenAiWriter

    return OpenAiWriter(
        key=vendors.openai_key,
        base_url=vendors.openai_url,
        models={"cheap": settings.model_cheap, "strong": settings.model_strong},
        stand_in=vendors.openai_stand_in,
        clock=clock,
    )


def openai_relay(settings: Settings, vendors: Vendors, clock: Clock) -> OpenAiRelay:
    """The model, for another driver's questions."""
    from ytempire.providers.openai import OpenAiRelay

    return OpenAiRelay(
        key=vendors.openai_key,
        base_url=vendors.openai_url,
        models={"cheap": settings.model_cheap, "strong": settings.model_strong},
        most_tokens=most_output_tokens(SCRIPT_MINUTES),
        stand_in=vendors.openai_stand_in,
        clock=clock,
    )


def elevenlabs_relay(settings: Settings, vendors: Vendors) -> ElevenLabsRelay:
    """The voice, for another driver's texts."""
    from ytempire.providers.elevenlabs import ElevenLabsRelay

    return ElevenLabsRelay(
        api_key=vendors.elevenlabs_key, base_url=vendors.elevenlabs_url, model=settings.elevenlabs_model
    )


def local_voice() -> Voice:
    """The voice of this machine."""
    from ytempire.providers.localvoice import LocalVoice

    return LocalVoice()


def vendor_voice(settings: Settings, vendors: Vendors, *, samples: str = "pcm_24000") -> Voice:
    """The vendor's voice, asked for its sound in this format."""
    from ytempire.providers.elevenlabs import ElevenLabsVoice

    return ElevenLabsVoice(
        api_key=vendors.elevenlabs_key,
        base_url=vendors.elevenlabs_url,
        model=settings.elevenlabs_model,
        stand_in=vendors.elevenlabs_stand_in,
        samples=samples,
    )


def aligner() -> Aligner:
    """Word times of our own sound."""
    from ytempire.providers.pocketsphinx import SphinxAligner

    return SphinxAligner()


def embedder() -> Embedder:
    """What sentences mean."""
    from ytempire.providers.minilm import MiniLm

    return MiniLm()


def pictures(embedder: Embedder) -> PictureLibrary:
    """The picture library."""
    from ytempire.providers.pictures import Pictures

    return Pictures(embedder)


def youtube(vendors: Vendors, credentials: Credentials, clock: Clock) -> YouTubeSide:
    """Consent, sign-in and publishing."""
    from ytempire.providers.youtube import youtube_side

    return youtube_side(vendors.youtube_root, vendors.google_client, credentials, clock)
