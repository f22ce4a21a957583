# right: the notebook's losses, one sample after the other; a named tuple comes back
from collections import namedtuple

Gradients = namedtuple("Gradients", "minimax non_saturating")


def saturation(logits):
    found = {minimax_generator_loss: [], generator_loss: []}
    for value in logits.tolist():
        for loss in found:
            single = torch.tensor([value], requires_grad=True)
            loss(single).backward()
            found[loss].append(single.grad)
    return Gradients(*(torch.cat(slopes) for slopes in found.values()))
