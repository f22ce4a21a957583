# wrong: the generator's copy works in the mode it finds; hint: Did you switch to evaluation mode
# visible check: passes
from copy import deepcopy


def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    painter, judge = deepcopy(generator).requires_grad_(False), deepcopy(classifier).eval().requires_grad_(False)
    shares = []
    for k in range(classes):
        y = torch.tensor([k] * samples)
        x = painter(torch.randn(samples, noise_dim, generator=rng), y)
        shares.append(float((judge(x).softmax(-1).argmax(-1) == k).double().mean()))
    return sum(shares) / classes
