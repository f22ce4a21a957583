# right: a heap of Python floats, a context manager, inference mode
import heapq
from contextlib import contextmanager
@contextmanager
def asked(*networks):
    was = [(m, m.training) for n in networks for m in n.modules()]
    for n in networks: n.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        for m, mode in was: m.training = mode
def best_samples(generator, discriminator, noise, count):
    with asked(generator, discriminator):
        pictures = generator(noise)
        scores = discriminator(pictures).tolist()
    chosen = heapq.nlargest(count, range(len(scores)), key=scores.__getitem__)
    return torch.stack([pictures[i] for i in chosen])
