"""Puts a story into whatever JSON schema was asked for: known by the names of its fields, generic where unknown."""

import random
import re
from collections.abc import Iterator
from typing import Any, Final

from sandbox.openai.composing import listing
from sandbox.openai.composing.cards import card
from sandbox.openai.composing.lines import Line
from sandbox.openai.composing.prompt import Prompt
from sandbox.openai.composing.sentences import Sentence, read
from sandbox.openai.composing.telling import Story, tell
from sandbox.openai.composing.trimming import spoken
from sandbox.openai.composing.words import short

Schema = dict[str, Any]

_SENTENCE: Final = re.compile(r"^(?:sentence|line|spoken|narration|voice_?over|say|text)$")
_HOOK: Final = re.compile(r"^(?:hook|opening|intro|cold_open)$")
_END: Final = re.compile(r"^(?:call_to_action|cta|ending|outro|closing|last_line|payoff)$")


class Filler:
    """Fills one schema from one prompt."""

    def __init__(self, prompt: Prompt, schema: Schema, seed: int) -> None:
        self.prompt, self.root, self.seed = prompt, schema, seed
        self.story: Story | None = None
        self.lines: list[Line] = []
        self.free = self._sentences()

    def fill(self) -> Any:  # noqa: ANN401 - any JSON value
        """The value."""
        return self._value(self.root, "", None)

    def _sentences(self) -> Iterator[str]:
        found = [
            text
            for sentence in read(tuple(source.text for source in self.prompt.sources))
            for text in spoken(sentence.raw)
        ] or [self.prompt.topic or self.prompt.asked.strip() or "Nothing given."]
        at = random.Random(self.seed).randrange(len(found))
        while True:
            yield found[at % len(found)]
            at += 1

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self.root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found if part in ("", "#") else found[part]
            schema = found
        return schema

    def _value(self, given: Schema, name: str, line: Line | None) -> Any:  # noqa: ANN401 - any JSON value
        schema = self._resolved(given)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self._value(self._chosen(schema[key], name, line), name, line)
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        if kind == "object":
            return self._object(schema, name, line)
        if kind == "array":
            return self._array(schema, name, line)
        return self._scalar(schema, kind, name, line)

    def _chosen(self, options: list[Schema], name: str, line: Line | None) -> Schema:
        empty = line is not None and line.origin is None and re.search(r"source|quote|evidence", name)
        kinds = [self._resolved(option).get("type") for option in options]
        if empty and "null" in kinds:
            return options[kinds.index("null")]
        return next((option for option, kind in zip(options, kinds, strict=True) if kind != "null"), options[0])

    def _object(self, schema: Schema, name: str, line: Line | None) -> dict[str, Any]:
        properties: dict[str, Schema] = schema.get("properties", {})
        if line is None and self._tells(properties):
            return self._told(properties)
        if line is None and _is_beat(properties) and (_HOOK.match(name) or _END.match(name)):
            line = self._line_for(name)
        return {key: self._value(inner, key, line) for key, inner in properties.items()}

    def _tells(self, properties: dict[str, Schema]) -> bool:
        return self.story is None and any(self._is_beats(inner) for inner in properties.values())

    def _is_beats(self, schema: Schema) -> bool:
        schema = self._resolved(schema)
        return schema.get("type") == "array" and _is_beat(self._resolved(schema.get("items", {})).get("properties", {}))

    def _told(self, properties: dict[str, Schema]) -> dict[str, Any]:
        array = next(self._resolved(inner) for inner in properties.values() if self._is_beats(inner))
        most, least = int(array.get("maxItems", 60)), int(array.get("minItems", 1))
        self.story = tell(self.prompt, self.seed, (least, most))
        kept = list(self.story.lines)
        if any(_HOOK.match(key) for key in properties) and kept:
            kept = [one for one in kept if one.role != "hook"]
        if any(_END.match(key) for key in properties):
            kept = [one for one in kept if one.role != "end"]
        self.lines = kept[:most]
        return {key: self._value(inner, key, None) for key, inner in properties.items()}

    def _line_for(self, name: str) -> Line:
        role = "hook" if _HOOK.match(name) else "end"
        lines = self.story.lines if self.story else ()
        return next((line for line in lines if line.role == role), Line(next(self.free), role=role))

    def _array(self, schema: Schema, name: str, line: Line | None) -> list[Any]:
        items = self._resolved(schema.get("items", {}))
        least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", 99))
        if self._is_beats(schema) and self.story is not None and line is None:
            found = [self._value(items, name, one) for one in self.lines]
            while len(found) < least:
                found.append(self._value(items, name, Line(next(self.free))))
            return found
        if line is not None and re.search(r"data|values|numbers|items", name):
            return self._data(items, line)[:most]
        texts = self._texts(name, least, most)
        if texts is None:
            return [self._value(items, name, line) for _ in range(max(least, min(3, most)))]
        if items.get("type") == "string" or "properties" not in items:
            return [text for text, _ in texts]
        return [self._named(items, text, origin) for text, origin in texts]

    def _data(self, items: Schema, line: Line) -> list[Any]:
        found = []
        for value in card(line, (), self.prompt.topic).data:
            entry: dict[str, Any] = {}
            for key, inner in items.get("properties", {}).items():
                if re.search(r"value|amount|number", key):
                    entry[key] = value.value
                elif re.search(r"unit", key):
                    entry[key] = value.unit
                else:
                    entry[key] = value.label if self._resolved(inner).get("type") != "number" else value.value
            found.append(entry or value.label)
        return found

    def _texts(self, name: str, least: int, most: int) -> list[tuple[str, Sentence | None]] | None:
        """Texts for a list known by its name."""
        if re.search(r"topic|idea|proposal|suggestion|candidates?$", name) and not re.search(
            "title|thumb|picture", name
        ):
            return list(listing.topics(self.prompt, max(least, min(most, 5))))
        story = self.story or tell(self.prompt, self.seed)
        found: list[str] | None = None
        if re.search(r"thumb", name):
            found = listing.thumbnails(story)
        elif re.search(r"title", name):
            found = listing.titles(story)
        elif re.search(r"tag|keyword", name):
            found = listing.tags(story)
        elif re.search(r"quer", name):
            found = [self.prompt.topic, *listing.tags(story)]
        if found is None:
            return None
        while len(found) < least:
            found.append(short(next(self.free), 60))
        return [(text, None) for text in found[:most]]

    def _named(self, items: Schema, text: str, origin: Sentence | None) -> dict[str, Any]:
        """An object around a text: its first string field is the text."""
        line = Line(text, origin)
        entry: dict[str, Any] = {}
        placed = False
        for key, inner in items.get("properties", {}).items():
            kind = self._resolved(inner).get("type")
            if kind == "string" and not placed and "enum" not in self._resolved(inner):
                entry[key], placed = text, True
            elif re.search(r"kind|type", key):
                entry[key] = self._title_kind(self._resolved(inner), text)
            else:
                entry[key] = self._value(inner, key, line)
        return entry

    @staticmethod
    def _title_kind(schema: Schema, text: str) -> str:
        allowed = [str(one) for one in schema.get("enum", ())]
        guess = "question" if text.endswith("?") else "number" if re.search(r"\d", text) else "statement"
        return guess if guess in allowed or not allowed else allowed[0]

    def _scalar(self, schema: Schema, kind: str, name: str, line: Line | None) -> Any:  # noqa: ANN401 - any JSON value
        allowed = [str(one) for one in schema.get("enum", ())]
        if kind in ("integer", "number"):
            return self._figure(schema, name, line)
        if kind == "boolean":
            return False
        if kind == "null":
            return None
        if allowed:
            if line is not None and re.search(r"card|kind|visual|type", name):
                return card(line, allowed, self.prompt.topic).kind
            return allowed[0]
        return short(self._string(name, line), int(schema.get("maxLength", 4000)))

    def _figure(self, schema: Schema, name: str, line: Line | None) -> Any:  # noqa: ANN401 - any JSON value
        if re.search(r"source|index|reference", name):
            return (
                self.prompt.sources[line.origin.source].index
                if line and line.origin
                else None
                if "null" in schema.get("type", "")
                else -1
                if schema.get("minimum", -1) < 0
                else schema.get("minimum", 0)
            )
        return schema.get("minimum", 1)

    def _string(self, name: str, line: Line | None) -> str:
        if line is not None:
            return self._beat_string(name, line)
        if _HOOK.match(name) or _END.match(name):
            return self._line_for(name).text
        if re.search(r"topic|idea|subject", name):
            return listing.topics(self.prompt, 1)[0][0]
        story = self.story or tell(self.prompt, self.seed)
        if re.search(r"title|headline", name):
            return listing.titles(story)[0]
        if re.search(r"description|summary", name):
            return listing.description(story)
        if re.search(r"script|text|body|answer", name):
            return " ".join(one.text for one in story.lines)
        return next(self.free)

    def _beat_string(self, name: str, line: Line) -> str:
        if re.search(r"chapter|heading", name):
            return line.chapter
        if re.search(r"quote|evidence", name):
            return line.origin.raw if line.origin else ""
        if re.search(r"screen|overlay|caption", name):
            return card(line, (), self.prompt.topic).on_screen
        if re.search(r"picture|image|visual|illustration", name):
            return card(line, (), self.prompt.topic).picture
        if re.search(r"card|kind", name):
            return card(line, (), self.prompt.topic).kind
        if re.search(r"source|title", name) and line.origin:
            return self.prompt.sources[line.origin.source].title
        if re.search(r"why|reason", name) and line.origin:
            return line.origin.raw
        return line.text


def _is_beat(properties: dict[str, Schema]) -> bool:
    return any(_SENTENCE.match(key) for key in properties)
