"""Gradescope: an autograder zip of one assignment, and what runs from it there.

`package` makes the zip on the instructor's machine. In Gradescope's container, container/setup.sh installs and ends
with `prepare`, once; container/run_autograder starts `run` for each submission: it finds the notebook (`submitted`),
lets a process of its own grade it (`grader`), and writes results.json (`contract`) as exercises finish.
"""
