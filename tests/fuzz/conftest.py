"""Counts the examples of each property, prints them, and fails a property whose examples seldom get past the parser."""

from collections.abc import Generator

import pytest

from tests.fuzz.tally import PAST, TALLY

PROPERTY = "fuzz"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    TALLY.begin()
    yield
    if TALLY.examples:
        item.user_properties.append((PROPERTY, (TALLY.examples, TALLY.past)))
        if TALLY.past < PAST * TALLY.examples:
            pytest.fail(f"{TALLY.past} of {TALLY.examples} examples got past the parser; expected a third at least")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reports in list(terminalreporter.stats.values()):
        for report in reports:
            counted = dict(getattr(report, "user_properties", ())).get(PROPERTY)
            if counted and report.when == "call":
                examples, past = counted
                place = report.nodeid.rpartition("/")[2]
                terminalreporter.write_line(f"{examples:>7} examples, {past / examples:4.0%} past the parser: {place}")
