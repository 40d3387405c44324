"""How a variable of the environment is read, or the file that its NAME_FILE twin names; a wrong one stops the start."""

import re
import sys
from urllib.parse import parse_qsl, urlsplit

import environ

env = environ.FileAwareEnv()
_asked = []


def refuse(variable, problem):
    """Stop the start: a site that runs with a setting its operator did not mean is worse than one that is down."""
    sys.exit(f"{variable}: {problem}")


def read(variable, cast, default, problem):
    """The value of a variable as `cast`, `default` where it is not set; `problem` is what the operator reads else."""
    _asked.append(variable)
    try:
        value = env.get_value(variable, default=None)
        # A file made with an editor ends with a line break that nobody means.
        return default if value is None else env.parse_value(value.strip(), cast)
    except OSError as error:
        return refuse(f"{variable}_FILE", f"the file {error.filename} cannot be read: {error.strerror}.")
    except (ValueError, TypeError, KeyError, environ.ImproperlyConfigured):
        return refuse(variable, problem)


def given(apart_from):
    """{variable: its text} of all that was read so far and that the operator has set, but for some."""
    texts = {name: env.get_value(name, default=None) for name in _asked if name not in apart_from}
    return {name: text.strip() for name, text in texts.items() if text is not None}


def yes_or_no(text):
    """True or False; raises KeyError for a word that is neither, instead of taking it for a no."""
    return {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}[
        text.lower()
    ]


def bucket(variable, url):
    """
    The options of research.bucket.BucketStorage for a variable's value.

    The bucket is asked for nothing yet: the site starts while it is away.
    """
    example = "s3://bucket?endpoint_url=https://s3.example.org&region=eu-central-1"
    try:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, strict_parsing=True, keep_blank_values=True)) if parts.query else {}
        endpoint = urlsplit(asked.get("endpoint_url", "https://s3"))
    except ValueError:
        refuse(variable, f"must look like {example}")
    if parts.scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc) or parts.fragment:
        refuse(variable, f"must look like {example}; keys are not in it, but in AWS_ACCESS_KEY_ID.")
    if unknown := asked.keys() - {"endpoint_url", "region", "addressing_style"}:
        refuse(variable, f"knows endpoint_url, region and addressing_style, and not {min(unknown)}.")
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname or endpoint.query:
        refuse(variable, f"endpoint_url must be an address, as in {example}")
    if asked.get("addressing_style", "path") not in ("path", "virtual"):
        refuse(variable, "addressing_style must be path or virtual.")
    asked["region_name"] = asked.pop("region", None)
    keys = {"access_key": "AWS_ACCESS_KEY_ID", "secret_key": "AWS_SECRET_ACCESS_KEY"}
    for option, name in keys.items():
        asked[option] = read(name, str, "", "must be a text.") or refuse(name, f"{variable} needs it, too.")
    return asked | {"bucket_name": parts.netloc, "location": parts.path.strip("/")}
