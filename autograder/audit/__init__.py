"""The suite put to the test by what it must refuse and what it must accept.

Cases written by hand (cases.py) have a verdict that is known, to the hint (verdicts.py). Automatic mutants of the
solutions (mutants.py, by the operators of operators.py) show what no author thought of: at least 95 % of them must lose
points (trials.py), but for those that are no mistakes (equivalents.py). No right answer may lose points under another
seed (seeds.py). What is judged by one exercise's tests alone shares a worker (bench.py). command.py does it all,
cost.py measures, report.py prints.
"""

from autograder.audit.cases import Case, find_cases, read_solution
from autograder.audit.cost import measure_cost
from autograder.audit.verdicts import Verdict, audit

__all__ = ["Case", "Verdict", "audit", "find_cases", "measure_cost", "read_solution"]
