"""Searches of the desk's lists."""

from ..search import MOST_WORDS


class SearchingAdmin:
    """A search reads as many words as the site's own does: a thousand are more than SQLite puts into one query."""

    def get_search_results(self, request, queryset, search_term):
        words = search_term.split()
        return super().get_search_results(
            request, queryset, " ".join(words[:MOST_WORDS]) if len(words) > MOST_WORDS else search_term
        )
