"""Whose mistake it is: the class of an error says it, the message says place, expected, got and what to do."""


class AutograderError(Exception):
    """Anything that the command line shows as one line, without a traceback."""


class AuthorError(AutograderError):
    """The course's own text is wrong: an assignment text, an assignment.toml, a suite."""


class SubmissionError(AutograderError):
    """A submission cannot be read; the student gets a record that says so, the batch goes on."""


class GraderError(AutograderError):
    """The grader, its machine or its settings are at fault: never costs a student points."""
