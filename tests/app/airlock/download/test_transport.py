"""Whom the transport connects to, whom it believes, and what it tells of it."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.airlock.download.addresses import addresses_of, is_public
from app.airlock.download.errors import (
    CertificateError,
    HubAnswerError,
    RefusedAddressError,
    RuleError,
    UnreachableError,
)
from app.airlock.download.exchange import Exchange, Purpose
from app.airlock.download.headers import ByteRange, Headers
from app.airlock.download.hosts import Host, HostRules, proxy_from
from app.airlock.download.transport import Asked, Line, Transport
from tests.app.airlock.download.fetches import Fetch, assert_whole, small_hub
from tests.app.airlock.download.scripted_hub import Evil, Fault, ScriptedHub
from tests.app.airlock.download.scripted_proxy import ScriptedProxy


@dataclass(frozen=True)
class Authority:
    """An authority's certificate in a file, and a server's key and certificate."""

    file: Path
    server: ssl.SSLContext


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
    key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    own = (
        builder(name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    served = (
        builder(subject, server_key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(own.public_bytes(pem))
    (folder / "server.pem").write_bytes(
        server_key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + served.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return Authority(folder / "ca.pem", context)


@pytest.fixture
def tls_hub(authority: Authority) -> Iterator[ScriptedHub]:
    with small_hub(tls=authority.server) as hub:
        yield hub


def test_a_protected_hub_is_believed_by_its_authority(
    tls_hub: ScriptedHub, authority: Authority, folder: Path
) -> None:
    fetch = Fetch(tls_hub, folder, line={"ca_file": authority.file})
    assert_whole(fetch.run(), folder)
    assert {exchange.scheme for exchange in fetch.exchanges} == {"https"}


def test_a_hub_of_an_unknown_authority_gets_nothing(tls_hub: ScriptedHub, folder: Path) -> None:
    fetch = Fetch(tls_hub, folder)
    with pytest.raises(CertificateError, match="can’t prove that it is localhost"):
        fetch.run()
    assert not tls_hub.requests
    (ended,) = (exchange for exchange in fetch.exchanges if exchange.has_ended)
    assert (ended.status, ended.bytes_sent, ended.bytes_received) == (None, 0, 0)
    assert "can’t prove" in ended.refusal


def test_a_certificate_for_another_name_is_not_taken(
    tls_hub: ScriptedHub, authority: Authority, folder: Path
) -> None:
    port = int(tls_hub.url.rpartition(":")[2])
    rules = HostRules(Host("127.0.0.1", "https", port, is_named=True), ())
    fetch = Fetch(tls_hub, folder, line={"ca_file": authority.file, "rules": rules})
    with pytest.raises(CertificateError):
        fetch.run()
    assert not tls_hub.requests


def test_a_protected_hub_sends_nobody_to_an_open_one(
    tls_hub: ScriptedHub, authority: Authority, folder: Path
) -> None:
    tls_hub.faults.append(Fault(Evil.REDIRECT_PLAIN, "/model.safetensors"))
    fetch = Fetch(tls_hub, folder, line={"ca_file": authority.file})
    with pytest.raises(RefusedAddressError, match="to an open one"):
        fetch.run()
    refused = [exchange for exchange in fetch.exchanges if exchange.scheme == "http"]
    assert refused
    assert all(each.bytes_sent == 0 and each.has_ended for each in refused)


def test_a_stalled_protected_line_goes_on(
    tls_hub: ScriptedHub, authority: Authority, folder: Path
) -> None:
    tls_hub.faults.append(Fault(Evil.FILE_STALLED, "model.safetensors", times=1))
    fetch = Fetch(tls_hub, folder, line={"ca_file": authority.file}, stall_s=1.0)
    assert_whole(fetch.run(), folder)


@pytest.mark.parametrize("content", [None, "", "no certificates\n", b"\xff\xfe", "x" * (5 << 20)])
def test_certificates_that_are_none_are_said_to_be(
    hub: ScriptedHub, folder: Path, tmp_path: Path, content: str | bytes | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(RuleError, match=r"The certificates of .*ca\.pem can’t be used"):
        Fetch(hub, folder, line={"ca_file": file}).run()
    assert not hub.requests


def public_rules(hub: ScriptedHub) -> HostRules:
    return HostRules(Host("hub.example", "http", int(hub.url.rpartition(":")[2])), ())


def ask(hub: ScriptedHub, rules: HostRules, addresses: Sequence[str], told: list[Exchange]) -> int:
    asked: list[tuple[str, int]] = []

    def resolver(name: str, port: int) -> Sequence[str]:
        asked.append((name, port))
        return addresses

    with Transport(Line(rules, connect_s=2.0), told.append, resolver) as transport:
        wanted = Asked(f"{rules.api_url}/api/models/x/revision/main", Purpose.LIST, 1_000)
        with transport.ask(wanted) as answer:
            assert asked == [("hub.example", rules.hub.port)]
            return answer.status


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["169.254.1.1"], []],
)
def test_a_public_name_that_leads_into_a_private_network_is_not_asked(
    hub: ScriptedHub, addresses: list[str]
) -> None:
    told: list[Exchange] = []
    with pytest.raises(RefusedAddressError, match="which is no address of the Internet"):
        ask(hub, public_rules(hub), addresses, told)
    assert not hub.requests
    assert [(e.has_ended, e.bytes_sent) for e in told] == [(False, 0), (True, 0)]
    assert "hub.example was not asked" in told[-1].refusal


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(hub: ScriptedHub) -> None:
    """The name exists nowhere: nobody can have asked for it a second time."""
    port = int(hub.url.rpartition(":")[2])
    rules = HostRules(Host("hub.example", "http", port, is_named=True), ())
    assert ask(hub, rules, ["127.0.0.1"], []) == 404
    assert hub.requests[0].headers["host"] == f"hub.example:{port}"


def test_the_next_address_is_tried_where_one_does_not_answer(hub: ScriptedHub) -> None:
    port = int(hub.url.rpartition(":")[2])
    rules = HostRules(Host("hub.example", "http", port, is_named=True), ())
    assert ask(hub, rules, ["127.0.0.2", "127.0.0.1"], []) == 404


def test_nobody_listening_is_said(folder: Path) -> None:
    with small_hub() as hub:
        pass
    fetch = Fetch(hub, folder)
    fetch.line["rules"] = HostRules(Host("127.0.0.1", "http", 1, is_named=True), ())
    with pytest.raises(UnreachableError, match="3 times in a row"):
        fetch.run()
    assert sum(exchange.has_ended for exchange in fetch.exchanges) == 3


def test_a_name_that_is_not_found_is_said(hub: ScriptedHub) -> None:
    def resolver(name: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(UnreachableError, match=r"hub\.example can’t be found: Name or service"):
        addresses_of(Host("hub.example"), "hub.example", resolver)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2002:a00:1::", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "", "localhost", "1.1.1", "0x7f.1",
    ],
)  # fmt: skip
def test_other_addresses_are_not(address: str) -> None:
    assert not is_public(address)


def test_a_proxy_is_asked_for_everything_and_told_who_asks(hub: ScriptedHub, folder: Path) -> None:
    with ScriptedProxy() as proxy:
        address = f"http://me:secret@127.0.0.1:{proxy.server_port}"
        fetch = Fetch(hub, folder, line={"proxy": proxy_from(address)})
        assert_whole(fetch.run(), folder)
    assert len(proxy.seen) == len(hub.requests)
    assert set(proxy.accounts) == {"Basic bWU6c2VjcmV0"}
    assert not any("proxy-authorization" in seen.headers for seen in hub.requests)


def test_a_proxy_only_carries_what_is_protected(
    tls_hub: ScriptedHub, authority: Authority, folder: Path
) -> None:
    with ScriptedProxy() as proxy:
        address = proxy_from(f"http://127.0.0.1:{proxy.server_port}")
        line = {"proxy": address, "ca_file": authority.file}
        assert_whole(Fetch(tls_hub, folder, line=line).run(), folder)
    assert {seen.partition(" ")[0] for seen in proxy.seen} == {"CONNECT"}


def test_what_stands_twice_with_two_meanings_is_refused() -> None:
    headers = Headers.of([(b"ETag", b'"a"'), (b"etag", b'"b"'), (b"X", b"1"), (b"x", b"1")])
    assert headers.one("x") == "1"
    assert headers.first("etag") == '"a"'
    with pytest.raises(HubAnswerError, match="two of “etag”"):
        headers.one("etag")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bytes 0-9/10", ByteRange(0, 9, 10)),
        ("bytes 5-9/*", None),
        ("bytes */10", None),
        ("items 0-9/10", None),
        ("bytes 0-9/10 ", ByteRange(0, 9, 10)),
        ("bytes 0-9/1" + "0" * 30, None),
        ("bytes -1-9/10", None),
        ("", None),
    ],
)
def test_a_content_range_is_read_strictly(text: str, found: ByteRange | None) -> None:
    assert Headers((("content-range", text),)).content_range() == found


def test_marks_of_versions_are_read_without_their_quotes() -> None:
    def marked(value: str) -> Headers:
        return Headers((("etag", value),))

    assert marked('W/"abc"').etag() == "abc"
    assert marked('W/"abc"').strong_etag() == ""
    assert marked('"abc"').strong_etag() == '"abc"'
    assert marked("abc").etag() == marked('"a\r\nb"').strong_etag() == ""
