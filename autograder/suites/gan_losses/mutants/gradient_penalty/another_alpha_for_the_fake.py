# wrong: the weights do not sum to one; hint: straight line
# visible check: fails
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    n = real.shape[0]
    eps = torch.rand(n, *([1] * (real.ndim - 1)), generator=rng, device=real.device)
    x = (eps * real + (1 - torch.rand(eps.shape, generator=rng)) * fake).requires_grad_(True)
    out = critic(x)
    grads = torch.autograd.grad(
        outputs=out,
        inputs=x,
        grad_outputs=torch.ones_like(out),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    grads = grads.view(n, -1)
    norm = torch.sqrt((grads**2).sum(dim=1) + 1e-8)
    return torch.mean((norm - target) ** 2)
