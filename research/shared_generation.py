"""
The generation of the content where machines share it: one row in PostgreSQL, which every change of content changes.

Whoever commits content writes a new number in the same transaction. So the number and the content come true at the same
moment, or neither does, whatever becomes of the writer. A page is kept under the number that was read before it was
rendered, and each request asks for the number before it is answered from memory: what is found under the same number
is what the page was made of. PostgreSQL can also tell of changes by itself (NOTIFY), and that would cost a request
nothing; but what it tells may arrive after the request that must know of it, or never, where the line was cut.
"""

from django.db import Error, InterfaceError, OperationalError, connection

READ = "SELECT number FROM site_generation"
# The row is locked from here to the end of the commit, so nothing may be waited for behind it: two that commit would
# wait for each other where one looks, at its end, for a row that the other removes. So what a commit would check is
# checked before. The table is not there while the first migrations run. No number is ever used twice, also when an
# older database is restored.
CHANGE = """
SET CONSTRAINTS ALL IMMEDIATE;
DO $$ BEGIN
    IF to_regclass('site_generation') IS NOT NULL THEN
        INSERT INTO site_generation (id, number) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET number = excluded.number;
    END IF;
END $$
"""


def change(to):
    """Write a new number in the transaction that the connection `to` is about to commit."""
    with to.cursor() as cursor:
        cursor.execute(CHANGE)


def read():
    """The number, by this thread's connection. Raises django.db.Error where it cannot be asked for."""
    try:
        return fetched()
    except (OperationalError, InterfaceError):
        connection.close()  # PostgreSQL was started again since: the next connection may be well
        return fetched()


def fetched():
    connection.ensure_connection()
    with connection.wrap_database_errors:
        # Asked of psycopg itself: Django's cursors take as long again.
        row = connection.connection.execute(READ, prepare=True).fetchone()
    return row and row[0]


class Reader:
    """The number, as the page cache asks for it: as `generation.Reader`."""

    def number(self):
        """The number now; None where it cannot be asked for, which no page is kept under."""
        try:
            return read()
        except Error:
            return None

    def look(self):
        """The number now. Raises django.db.Error where it cannot be asked for."""
        return read()

    def is_changing(self, number):
        return number is None  # a table without the row
