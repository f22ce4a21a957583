# right: torch.func, the gradient of one sample mapped over the batch
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    noisy = torch.add(real, torch.rand(real.shape, generator=rng), alpha=float(scale * real.std()))
    slope = torch.func.vmap(torch.func.grad(lambda x: discriminator(x[None]).squeeze()))(noisy)
    return (torch.linalg.vector_norm(slope.flatten(1), dim=1) - 1).square().mean()
