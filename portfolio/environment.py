"""How a variable of the environment is read, or the file that its NAME_FILE twin names; a wrong one stops the start."""

import sys

import environ

env = environ.FileAwareEnv()


def refuse(variable, problem):
    """Stop the start: a site that runs with a setting its operator did not mean is worse than one that is down."""
    sys.exit(f"{variable}: {problem}")


def read(variable, cast, default, problem):
    """The value of a variable as `cast`, `default` where it is not set; `problem` is what the operator reads else."""
    try:
        value = env.get_value(variable, default=None)
        # A file made with an editor ends with a line break that nobody means.
        return default if value is None else env.parse_value(value.strip(), cast)
    except OSError as error:
        return refuse(f"{variable}_FILE", f"the file {error.filename} cannot be read: {error.strerror}.")
    except (ValueError, TypeError, KeyError, environ.ImproperlyConfigured):
        return refuse(variable, problem)


def yes_or_no(text):
    """True or False; raises KeyError for a word that is neither, instead of taking it for a no."""
    return {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}[
        text.lower()
    ]
