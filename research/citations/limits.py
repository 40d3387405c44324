"""What a file of citations may hold at most, so that reading one stays a matter of seconds. Pure: no Django."""

MAX_LENGTH = 20_000_000  # characters; 5,000 entries with their abstracts have ten million
MAX_ENTRIES = 20_000
MAX_DEPTH = 100  # of braces, or of brackets in JSON


def check_length(length):
    """Raises ValueError with a sentence where a file is too long to be read."""
    if length > MAX_LENGTH:
        raise ValueError(
            f"This file is too long: it has {length:,} characters, and at most {MAX_LENGTH:,} are read at a time. "
            "Divide it into several files."
        )


def check_count(count):
    """Raises ValueError with a sentence where a file has too many entries."""
    if count > MAX_ENTRIES:
        raise ValueError(
            f"This file has too many entries: {count:,}, and at most {MAX_ENTRIES:,} are read at a time. "
            "Divide it into several files."
        )
