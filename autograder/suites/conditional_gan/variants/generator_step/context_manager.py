# right: flags kept by a context manager
from contextlib import contextmanager


@contextmanager
def frozen(network):
    before = [(p, p.requires_grad) for p in network.parameters()]
    try:
        yield network.requires_grad_(False)
    finally:
        for p, flag in before:
            p.requires_grad_(flag)


def generator_step(generator, discriminator, optimizer, labels, noise):
    generator.zero_grad()
    with frozen(discriminator) as judge:
        logits = judge(images=generator(noise=noise, labels=labels), labels=labels)
        loss = F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, 1.0))
        loss.backward()
    optimizer.step()
    return float(loss)
