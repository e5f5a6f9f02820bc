"""What is set on a connection stays set, whatever becomes of the transactions on it."""

import pytest
from sqlalchemy import Engine, text

from ops_console.core.db import SETTINGS, engine_for


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_connection_of_postgres_keeps_its_settings_through_a_rollback(postgres_engine: Engine, setting: str) -> None:
    name, value = setting.split(" = ")
    with postgres_engine.connect() as connection:
        connection.rollback()
        assert connection.execute(text(f"SHOW {name}")).scalar_one() == value.strip("'")


def test_a_connection_of_postgres_begins_outside_a_transaction(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        assert not connection.in_transaction()
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.autocommit is False


def test_a_connection_of_sqlite_keeps_its_foreign_keys(sqlite: Engine) -> None:
    engine = engine_for(str(sqlite.url))
    with engine.connect() as connection:
        connection.rollback()
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()
