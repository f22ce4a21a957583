# right: uniform_ up to the largest amount, grad_outputs of ones
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    most = float(scale * real.std())
    delta = torch.empty_like(real)
    delta.uniform_(0, most, generator=rng) if most else delta.zero_()
    x = torch.add(real, delta).clone().detach().requires_grad_(True)
    d = discriminator(x)
    g = torch.autograd.grad(d, x, torch.ones_like(d), create_graph=True)[0]
    g = g.view(g.shape[0], -1)
    return ((g.pow(2).sum(1) + 1e-12).sqrt() - 1).pow(2).mean()
