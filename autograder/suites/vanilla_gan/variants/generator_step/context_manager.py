# right: a context manager freezes the discriminator
from contextlib import contextmanager


@contextmanager
def frozen(network):
    flags = {name: p.requires_grad for name, p in network.named_parameters()}
    try:
        yield network.requires_grad_(False)
    finally:
        for name, p in network.named_parameters():
            p.requires_grad_(flags[name])


def generator_step(generator, discriminator, optimizer, noise):
    with frozen(discriminator) as judge:
        optimizer.zero_grad()
        loss = generator_loss(judge(generator(noise)))
        loss.backward()
    optimizer.step()
    return loss.detach()
