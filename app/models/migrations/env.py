"""Runs migrations on the connection that `app.models.storage.migrate` hands in.

Owns nothing but Alembic's set-up: one transaction per migration on both engines, so a
migration that fails leaves the registry at the revision before it. Must not open a
connection of its own: only the caller holds the key.
"""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    transactional_ddl=True,
    transaction_per_migration=True,
    render_as_batch=True,
    on_version_apply=context.config.attributes.get("on_version_apply"),
)
with context.begin_transaction():
    context.run_migrations()
