"""The date of a work as the vocabularies want it written."""

from .item import Item


def iso_date(item: Item) -> str:
    """The date as "2024-11-05", "2024-11" or "2024", whatever is known of it (ISO 8601); else ""."""
    return "-".join(f"{part:0{digits}}" for part, digits in zip(known_parts(item), (4, 2, 2), strict=False))


def slashed_date(item: Item) -> str:
    """
    The date as "2024/11/5", or as the year alone where the day is not known.

    Google Scholar's inclusion guidelines know these two forms only; "2024/11" is neither.
    """
    parts = known_parts(item)
    return "/".join(map(str, parts if len(parts) == 3 else parts[:1]))


def known_parts(item: Item) -> list[int]:
    parts = [item.year, item.month, item.day]
    return parts[: parts.index(None)] if None in parts else parts
