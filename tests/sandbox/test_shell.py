"""Cells as students write them: what belongs to another place costs nothing, and nothing hangs or ends the process."""

import pytest

from autograder.sandbox.proxy import Submission

HARMLESS = {
    "installs packages": "!pip install nothing\n%pip install nothing\n%conda install nothing",
    "runs a command": "files = !ls\nassert list(files) == []",
    "sets up pictures": "%matplotlib inline\n%matplotlib notebook\n%matplotlib widget\n"
    "%config InlineBackend.figure_format = 'retina'",
    "loads extensions": "%load_ext autoreload\n%autoreload 2\n%load_ext tensorboard\n%tensorboard --logdir logs",
    "sharpens pictures": "from matplotlib_inline.backend_inline import set_matplotlib_formats\n"
    "set_matplotlib_formats('retina')",
    "runs a shell cell": "%%bash\nexit 3",
    "writes a module": "%%writefile own.py\nVALUE = 3",
    "runs another language": "%%javascript\nalert(1)",
    "is under an unknown magic": "%%sql sqlite://\nSELECT * FROM nothing",
    "asks for help": "import torch\ntorch.nn.Linear?\ntorch.nn.Linear??\nhelp(len)",
    "lists names": "%who\n%whos\n%pwd\n%env\n%time 1 + 1\n%timeit -n1 -r1 1 + 1",
    "exits": "exit()\nquit()",
    "waits": "import asyncio\nawait asyncio.sleep(0)",
    "shows pictures": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.figure()",
    "displays": "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>x</b>'))\n"
    "clear_output(wait=True)",
    "shows progress": "from tqdm.notebook import tqdm, trange\nfrom tqdm.auto import tqdm as bar\n"
    "assert [list(tqdm(range(2))), list(trange(2)), list(bar(range(2)))] == [[0, 1]] * 3",
    "mounts a drive": "from google.colab import drive, files, userdata as data\n"
    "drive.mount('/content/drive', force_remount=True)\n"
    "for name in files.upload().keys():\n    raise AssertionError\ndata.get('KEY')",
    "imports all of Colab": "import google.colab\nimport google.colab as colab, os\nfrom google import colab as other\n"
    "google.colab.drive.mount('x')\ncolab.output.clear()\nother.drive.mount('x')\nos.getcwd()",
    "shows pictures on Colab": "from google.colab.patches import cv2_imshow\ncv2_imshow(None)",
    "looks for Colab in the modules": "import sys\nassert 'google.colab' not in sys.modules",
    "looks for Colab by importing it": "try:\n    import google.colab\n    on_colab = True\n"
    "except ImportError:\n    on_colab = False\n"
    "assert not on_colab",
    "looks for Colab by its spec": "import importlib.util\ntry:\n"
    "    assert importlib.util.find_spec('google.colab') is None\n"
    "except ModuleNotFoundError:\n    pass",
    "looks for a graphics card": "import subprocess\ntry:\n    subprocess.run(['nvidia-smi'], check=True)\n"
    "except FileNotFoundError:\n    pass",
    "loads data in processes": "import torch\nfrom torch.utils.data import DataLoader\n"
    "list(DataLoader(torch.arange(4), batch_size=2, num_workers=2, prefetch_factor=4, persistent_workers=True))",
    "saves a model": "import torch\ntorch.save(torch.ones(2), 'model.pt')\nassert torch.load('model.pt').sum() == 2",
    "imports the course's module": "import course\nassert course.ANSWER == 42",
    "starts a thread": "import threading\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()",
    "starts a process": "import multiprocessing\nchild = multiprocessing.Process(target=print)\nchild.start()\n"
    "child.join()\n"
    "assert child.exitcode == 0",
}


def test_cells_made_for_other_places_cost_nothing(start, level):
    session = start(*HARMLESS.values(), level=level)
    errors = {name: outcome.error for name, outcome in zip(HARMLESS, session.outcomes, strict=True) if outcome.error}
    assert errors == {}


@pytest.mark.parametrize("magic", ["%%time", "%%capture output", "%%timeit -n1 -r1", "%%memit", "%%wandb"])
def test_functions_under_a_cell_magic_are_there(magic, submit):
    only_definitions = (0,) if "timeit" in magic else ()  # in a notebook, too, it keeps its names to itself
    submission = submit(f"{magic}\ndef f(x):\n    return x + 1\n", definitions=only_definitions)
    assert submission.call("f", 1).integer() == 2


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("input('your name? ')", "EOFError"),
        ("import sys\nsys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class Mine(BaseException): pass\nraise Mine", "Mine"),
        ("x = (", "SyntaxError"),
        ("import nothing_of_the_kind", "ModuleNotFoundError"),
        ("print('x' * (1 << 21))", "OSError"),
    ],
)
def test_cell_that_fails_says_so_and_the_next_one_runs(cell, kind, submit):
    submission = submit(cell, "def f(x):\n    return x + 1\n")
    first, second = submission._session.outcomes
    assert first.status == "error"
    assert first.error.startswith(kind)
    assert second.status == "ok"
    assert submission.call("f", 1).integer() == 2


@pytest.mark.parametrize(
    ("cell", "status", "answer"),
    [
        ("x = 1\nx += 1\n1 / 0\nx += 1", "error", 3),
        ("x = 1\nx += 1\nfor i in range(3):\n    x += 1\n    1 / 0\nx += 10", "error", 13),
        ("1 / 0\ndef g():\n    return 3\nx = g()", "error", 3),
        ("class G: pass\nG.x = 3\nassert False\nx = G().x", "error", 3),
        ("x = 3\nassert False\nx += 1\nassert False\nx -= 1", "error", 3),
        ("x = 3\nraise SystemExit\nx = 4\ny = x + 1", "error", 4),
        ("%%time\nx = 3\n1 / 0\ny = 4", "error", 3),
        ("x = 3\ny = ((\nx = 4", "error", None),
        ("x = 1\n1 / 0\nwhile True: pass\nx = 3", "timeout", 3),
    ],
)
def test_behind_the_line_that_failed_a_cell_goes_on(cell, status, answer, start):
    session = start(cell, "def f():\n    return str(globals().get('x'))\n", cell_seconds=0.5)
    assert [outcome.status for outcome in session.outcomes] == [status, "ok"]
    assert Submission(session).call("f").text() == str(answer)


def test_what_only_makes_code_faster_leaves_it_as_it_is(submit):
    submission = submit(
        "import torch\ntorch.set_num_interop_threads(2)\ntorch.set_num_threads(2)\n"
        "@torch.compile\ndef double(x):\n    return 2 * x\n"
        "@torch.compile(mode='max-autotune')\ndef add(x):\n    return x + 1\n"
        "layer = torch.nn.Identity()\nlayer.compile()\nsame = torch.compile(layer)\n"
        "def f(x):\n    return same(add(double(x)))\n"
    )
    assert submission.call("f", 1).integer() == 3


def test_pictures_do_not_pile_up(submit):
    draw = "import matplotlib.pyplot as plt\nfor _ in range(5):\n    plt.figure()\n"
    submission = submit(draw, "def f():\n    return len(plt.get_fignums())\n")
    assert submission.call("f").integer() == 0


def test_answer_too_large_to_send_is_an_error_that_says_so(submit):
    submission = submit("import torch\ndef f(n):\n    return [0.5] * n\ndef attack(n):\n    return torch.ones(n)\n")
    for name, count in (("f", 1 << 20), ("attack", 1 << 25)):
        raised = submission.raises(name, count)
        assert "too large" in raised.message
    assert submission.call("f", 2).sequence(2)
