# wrong: without rng, always the same numbers; hint: Where there is no rng
# visible check: passes
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    drawn_on = real.device if rng is None else rng.device
    noise = torch.rand(real.shape, generator=rng or torch.Generator().manual_seed(0), device=drawn_on).to(real)
    nearby = real + scale * real.std() * noise
    nearby = nearby.detach().requires_grad_()
    logits = discriminator(nearby)
    (gradients,) = torch.autograd.grad(logits.sum(), nearby, create_graph=True)
    norms = gradients.flatten(1).norm(dim=1)
    return ((norms - 1) ** 2).mean()
