# right: the discriminator called with a detached copy of its parameters
from torch.func import functional_call


def generator_step(generator, discriminator, optimizer, noise):
    held = {name: p.detach() for name, p in discriminator.named_parameters()}
    fake_logits = functional_call(discriminator, held, (generator(noise),))
    loss = generator_loss(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
