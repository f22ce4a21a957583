"""What crosses between the process that grades and the one that writes results.json: a job there, reports back."""

import msgspec

from autograder.intake import Job
from autograder.results import ExerciseResult, Grade


class Report(msgspec.Struct):
    """One of: their code runs from now on, at `level`; an exercise is done; all is; nothing can be graded here."""

    level: str = ""
    exercise: ExerciseResult | None = None
    grade: Grade | None = None
    trouble: str = ""


REPORT = msgspec.msgpack.Decoder(Report)
JOB = msgspec.msgpack.Decoder(Job, dec_hook=lambda kind, value: kind(value))  # a Path travels as text
