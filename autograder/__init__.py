"""Generate, grade and report the assignments of a course on generative adversarial networks."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gan-autograder")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+checkout"
