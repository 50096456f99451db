"""All that n8n is told: nothing of our own environment reaches it, so no key of a vendor and no password of ours.

What each group is for stands above it; every one was seen to work with the pinned version (docs/how-to/n8n.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import unquote, urlsplit

from ytempire.local.addresses import LOOPBACK

OWNER_EMAIL = "owner@ytempire.local"
STOP_WITHIN_S = 15
"""n8n lets running executions come to an end for so long; who starts it waits 20 s before killing it."""
RUNS_AT_ONCE = 20
"""Of one process that runs everything. A worker of the queue mode is told at its start: it would heed this instead."""
DAYS_KEPT, MOST_KEPT = 7, 10_000

# Nodes that run somebody's code or commands, or touch this machine's files, and those that speak other protocols than
# HTTP: the guard against requests to inner addresses (SSRF) sees only HTTP.
_CODE_AND_FILES = (
    "aiTransform", "code", "debugHelper", "e2eTest", "executeCommand", "function", "functionItem", "git",
    "localFileTrigger", "n8n", "npm", "readBinaryFile", "readBinaryFiles", "readPDF", "readWriteFile",
    "writeBinaryFile",
)  # fmt: skip
_BESIDE_HTTP = (
    "amqp", "amqpTrigger", "crateDb", "emailReadImap", "emailSend", "ftp", "kafka", "kafkaTrigger", "ldap",
    "microsoftSql", "mongoDb", "mqtt", "mqttTrigger", "mySql", "oracleDatabase", "postgres", "postgresTrigger",
    "questDb", "rabbitmq", "rabbitmqTrigger", "redis", "redisTrigger", "snowflake", "sseTrigger", "ssh", "timescaleDb",
)  # fmt: skip
_OF_LANGCHAIN = (
    "agentTool", "chatHubVectorStorePGVector", "code", "mcpClient", "mcpClientTool", "mcpRegistryClientTool",
    "mcpTrigger", "memoryMongoDbChat", "memoryPostgresChat", "memoryRedisChat", "toolCode", "vectorStoreMilvus",
    "vectorStoreMongoDBAtlas", "vectorStoreOracleDBVector", "vectorStorePGVector", "vectorStoreRedis",
)  # fmt: skip
EXCLUDED = tuple(
    [f"n8n-nodes-base.{name}" for name in (*_CODE_AND_FILES, *_BESIDE_HTTP)]
    + [f"@n8n/n8n-nodes-langchain.{name}" for name in _OF_LANGCHAIN]
)
# What calls out, or that a single driver has no use for. `community-packages` stays: it loads our nodes.
_MODULES_OFF = (
    "agents", "agent-evals", "insights", "external-secrets", "data-table", "oauth-server", "mcp", "mcp-registry",
    "provisioning", "breaking-changes", "source-control", "promotions", "dynamic-credentials", "chat-hub", "sso-oidc",
    "sso-saml", "log-streaming", "ldap", "quick-connect", "workflow-builder", "favorites", "instance-ai", "otel",
    "token-exchange", "instance-version-history", "oauth-jwe", "workflow-reviews", "engine-v2", "instance-reporting",
    "n8n-packages",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One n8n: where it listens and keeps its files, whom it may reach. `encryption_key` and the URLs are secrets."""

    home: Path
    """Its user folder, of its own account."""
    host: str
    port: int
    url: str
    """Where the web server and its operator reach it; its resume addresses begin so."""
    api_url: str
    """The one address that its workflows reach."""
    database_url: str
    encryption_key: str
    owner_hash: str
    broker_port: int
    redis_url: str | None = None
    """Of the queue mode; None: this one process runs everything."""
    reach: tuple[str, ...] = ()
    """Further hosts that workflows may reach."""


def environment(place: Place, node: Path) -> dict[str, str]:
    """n8n's whole environment."""
    return {
        "PATH": f"{node.parent}:/usr/bin:/bin",
        "HOME": str(place.home),
        "LANG": "C.UTF-8",
        "NODE_ENV": "production",
        **_itself(place),
        **_database(place),
        **_queue(place),
        **_QUIET,
        **_CLOSED,
        **_guarded(place),
        **_KEPT_SHORT,
    }


def _itself(place: Place) -> dict[str, str]:
    return {
        "N8N_USER_FOLDER": str(place.home),
        "N8N_HOST": urlsplit(place.url).hostname or LOOPBACK,
        "N8N_LISTEN_ADDRESS": place.host,
        "N8N_PORT": str(place.port),
        "N8N_PROTOCOL": "http",
        "N8N_EDITOR_BASE_URL": place.url,
        "N8N_WEBHOOK_URL": f"{place.url}/",
        "N8N_SECURE_COOKIE": str(place.url.startswith("https://")).lower(),
        "N8N_ENCRYPTION_KEY": place.encryption_key,
        "N8N_INSTANCE_OWNER_MANAGED_BY_ENV": "true",
        "N8N_INSTANCE_OWNER_EMAIL": OWNER_EMAIL,
        "N8N_INSTANCE_OWNER_FIRST_NAME": "YTEMPIRE",
        "N8N_INSTANCE_OWNER_LAST_NAME": "operator",
        "N8N_INSTANCE_OWNER_PASSWORD_HASH": place.owner_hash,
        "N8N_RUNNERS_MODE": "external",  # nobody is started to run code, and nobody knows the word to come
        "N8N_RUNNERS_AUTH_TOKEN": token_urlsafe(24),
        "N8N_RUNNERS_TASK_TIMEOUT": "60",
        "N8N_RUNNERS_BROKER_PORT": str(place.broker_port),
        "N8N_RUNNERS_BROKER_LISTEN_ADDRESS": LOOPBACK,
        "N8N_GRACEFUL_SHUTDOWN_TIMEOUT": str(STOP_WITHIN_S),
        "N8N_PUBLIC_API_ENDPOINT": f"off-{token_urlsafe(24)}",  # so its routes are where nobody finds them
        "GENERIC_TIMEZONE": "UTC",
        "TZ": "UTC",
        "N8N_LOG_LEVEL": "info",
    }


def _database(place: Place) -> dict[str, str]:
    at = urlsplit(place.database_url)
    return {
        "DB_TYPE": "postgresdb",
        "DB_POSTGRESDB_HOST": at.hostname or LOOPBACK,
        "DB_POSTGRESDB_PORT": str(at.port or 5432),
        "DB_POSTGRESDB_DATABASE": at.path.lstrip("/"),
        "DB_POSTGRESDB_USER": unquote(at.username or ""),
        "DB_POSTGRESDB_PASSWORD": unquote(at.password or ""),
        "DB_POSTGRESDB_POOL_SIZE": "8",
    }


def _queue(place: Place) -> dict[str, str]:
    if place.redis_url is None:
        return {"EXECUTIONS_MODE": "regular", "N8N_CONCURRENCY_PRODUCTION_LIMIT": str(RUNS_AT_ONCE)}
    at = urlsplit(place.redis_url)
    return {
        "EXECUTIONS_MODE": "queue",
        "QUEUE_BULL_REDIS_HOST": at.hostname or LOOPBACK,
        "QUEUE_BULL_REDIS_PORT": str(at.port or 6379),
        "QUEUE_BULL_REDIS_USERNAME": unquote(at.username or ""),
        "QUEUE_BULL_REDIS_PASSWORD": unquote(at.password or ""),
        "QUEUE_BULL_REDIS_DB": at.path.lstrip("/") or "0",
        "QUEUE_BULL_REDIS_TLS": str(at.scheme == "rediss").lower(),
        "QUEUE_HEALTH_CHECK_ACTIVE": "false",
        "OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS": "true",
    }


# Nothing goes out by itself.
_QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_DIAGNOSTICS_CONFIG_FRONTEND": "",
    "N8N_DIAGNOSTICS_CONFIG_BACKEND": "",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_DYNAMIC_BANNERS_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false",
    "N8N_AI_ENABLED": "false",
    "N8N_DISABLED_MODULES": ",".join(_MODULES_OFF),
}
# No code, no commands, no files, no environment; no API beside the editor's own; no packages but ours.
_CLOSED = {
    "NODES_EXCLUDE": json.dumps(EXCLUDED),
    "N8N_PYTHON_ENABLED": "false",
    "N8N_BLOCK_ENV_ACCESS_IN_NODE": "true",
    "N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES": "true",
    "N8N_RESTRICT_FILE_ACCESS_TO": "/nonexistent",
    "N8N_GIT_NODE_DISABLE_BARE_REPOS": "true",
    "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS": "true",
    "N8N_PUBLIC_API_DISABLED": "true",  # as this version heeds it: the interface's link goes, its routes stay
    "N8N_PUBLIC_API_SWAGGERUI_DISABLED": "true",
    "N8N_COMMUNITY_PACKAGES_ENABLED": "true",
    "N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV": "true",
    "N8N_COMMUNITY_PACKAGES": "[]",
    "N8N_VERIFIED_PACKAGES_ENABLED": "false",
    "N8N_UNVERIFIED_PACKAGES_ENABLED": "false",
    "N8N_REINSTALL_MISSING_PACKAGES": "false",
}


def _guarded(place: Place) -> dict[str, str]:
    """Workflows reach our API and the named hosts, and no other address, public ones included."""
    api = urlsplit(place.api_url).hostname or LOOPBACK
    numbers = [f"{host}/32" for host in (api, *place.reach) if host.replace(".", "").isdigit()]
    return {
        "N8N_SSRF_PROTECTION_ENABLED": "true",
        "N8N_SSRF_BLOCKED_IP_RANGES": "0.0.0.0/0,::/0",
        "N8N_SSRF_ALLOWED_IP_RANGES": ",".join(numbers),
        "N8N_SSRF_ALLOWED_HOSTNAMES": ",".join(
            host for host in (api, *place.reach) if not host.replace(".", "").isdigit()
        ),
    }


# What executions may take, and what they leave goes by itself.
_KEPT_SHORT = {
    "N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES": "268435456",
    "N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES": "1000",
    "EXECUTIONS_TIMEOUT": "14400",
    "EXECUTIONS_TIMEOUT_MAX": "28800",
    "EXECUTIONS_DATA_PRUNE": "true",
    "EXECUTIONS_DATA_MAX_AGE": str(DAYS_KEPT * 24),
    "EXECUTIONS_DATA_PRUNE_MAX_COUNT": str(MOST_KEPT),
    "EXECUTIONS_DATA_SAVE_ON_PROGRESS": "false",
}
