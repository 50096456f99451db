"""Which addresses nobody may make us fetch from."""

import ipaddress

import pytest

from ytempire.kit.http import Fetcher, FetchRefused, is_public

_INSIDE = """
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1 100.100.100.200 100.127.255.255
127.0.0.1 127.0.0.2 127.1.1.1 127.255.255.255 169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255 172.16.0.0
172.16.0.1 172.20.10.1 172.31.255.255 192.0.0.0 192.0.0.8 192.0.0.9 192.0.0.10 192.0.0.170 192.0.0.192 192.0.2.1
192.31.196.1 192.52.193.1 192.88.99.1 192.88.99.2 192.168.0.1 192.168.1.1 192.168.255.255 192.175.48.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 224.0.0.251 233.252.0.1 239.255.255.250 240.0.0.1 250.1.2.3
255.255.255.254 255.255.255.255 168.63.129.16 :: ::1 ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1
::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b::808:808 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:1::1 2001:1::2 2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2001:db8:ffff::1
2002:: 2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 2620:4f:8000::1 3fff::1 3fff:fff::1 5f00::1
fc00::1 fc00::53 fd00::1 fd00:ec2::254 fd12:3456:789a::1 fdff:ffff::1 fe80::1 fe80::1%eth0 fe80::5efe:7f00:1 febf::1
fec0::1 feff::1 ff00::1 ff01::1 ff02::1 ff02::fb ff05::2 ff0e::1 2600::5efe:7f00:1 2600::200:5efe:a00:1
2a00:1450::5efe:a9fe:a9fe 4000::1 6000::1 8000::1 a000::1 c000::1 e000::1 f000::1 0100::ffff 200::1 400::1 800::1
1000::1 1fff::1
"""
INSIDE = _INSIDE.split()
# The same few addresses in the clothes that a C library still recognises, and names of this machine.
_DISGUISED = """
127.1 127.0.1 0 0.0 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 017700000001 0177.0.0.1 0177.1 127.000.000.001 3232235521
0xc0a80001 0300.0250.0.1 2852039166 0xa9fea9fe 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 169.254.43518 10.1 0xa.1 012.1
192.168.257 localhost LOCALHOST [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1]
[2002:7f00:1::] [fd00:ec2::254] [::ffff:a9fe:a9fe]
"""
DISGUISED = _DISGUISED.split()
NO_URLS = [
    "", "feed", "//example.org/feed", "ftp://example.org/feed", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x",
    "data:text/xml,<rss/>", "http://", "http:///feed", "https://user:pw@example.org/", "https://example.org@127.0.0.1/",
    "https://127.0.0.1\\@example.org/", "https://exa mple.org/", "https://example.org/\r\nHost: a", "http://[::1",
    "http://example.org:99999/", "http://example.org:22/", "http://example.org:6379999/", "http://example.org:25/",
    "https://ⓔxample.org/", "http://①②⑦.⓪.⓪.①/", "https://example.org/" + "a" * 2000, "http://example.org:-1/",
]  # fmt: skip
OUTSIDE = "1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.32.0.1 192.0.1.1 198.17.255.255 223.255.255.254"
OUTSIDE_6 = "2606:4700:4700::1111 2a00:1450:4001:80b::200e 2001:4860:4860::8888 2003::1 2400:cb00::1 3ffe::1"


def test_there_are_enough_of_them() -> None:
    assert len({*INSIDE, *DISGUISED}) >= 150


@pytest.mark.parametrize("text", INSIDE)
async def test_an_inner_address_is_not_fetched_from(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))

    async def resolve(_host: str, _port: int) -> list[str]:
        return [text]

    with pytest.raises(FetchRefused) as refused:
        await Fetcher(resolve).get("https://example.org/", field="url", media_types={"text/xml"}, most_bytes=9)
    assert refused.value.reason == "private_address"


@pytest.mark.parametrize("text", [*OUTSIDE.split(), *OUTSIDE_6.split()])
def test_the_public_internet_is_open(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("host", DISGUISED)
async def test_a_disguised_address_is_seen_through(host: str) -> None:
    """With this machine's own resolver, which reads them as the connection would."""
    with pytest.raises(FetchRefused) as refused:
        await Fetcher().get(f"http://{host}/", field="url", media_types={"text/xml"}, most_bytes=9)
    assert refused.value.reason in {"private_address", "unknown_host", "no_url"}
    assert refused.value.field == "url"


@pytest.mark.parametrize("url", NO_URLS)
async def test_what_is_no_web_address_is_refused_before_a_name_is_asked(url: str) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        raise AssertionError(f"asked for {host}")

    with pytest.raises(FetchRefused) as refused:
        await Fetcher(resolve).get(url, field="url", media_types={"text/xml"}, most_bytes=9)
    assert refused.value.reason in {"no_url", "port"}
    assert refused.value.fix


async def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["8.8.8.8", "10.0.0.1"]

    with pytest.raises(FetchRefused, match="leads to no address of the public internet"):
        await Fetcher(resolve).get("https://example.org/", field="url", media_types={"text/xml"}, most_bytes=9)
