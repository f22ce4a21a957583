# right: numbers drawn by the generator one by one, expanded to the samples' shape
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    alphas = [torch.rand(1, generator=rng).item() for _ in range(len(real))]
    alpha = torch.tensor(alphas).view(len(real), *[1] * (real.dim() - 1)).expand_as(real)
    x = torch.autograd.Variable(alpha * real + (1 - alpha) * fake, requires_grad=True)
    gradient = torch.autograd.grad(critic(x).mean() * len(x), x, create_graph=True)[0].flatten(start_dim=1)
    return ((gradient.norm(2, dim=1) - target) ** 2).mean()
