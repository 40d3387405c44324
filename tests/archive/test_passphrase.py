"""A key, encrypted with a passphrase: another implementation of the format opens it, and no gigabyte is needed."""

import pytest
from pyrage import DecryptError
from pyrage import passphrase as library

from research.archive import passphrase

WORDS = "owls see in the dark, ünd fly"


@pytest.mark.parametrize("content", [b"", b"AGE-SECRET-KEY-1\n", bytes(passphrase.LONGEST)], ids=len)
def test_it_opens_for_the_passphrase(content):
    assert library.decrypt(passphrase.encrypted(content, WORDS), WORDS) == content


def test_it_opens_for_no_other_and_not_once_it_was_changed():
    encrypted = passphrase.encrypted(b"key", WORDS)
    other_last_byte = encrypted[:-1] + bytes([encrypted[-1] ^ 1])
    changed = [encrypted[:-1], other_last_byte, encrypted.replace(b" 17\n", b" 16\n", 1)]
    for content, words in [(encrypted, "x" * 16), *((one, WORDS) for one in changed)]:
        with pytest.raises(DecryptError):
            library.decrypt(content, words)


def test_the_work_is_fixed_and_nothing_else_is_the_same_twice():
    first, second = (passphrase.encrypted(b"key", WORDS).split(b"\n", 4) for _ in range(2))
    assert [line.split()[::3] for line in (first[1], second[1])] == [[b"->", b"17"]] * 2
    assert [one == other for one, other in zip(first, second, strict=True)] == [True, False, False, False, False]


def test_more_than_one_piece_is_refused():
    with pytest.raises(ValueError, match="Only 65536 bytes"):
        passphrase.encrypted(bytes(passphrase.LONGEST + 1), WORDS)
