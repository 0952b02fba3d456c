from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.store.database import connect
from app.store.schema import migrate


def test_migrations_run_in_order_and_keep_data(tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "0001_a.sql").write_text(
        "CREATE TABLE t (a TEXT);\n-- a remark; with a semicolon\nINSERT INTO t VALUES ('x;y');"
    )
    file = tmp_path / "w.db"
    with closing(connect(file)) as connection:
        migrate(connection, file, steps)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        (steps / "0002_b.sql").write_text("ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 7;")
        (steps / "0003_c.sql").write_text("UPDATE t SET b = b + 1;\nNONSENSE;")
        with pytest.raises(StorageError):
            migrate(connection, file, steps)
        # the second step is whole, of the third nothing
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT * FROM t").fetchall() == [("x;y", 7)]
        (steps / "0003_c.sql").write_text("UPDATE t SET b = b + 1;")
        migrate(connection, file, steps)
        assert connection.execute("SELECT * FROM t").fetchall() == [("x;y", 8)]


def test_a_program_without_its_steps_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "w.db"
    with (
        closing(connect(file)) as connection,
        pytest.raises(StorageError, match=r"Install Wordlight again\."),
    ):
        migrate(connection, file, tmp_path / "nothing")
    with closing(connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
