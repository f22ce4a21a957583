"""Of several files that may be one student's notebook: the first in which something is answered.

Names decide first (intake.py). But who hands in the notebook as it was released beside a copy with the answers, or an
empty file beside a whole one, meant the other.
"""

from dataclasses import replace

from autograder.errors import SubmissionError
from autograder.intake import Job, name_file, read_job
from autograder.submission import Master, Unreadable, read_submission


def choose_answered(job: Job, master: Master) -> Job:
    """The job with the first of its files that answers an exercise; with the first of all, where none does."""
    for tried in (job, *job.others) if job.others else ():
        if _is_answered(tried, master):
            if tried is not job:
                note = f"file: {name_file(tried)} taken: nothing is answered in {name_file(job)}"
                job = replace(job, path=tried.path, member=tried.member, submitted_at=tried.submitted_at, trouble="")
                job = replace(job, notes=(*job.notes, note))
            break
    return replace(job, others=())


def _is_answered(job: Job, master: Master) -> bool:
    try:
        data = read_job(job)
        return data is not None and len(read_submission(data, master).missing) < len(master.exercises)
    except (SubmissionError, Unreadable):
        return False
