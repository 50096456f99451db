"""Caddy before the web server for `ytempire up --domain`: https, with certificates that come by themselves.

The site is deploy/Caddyfile, which the systemd units and the compose file use as well. What stands before it differs,
because Caddy lives and ends with `up`: nobody may reconfigure it, and it leaves nothing outside the state folder.
"""

from __future__ import annotations

import re
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import BadInput, NotConfigured
from ytempire.kit.settings import Settings
from ytempire.local import addresses
from ytempire.local.folder import make_folder, named
from ytempire.local.processes import Program

SITE = Path(__file__).parents[2] / "deploy" / "Caddyfile"
_HTTPS, _HTTP = 443, 80
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]")
_FINISH_WITHIN_S = 10


@dataclass(frozen=True)
class Site:
    """The name and the port that people come to."""

    name: str
    port: int = _HTTPS

    @property
    def address(self) -> str:
        """As Caddy and browsers write it."""
        return self.name if self.port == _HTTPS else f"{self.name}:{self.port}"

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"https://{self.address}"

    @property
    def only_here(self) -> bool:
        """Whether the name always means this machine: Caddy then makes the certificate itself."""
        return self.name == "localhost" or self.name.endswith(".localhost")

    @property
    def ports(self) -> tuple[int, ...]:
        """What Caddy listens on: with https's own port also plain http's, which leads on to https."""
        return (_HTTPS, _HTTP) if self.port == _HTTPS else (self.port,)


def site_of(domain: str) -> Site:
    """The site that `studio.example.org` or `localhost:8443` names. Raises BadInput."""
    name, colon, port = domain.strip().lower().partition(":")
    good = port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535 if colon else True
    if not good or not (name == "localhost" or ("." in name and _NAME.fullmatch(name))):
        raise BadInput(
            f"{domain[:80]!r} is no name of a host",
            field="domain",
            fix="Write it like studio.example.org, or localhost:8443 to try it on this machine.",
        )
    return Site(name, int(port) if colon else _HTTPS)


def caddyfile(site: Site) -> str:
    """What Caddy is told; name and web server come by its environment, as everywhere."""
    options = ["admin off", "skip_install_trust", f"grace_period {_FINISH_WITHIN_S}s"]
    if _HTTP not in site.ports:
        options.append("auto_https disable_redirects")
    if site.only_here:
        options.append(f"default_bind {addresses.LOOPBACK}")
    return "{\n" + "".join(f"\t{option}\n" for option in options) + "}\n\n" + SITE.read_text()


def in_front(settings: Settings, domain: str | None) -> tuple[Settings, Program | None]:
    """The settings with which the web server is reached at this domain through Caddy, and Caddy to be started.

    Raises BadInput, NotConfigured; nothing has been started by then. Without a domain: the settings, and None.
    """
    if not domain:
        return settings, None
    site = site_of(domain)
    if settings.web_url and settings.web_url.rstrip("/") != site.url:
        raise BadInput(
            f"it says {settings.web_url}, and the domain {site.url}",
            field="YTEMPIRE_WEB_URL",
            fix="Leave it empty: with a domain it follows from that.",
        )
    binary = _binary(settings.caddy)
    for port in site.ports:
        _require_free(port, addresses.LOOPBACK if site.only_here else "")
    at = settings.web_port or addresses.free_port()
    changed = {
        "web_url": site.url, "web_host": addresses.LOOPBACK, "web_port": at, "web_proxies": addresses.LOOPBACK,
    }  # fmt: skip
    return settings.model_copy(update=changed), _program(binary, settings.state_dir, site, at)


def _program(binary: Path, state_dir: Path, site: Site, web_port: int) -> Program:
    home = make_folder(state_dir / "caddy").resolve()
    config = home / "Caddyfile"
    try:
        config.write_text(caddyfile(site))
    except OSError as error:
        raise named(error, config) from error
    own = {
        "YTEMPIRE_DOMAIN": site.address,
        "YTEMPIRE_WEB": f"{addresses.LOOPBACK}:{web_port}",
        # certificates, and what else it would keep in the account's home
        **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(home)),
    }
    arguments = ("run", "--config", str(config), "--adapter", "caddyfile")
    return Program("caddy", arguments, own, binary=binary, port=site.port)


def _binary(given: Path | None) -> Path:
    found = shutil.which(given or "caddy")
    if found is None:
        missing = f"{given} is no program that can be run" if given else "Caddy, which brings https, is not installed"
        raise NotConfigured(
            missing, field="YTEMPIRE_CADDY", fix="`apt install caddy`, or name its program in YTEMPIRE_CADDY."
        )
    return Path(found).absolute()


def _require_free(port: int, host: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise BadInput(
                f"port {port} for https needs root",
                field="domain",
                fix="Run it as root, or `sysctl net.ipv4.ip_unprivileged_port_start=80` once, or try localhost:8443.",
            ) from None
        except OSError:
            raise BadInput(
                f"port {port} for https is taken by {addresses.listener(port)}",
                field="domain",
                fix="Stop that process (`systemctl disable --now caddy` if it is Caddy's own service).",
            ) from None
