# right: asks the critic twice at the same points, once to look at the shape
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    assert real.shape == fake.shape, "real and fake must have the same shape"
    n = len(real)
    alpha = torch.rand((n,), generator=rng).to(real.device).to(real.dtype)
    while alpha.dim() < real.dim():
        alpha = alpha.unsqueeze(-1)
    x = torch.autograd.Variable(alpha * real + (1 - alpha) * fake, requires_grad=True).detach().requires_grad_()
    assert critic(x).shape in ((n,), (n, 1), ()), critic(x).shape
    gradient = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    return ((gradient.flatten(start_dim=1).norm(2, 1) - target) ** 2).mean()
