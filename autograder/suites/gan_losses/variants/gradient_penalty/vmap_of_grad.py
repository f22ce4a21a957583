# right: torch.func, the gradient of one sample mapped over the batch
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    alpha = torch.rand(len(real), generator=rng).view(-1, *[1] * (real.dim() - 1))
    mixed = alpha * real + (1 - alpha) * fake
    slope = torch.func.vmap(torch.func.grad(lambda x: critic(x[None]).sum()))(mixed)
    return ((slope.flatten(1).norm(dim=1) - target) ** 2).mean()
