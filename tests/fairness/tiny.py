"""A tiny assignment in plain Python, built as the course builds its own: the release and a right submission of it."""

import json
import re

import nbformat
from nbformat import v4

CELLS = """
%% prose intro
# Tiny

Four small exercises.
%% setup imports
%matplotlib inline
import math

NOISE_DIM = 4
MODEL_NAMES = ['generator', 'discriminator']
%% prose about_scale
## 1 Scaling

Multiply every value by the factor.
%% exercise scale
def scale(values, factor):
    \"\"\"Each value times the factor.\"\"\"
    ### BEGIN SOLUTION
    return [value * factor for value in values]
    ### END SOLUTION
%% check scale_check
assert scale([1, 2], 2) == [2, 4]
print('scale: looks right')
%% prose about_generator
## 2 Generator

Return NOISE_DIM numbers.
%% exercise generator
class Generator:
    \"\"\"Makes numbers from a seed.\"\"\"

    def __init__(self, seed=1):
        self.seed = seed

    def forward(self):
        ### BEGIN SOLUTION
        numbers = []
        for index in range(NOISE_DIM):
            numbers.append(math.tanh(self.seed + index))
        return numbers
        ### END SOLUTION
%% check generator_check
numbers = Generator().forward()
assert len(numbers) == NOISE_DIM
print('fine so far')
%% setup data
DATA = [1.0, 2.0, 3.0]


def batches(size):
    return [DATA[i : i + size] for i in range(0, 3, size)]
%% exercise losses
def generator_loss(fake):
    ### BEGIN SOLUTION
    return -sum(map(math.log, fake)) / len(fake)
    ### END SOLUTION


def discriminator_loss(real, fake):
    ### BEGIN SOLUTION
    return generator_loss(real) + generator_loss([1 - f for f in fake])
    ### END SOLUTION
%% check losses_check
assert generator_loss([1.0]) == 0
assert discriminator_loss([1.0], [0.0]) == 0
%% exercise train
def train(generator, loader, *, epochs):
    ### BEGIN SOLUTION
    history = []
    for _ in range(epochs):
        for batch in loader:
            history.append(sum(scale(batch, 2)) + sum(generator.forward()))
    return history
    ### END SOLUTION
%% check train_check
history = train(Generator(), batches(2), epochs=1)
assert len(history) == 2
%% training train_networks
def report(step, loss):
    print('step', step, 'loss', loss)


losses = train(Generator(), batches(1), epochs=10**9)
for step, loss in enumerate(losses):
    report(step, loss)
%% show curves
for loss in losses[::100]:
    print('#' * int(loss))
print('the end of training')
%% question comparison
## 5 What do you see?

Say why the loss of G is no measure of quality.

### BEGIN SOLUTION
D moves too.
### END SOLUTION
%% prose outlook
Next time: convolutions.
"""
EXERCISES = {
    "scale": ["scale"],
    "generator": ["Generator"],
    "losses": ["generator_loss", "discriminator_loss"],
    "train": ["train"],
}
_SOLUTION = re.compile(r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.S)


def release() -> dict:
    """What students get."""
    return _notebook(solved=False)


def right() -> dict:
    """The same with every exercise solved and the question answered, markers left in place."""
    return _notebook(solved=True)


def right_bytes() -> bytes:
    return json.dumps(right(), indent=1, ensure_ascii=False).encode()


def stub(source: str, answer: str = "YOUR ANSWER HERE") -> str:
    """What nbgrader's ClearSolutions leaves of a cell."""
    code = "# YOUR CODE HERE\n{indent}raise NotImplementedError()"
    prose = source.startswith("#")
    return _SOLUTION.sub(lambda match: match[1] + (answer if prose else code.format(indent=match[1])), source)


def _notebook(*, solved: bool) -> dict:
    texts = re.findall(r"(?ms)^%% (\w+) (\w+)\n(.*?)\n(?=%% |\Z)", CELLS)
    cells = [_cell(role, name, source if solved else stub(source)) for role, name, source in texts]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "autograder": {"exercises": EXERCISES},
    }
    notebook = v4.new_notebook(cells=cells, metadata=metadata)
    notebook["nbformat_minor"] = 5
    nbformat.validate(notebook)
    return json.loads(nbformat.writes(notebook))


def _cell(role: str, name: str, source: str) -> dict:
    metadata: dict = {"autograder": {"role": role}}
    if role in ("exercise", "question", "setup", "check"):
        graded = role in ("exercise", "question")
        marks = {"grade": graded, "solution": graded, "locked": not graded, "grade_id": name}
        metadata["nbgrader"] = marks | {"schema_version": 3, "task": False} | ({"points": 5} if graded else {})
    new = v4.new_markdown_cell if role in ("prose", "question") else v4.new_code_cell
    return new(source, id=name, metadata=metadata)
