"""Conditional requests (RFC 9110, 13): who has an answer already is told so, and is not sent it again."""

from django.utils.cache import get_conditional_response, set_response_etag


class Revalidation:
    """
    Gives every answer to GET and HEAD an ETag of its content, and answers 304 to whoever names that one.

    Django's own ConditionalGetMiddleware leaves HEAD out, and believes Last-Modified, which goes back when the newest
    entry of a feed is hidden. What no cache may keep, and files, which have an ETag of their own, pass as they are.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_kept = response.status_code == 200 and "no-store" not in response.get("Cache-Control", "")
        if request.method not in ("GET", "HEAD") or response.streaming or not is_kept:
            return response
        if "ETag" not in response:
            set_response_etag(response)
        answer = get_conditional_response(request, response.get("ETag"), None, response)
        if answer is not response and "Access-Control-Allow-Origin" in response:
            answer["Access-Control-Allow-Origin"] = response["Access-Control-Allow-Origin"]
        return answer
