# wrong: the gradient of D, not of the logit; hint: before any sigmoid
# visible check: fails
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    drawn_on = real.device if rng is None else rng.device
    noise = torch.rand(real.shape, generator=rng, device=drawn_on).to(real)
    nearby = real + scale * real.std() * noise
    nearby = nearby.detach().requires_grad_()
    logits = discriminator(nearby)
    (gradients,) = torch.autograd.grad(logits.sigmoid().sum(), nearby, create_graph=True)
    norms = gradients.flatten(1).norm(dim=1)
    return ((norms - 1) ** 2).mean()
