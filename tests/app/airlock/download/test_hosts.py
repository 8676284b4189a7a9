"""Which addresses may be asked: the Hub's, and those that were named."""

import pytest

from app.airlock.download.errors import RefusedAddressError, RuleError
from app.airlock.download.hosts import hub_rules, proxy_from

HUB = "https://huggingface.co/api/models/a/b"


@pytest.mark.parametrize(
    "url",
    [
        HUB,
        "https://huggingface.co:443/a/b/resolve/main/c?download=true",
        "https://cdn-lfs-us-1.hf.co/repos/x?Signature=y",
        "https://cas-bridge.xethub.hf.co/xet-bridge-us/x",
        "https://us.aws.cdn.hf.co/x",
        "https://us-east1.us.gcp.cdn.hf.co/x",
        "https://transfer.xethub-eu.hf.co/x",
    ],
)
def test_the_hub_and_its_content_hosts_may_be_asked(url: str) -> None:
    assert hub_rules().checked(url).url == url.replace(":443", "")


@pytest.mark.parametrize(
    "url",
    [
        "http://huggingface.co/x",
        "https://huggingface.co:444/x",
        "https://huggingface.co.evil.example/x",
        "https://evil.example/huggingface.co",
        "https://evilhuggingface.co/x",
        "https://cdn.hf.co.evil.example/x",
        "https://evilcdn.hf.co/x",
        "https://cdn.hf.co/x",
        "https://huggingface.co@evil.example/x",
        "https://user:word@huggingface.co/x",
        "https://@huggingface.co/x",
        "https://huggingface.co\\@evil.example/x",
        "https://huggingface.co\\x",
        "https://HUGGINGFACE.CO./x",
        "https://huggingface.co./x",
        "https://huggingfаce.co/x",  # a Cyrillic letter
        "https://xn--huggingfce-nbb.co/x",
        "https://huggingface%2eco/x",
        "https://huggingface.co:443:443/x",
        "https://huggingface.co:0443000/x",
        "https://[::1]/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://huggingface.co/a b",
        "https://huggingface.co/a\nb",
        "https://huggingface.co/a\x00b",
        "https:///x",
        "https://",
        "//huggingface.co/x",
        "huggingface.co/x",
        "file:///etc/passwd",
        "ftp://huggingface.co/x",
        "javascript:alert(1)",
        "data:text/plain,x",
        "",
        "https://huggingface.co/" + "x" * 9_000,
    ],
)
def test_nothing_else_may_be_asked(url: str) -> None:
    with pytest.raises(RefusedAddressError, match="Nothing was sent there") as raised:
        hub_rules().checked(url)
    assert "\n" not in str(raised.value)


def test_a_redirect_is_read_relative_to_where_it_came_from() -> None:
    rules = hub_rules()
    seen_from = rules.checked("https://huggingface.co/a/b/resolve/main/c?x=y")
    assert rules.checked("/api/resolve-cache/c", seen_from).url == (
        "https://huggingface.co/api/resolve-cache/c"
    )
    assert rules.checked("//us.aws.cdn.hf.co/c", seen_from).name == "us.aws.cdn.hf.co"
    with pytest.raises(RefusedAddressError, match="none of those"):
        rules.checked("//evil.example/c", seen_from)


def test_no_redirect_leads_from_a_protected_connection_to_an_open_one() -> None:
    rules = hub_rules("https://mirror.example", ["http://content.example"])
    protected = rules.checked("https://mirror.example/x")
    with pytest.raises(RefusedAddressError, match="to an open one"):
        rules.checked("http://content.example/x", protected)
    assert rules.checked("http://content.example/x").scheme == "http"


def test_a_mirror_takes_the_place_of_the_hub_and_its_content_hosts() -> None:
    rules = hub_rules("http://10.1.2.3:8080/hub/", ["files.example", "files.example:8443"])
    assert rules.api_url == "http://10.1.2.3:8080/hub"
    assert rules.names == ("http://10.1.2.3:8080", "files.example", "files.example:8443")
    assert rules.checked("http://10.1.2.3:8080/hub/api/models/a/b").path == "/hub/api/models/a/b"
    assert not rules.hub_takes_token
    for url in (HUB, "https://10.1.2.3:8080/x", "http://10.1.2.3/x", "https://us.aws.cdn.hf.co/x"):
        with pytest.raises(RefusedAddressError):
            rules.checked(url)


def test_the_confirmation_can_show_every_host() -> None:
    names = hub_rules(hosts=["more.example"]).names
    assert names[0] == "huggingface.co"
    assert {"*.cdn.hf.co", "*.xethub.hf.co", "more.example"} <= set(names)


def test_a_mirror_may_be_an_address_of_either_kind() -> None:
    assert hub_rules("https://[fd00::1]:8443").checked("https://[fd00::1]:8443/x").port == 8443
    assert hub_rules("https://192.168.0.9").checked("https://192.168.0.9/x").host.is_named


@pytest.mark.parametrize(
    "mirror",
    [
        "ftp://x.example",
        "https://",
        "https://user@x.example",
        "https://x.example/a?b=c",
        "https://x.example/../y",
        "https://x.example:0",
        "https://x.example:99999",
        "https://*.example",
        "https://x_y.example",
        "https://Mirror.example",
        "https://999.1.1.1",
        "https://[::g]",
        "https://[1.2.3.4]",
        "https://x.example/" + "y" * 9_000,
        "x y",
    ],
)
def test_a_mirror_that_is_malformed_is_said_to_be(mirror: str) -> None:
    with pytest.raises(RuleError, match="is no host, mirror or proxy"):
        hub_rules(mirror)
    with pytest.raises(RuleError):
        hub_rules(hosts=[mirror])


def test_a_proxy_is_an_address_with_or_without_an_account() -> None:
    proxy = proxy_from("http://me:secret@proxy.example:3128")
    assert (proxy.url, proxy.user, proxy.password) == (
        "http://proxy.example:3128",
        "me",
        "secret",
    )
    assert "secret" not in repr(proxy)
    assert proxy_from("https://10.0.0.1:8080").host.is_named


@pytest.mark.parametrize(
    "text", ["proxy.example:3128", "http://proxy.example/x", "http://@p.example", "socks5://p:1"]
)
def test_a_proxy_that_is_malformed_is_said_to_be(text: str) -> None:
    with pytest.raises(RuleError, match="is no host, mirror or proxy"):
        proxy_from(text)


def test_a_password_of_a_malformed_proxy_is_not_said() -> None:
    with pytest.raises(RuleError) as raised:
        proxy_from("http://me:secret@proxy example")
    assert "secret" not in str(raised.value)
