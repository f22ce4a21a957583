# right: arguments by keyword, two backwards, a context manager for freezing, floats returned
from contextlib import contextmanager


@contextmanager
def frozen(network):
    before = {p: p.requires_grad for p in network.parameters()}
    try:
        yield network.requires_grad_(False)
    finally:
        for p, flag in before.items():
            p.requires_grad_(flag)


def discriminator_step(generator, discriminator, optimizer, sketch, photo):
    optimizer.zero_grad(set_to_none=True)
    fake = generator(sketch)
    fake_logits = discriminator(sketch=sketch, photo=fake.detach())
    real_logits = discriminator(sketch=sketch, photo=photo)
    loss = discriminator_loss(real_logits=real_logits, fake_logits=fake_logits)
    loss.backward()
    optimizer.step()
    return loss.item()


def generator_step(generator, discriminator, optimizer, sketch, photo, l1_weight=100.0):
    optimizer.zero_grad()
    with frozen(discriminator):
        fake = generator(sketch)
        loss = generator_loss(discriminator(sketch, photo=fake), fake=fake, photo=photo, l1_weight=l1_weight)
        loss.backward()
    optimizer.step()
    return loss.item()
