"""The headers that tell a browser what a page of this site may do: hardly anything."""

from django.conf import settings

# One policy for all pages, the admin's too. Everything comes from the site itself; nothing is written into a page that
# runs: no inline script, no inline style, no frame, no plugin.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",  # blob: the picture that the owner has just chosen in a form
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Of the pages for visitors, whose scripts never make markup or scripts of text, as jQuery in the admin does.
TRUSTED_TYPES = {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}
# What a page could ask a visitor for, and never does.
FEATURES = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation"),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)


def policy(directives):
    """The value of the Content-Security-Policy."""
    texts = [f"{name} {sources}" for name, sources in directives.items()]
    return "; ".join([*texts, "upgrade-insecure-requests"] if settings.IS_HTTPS else texts)


class SecurityHeaders:
    """Middleware that adds the headers to every answer; what a view has set itself stays."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": policy(POLICY),
            "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Server": "web",  # else the server names itself
        }
        self.public_policy = policy(POLICY | TRUSTED_TYPES)

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path_info.startswith("/admin/"):
            response.setdefault("Content-Security-Policy", self.public_policy)
        for name, value in self.headers.items():
            response.setdefault(name, value)
        if "Access-Control-Allow-Origin" in response:  # meant for other sites
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
