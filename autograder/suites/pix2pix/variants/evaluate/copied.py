# right: a copy of the generator is asked
import copy


def evaluate(generator, loader):
    judge = copy.deepcopy(generator).eval().requires_grad_(False)
    errors = []
    for sketch, photo in loader:
        errors += (judge(sketch) - photo).abs().flatten(1).mean(1).tolist()
    return sum(errors) / len(errors)
