# wrong: an alpha for each element; hint: one alpha for a whole sample
# visible check: fails
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    n = real.shape[0]
    eps = torch.rand(real.shape, generator=rng, device=real.device)
    x = (eps * real + (1 - eps) * fake).requires_grad_(True)
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
