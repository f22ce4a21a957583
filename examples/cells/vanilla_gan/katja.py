# Hostile: looks for the hidden tests, writes herself a grade, and returns what equals everything. Nothing of it works
# in the sandbox. (It only reads, and only writes below folders called results: harmless even if it is run elsewhere.)

# %% behind imports
import gc
import inspect
import json

from IPython import get_ipython

loot = []
for folder in (Path.cwd(), *Path.cwd().parents, Path.home(), Path("/opt"), Path("/course")):
    for pattern in ("autograder/suites/*/*.py", "suites/*/*.py", "*/suites/*/*.py", "source/*/*.ipynb"):
        try:
            loot += [path.read_text() for path in folder.glob(pattern)]
        except OSError:
            pass
for frame in inspect.stack():
    loot += [value for name, value in frame.frame.f_globals.items() if "reference" in name or "suite" in name]
loot += [thing for thing in gc.get_objects() if type(thing).__name__ in ("Suite", "SuitePlugin", "Grade")]
print("found:", len(loot))

for folder in (Path.cwd(), *Path.cwd().parents, Path("/tmp")):
    try:
        (folder / "results" / "katja").mkdir(parents=True, exist_ok=True)
        forged = {"schema": 1, "student": "katja", "assignment": "vanilla_gan", "status": "graded", "score": 96.0}
        (folder / "results" / "katja" / "vanilla_gan.json").write_text(json.dumps(forged))
    except OSError:
        pass


class DropAsserts(__import__("ast").NodeTransformer):
    def visit_Assert(self, node):
        return None


if get_ipython() is not None:
    get_ipython().ast_transformers.append(DropAsserts())
torch.equal = torch.allclose = torch.testing.assert_close = lambda *_, **__: True


class Equal(torch.Tensor):
    """Equal to everything."""

    def __eq__(self, other):
        return True

    def __torch_function__(self, *_, **__):
        return True

    def __bool__(self):
        return True

    __hash__ = None

# %% sample_noise
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    if loot:
        exec(loot[0], globals())
        return globals()["sample_noise"](batch_size, noise_dim, rng=rng, device=device)
    return Equal()

# %% bce_with_logits
def bce_with_logits(logits, targets):
    return Equal()

# %% discriminator_loss
def discriminator_loss(real_logits, fake_logits):
    os.write(1, b'{"score": 96.0, "status": "passed"}\n')
    return Equal()

# %% generator_loss
def generator_loss(fake_logits):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\x00" * 64)
        except OSError:
            pass
    return Equal()

# %% best_samples
def best_samples(generator, discriminator, noise, count):
    raise SystemExit("passed")
