"""What is read of a query string: no text that anybody seeks has a NUL, and PostgreSQL takes none that has."""


class WithoutNul:
    """Middleware that leaves NUL out of a query string before anything reads it: both databases answer alike then."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)
