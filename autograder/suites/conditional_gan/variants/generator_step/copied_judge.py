# right: a frozen copy judges
import copy


def generator_step(generator, discriminator, optimizer, labels, noise):
    judge = copy.deepcopy(discriminator).requires_grad_(False)
    loss = generator_loss(judge(generator(noise, labels), labels))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
