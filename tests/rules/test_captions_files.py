"""Caption files: what players and YouTube read."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ytempire.production.model import Word
from ytempire.production.splitting import width
from ytempire.production.subtitles import Subtitle, srt, subtitles, vtt

_STAMP = re.compile(r"(\d\d+):(\d\d):(\d\d)[,.](\d\d\d) --> (\d\d+):(\d\d):(\d\d)[,.](\d\d\d)")


def scenes(*texts: str, per_letter_s: float = 0.06, gap_s: float = 0.5) -> list[list[Word]]:
    out, at = [], 0.2
    for text in texts:
        words = []
        for token in text.split():
            words.append(Word(token, at, at + 0.03 + len(token) * per_letter_s))
            at = words[-1].end_s
        out.append(words)
        at += gap_s
    return out


def made(*texts: str) -> tuple[Subtitle, ...]:
    spoken = scenes(*texts)
    return subtitles(spoken, video_end_s=spoken[-1][-1].end_s + 2)


def read(text: str) -> list[tuple[int, int, list[str]]]:
    """(start_ms, end_ms, lines) of every block, read as a player does: blocks are parted by blank lines."""
    found = []
    for block in text.removeprefix("WEBVTT\n\n").strip("\n").split("\n\n"):
        rows = block.split("\n")
        rows = rows if "-->" in rows[0] else rows[1:]
        stamp = _STAMP.fullmatch(rows[0])
        assert stamp, block
        h, m, s, ms, h2, m2, s2, ms2 = map(int, stamp.groups())
        found.append((((h * 60 + m) * 60 + s) * 1000 + ms, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2, rows[1:]))
    return found


def test_a_long_sentence_is_divided_at_its_phrases() -> None:
    text = (
        "Scientists still argue about why we sleep, because no single answer explains everything that happens at"
        " night, in every animal we know."
    )
    blocks = made(text)
    assert blocks[0].lines[0].endswith("sleep,")
    assert " ".join(line for block in blocks for line in block.lines) == text


def test_a_sentence_never_shares_a_block_with_the_next_scene() -> None:
    assert [block.lines for block in made("Yes.", "No way, really?")] == [("Yes.",), ("No way, really?",)]


def test_a_short_block_stays_a_second_where_it_can() -> None:
    first, last = subtitles([[Word("Yes.", 0.2, 0.5)], [Word("No.", 2.0, 2.3)]], video_end_s=2.6)
    assert (first.start_s, round(first.end_s, 6)) == (0.2, 1.2)
    assert (last.start_s, last.end_s) == (2.0, 2.6)


def test_srt_and_vtt_as_they_are_written() -> None:
    blocks = [Subtitle(("Tom & Ann", "say hi"), 0.0, 1.2345), Subtitle(("Bye.",), 3_661.5, 3_662.0)]
    assert srt(blocks) == (
        "1\n00:00:00,000 --> 00:00:01,234\nTom & Ann\nsay hi\n\n2\n01:01:01,500 --> 01:01:02,000\nBye.\n"
    )
    assert vtt(blocks) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.234\nTom &amp; Ann\nsay hi\n\n01:01:01.500 --> 01:01:02.000\nBye.\n"
    )


def test_hostile_words_stay_words() -> None:
    text = "1 --> <b>bold</b> <c.red> {\\an8} 00:00:01,000 NOTE \u202ethgir & <script> a < b &lt; \u2028 x\x07y"
    plain = srt(made(text))
    assert "-->" not in "".join(line for _, _, lines in read(plain) for line in lines)
    assert not re.search(r"<[a-z/]|\{\\|\u202e|\x07", plain)
    assert "a < b" in plain.replace("\n", " ")
    web = vtt(made(text))
    body = "".join(line for _, _, lines in read(web) for line in lines)
    assert not set(body) & set("<>")
    assert "&lt;script&gt;" in body
    assert "&amp;lt;" in body


def test_scripts_without_blanks_and_from_right_to_left_keep_to_the_lines() -> None:
    japanese = "深夜の海は静かで、波の音だけが聞こえる。それでも魚たちは眠らずに泳ぎ続けている。"
    arabic = "مرحبا بالعالم هذا نص عربي طويل بما يكفي ليصبح سطرين كاملين في الترجمة المرئية هنا"
    blocks = made(japanese, arabic)
    assert all(width(line) <= 46 for block in blocks for line in block.lines)
    assert not any(line[0] in "。、" for block in blocks for line in block.lines)
    assert arabic in " ".join(line for block in blocks for line in block.lines)


_texts = st.lists(
    st.text(alphabet="abcZ019<>&{}\\-—,.!? \n\t\u200b\u2028深。é🙂\x00", max_size=30), min_size=1, max_size=30
)


@given(st.lists(_texts.map(" ".join), min_size=1, max_size=4), st.floats(0.001, 0.08), st.floats(0, 0.4))
@settings(max_examples=120, deadline=None)
def test_whatever_is_said_the_files_can_be_read(texts: list[str], per_letter_s: float, gap_s: float) -> None:
    spoken = scenes(*texts, per_letter_s=per_letter_s, gap_s=gap_s)
    end_s = max((words[-1].end_s for words in spoken if words), default=0.0) + 0.1
    blocks = subtitles(spoken, video_end_s=end_s)
    for text in (srt(blocks), vtt(blocks)):
        if not blocks:
            continue
        found = read(text)
        assert len(found) == len(blocks)
        for start, end, lines in found:
            assert start < end
            assert 1 <= len(lines) <= 2
            assert all(line.strip() for line in lines)
        assert all(before[1] <= after[0] for before, after in pairwise(found))
        assert all(width(line) <= 50 for block in blocks for line in block.lines)
