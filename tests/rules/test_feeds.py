"""RSS and Atom to plain items; hostile XML refused."""
# ruff: noqa: E501 - feeds as they come

from datetime import UTC, datetime

import pytest

from ytempire.kit.clock import stopwatch_s
from ytempire.kit.errors import BadInput
from ytempire.providers.feeds.parse import parse_feed
from ytempire.providers.feeds.plain import plain_text

AT = "https://news.example.org/feed.xml"
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title> Sea &amp; News </title>
<item><title>Old squid</title><guid>a1</guid><link>/old?x=1&amp;y=2</link><pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate>
<description>&lt;p&gt;Squid are &lt;b&gt;fast&lt;/b&gt;.&lt;/p&gt;</description></item>
<item><title>New squid</title><guid>a2</guid><link>https://example.org/new</link><dc:date>2026-11-20T08:30:00Z</dc:date>
<description>Short.</description><content:encoded><![CDATA[<h2>Eyes</h2><p>As big as a plate.</p><script>alert(1)</script>
<ul><li>Two hearts</li></ul>]]></content:encoded></item>
<item><title>New squid again</title><guid>a2</guid><description>The same once more.</description></item>
<item><title>Says nothing</title><guid>a3</guid></item>
<item><description>No title, a bad link and no date.</description><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Tides</title>
<entry><id>tag:1</id><title type="html">Moon &amp;amp; sea</title><link rel="edit" href="https://no.example.org"/>
<link href="tide.html"/><updated>2026-11-01T00:00:00+02:00</updated><summary>The Moon pulls.</summary>
<content type="html">&lt;p&gt;The Moon pulls the sea twice a day.&lt;/p&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>Old style</title></channel><item><title>T</title><link>http://example.org/1</link>
<description>Text.</description></item></rdf:RDF>"""
BILLION = (
    '<!DOCTYPE rss [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]><rss><channel><title>&a9;</title></channel></rss>"
)
QUADRATIC = (
    f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]><rss><channel><title>{"&a;" * 20_000}</title></channel></rss>'
)
EXTERNAL = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>'
REMOTE_DTD = '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss><channel/></rss>'
PARAMETER = '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/p">%p;]><rss/>'


def test_rss_items_come_newest_first_once_each_as_plain_text() -> None:
    feed = parse_feed(RSS.encode(), AT)
    assert feed.title == "Sea & News"
    new, old, bare = feed.items
    assert (new.key, new.source.title, new.source.url) == ("a2", "New squid", "https://example.org/new")
    assert new.source.text == "Eyes\n\nAs big as a plate.\n\nTwo hearts"
    assert new.published_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert (old.source.text, old.source.url) == ("Squid are fast.", "https://news.example.org/old?x=1&y=2")
    assert old.published_at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert (bare.source.title, bare.source.url, bare.published_at) == ("No title, a bad link and no date.", "", None)


def test_atom_and_rdf_are_read() -> None:
    (item,) = parse_feed(ATOM.encode(), AT).items
    assert (item.key, item.source.title) == ("tag:1", "Moon & sea")
    assert item.source.text == "The Moon pulls the sea twice a day."
    assert item.source.url == "https://news.example.org/tide.html"
    assert item.published_at == datetime(2026, 10, 31, 22, tzinfo=UTC)
    (item,) = parse_feed(RDF.encode("utf-16"), AT).items
    assert (item.key, item.source.text) == ("http://example.org/1", "Text.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (BILLION, "declares a DTD"), (QUADRATIC, "declares a DTD"), (EXTERNAL, "declares a DTD"),
        (REMOTE_DTD, "declares a DTD"), (PARAMETER, "declares a DTD"),
        ("<rss>" + "<a>" * 100_000, "within each other"), ("<rss>" + "<a/>" * 1_000_000 + "</rss>", "elements"),
        ("", "broken XML"), ("hello", "broken XML"), ("<rss><channel>", "broken XML"), ("<html><body/></html>", "neither"),
        ("<rss>\x00</rss>", "broken XML"), ("<?xml version='1.0' encoding='klingon'?><rss/>", "broken XML"),
    ],
    ids=lambda value: value[:12] if len(value) < 40 else f"{len(value)} characters",
)  # fmt: skip
def test_hostile_and_other_xml_is_refused_in_a_moment(content: str, says: str) -> None:
    began_s = stopwatch_s()
    with pytest.raises(BadInput, match=says) as refused:
        parse_feed(content.encode(), AT)
    assert refused.value.field == "url"
    assert stopwatch_s() - began_s < 5


def test_a_feed_gives_at_most_a_hundred_items_cut_to_size() -> None:
    items = "".join(f"<item><guid>{i}</guid><title>{'t' * 999}</title><description>{'w ' * 30_000}</description></item>"
                    for i in range(70))  # fmt: skip
    more = "".join(f"<item><guid>m{i}</guid><title>t</title><description>x</description></item>" for i in range(70))
    feed = parse_feed(f"<rss><channel>{items}{more}</channel></rss>".encode(), AT)
    assert len(feed.items) == 100
    assert max(len(item.source.title) for item in feed.items) == 200
    assert max(len(item.source.text) for item in feed.items) <= 20_000


@pytest.mark.parametrize("date", ["yesterday", "Mon, 99 Foo 2026", "0000-00-00", "9" * 64, "2026-11-20T08:30:00+99:00"])
def test_a_date_that_is_none_is_none(date: str) -> None:
    xml = f"<rss><channel><item><title>t</title><description>x</description><pubDate>{date}</pubDate></item></channel></rss>"
    assert parse_feed(xml.encode(), AT).items[0].published_at is None


def test_markup_and_control_characters_are_gone_and_text_stays() -> None:
    assert (
        plain_text("a <b>b</b>\x07 &lt;c&gt; 5 < 6 <style>p{}</style><p>d\u202ee</p><br>👩‍🚀")
        == "a b <c> 5 < 6\n\nd e\n\n👩‍🚀"
    )
    assert plain_text("<" * 50_000 + "<script>" * 1000).count("script") == 0
