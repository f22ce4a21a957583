# wrong: a standard deviation for each sample; hint: one number
# visible check: fails
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    drawn_on = real.device if rng is None else rng.device
    noise = torch.rand(real.shape, generator=rng, device=drawn_on).to(real)
    nearby = real + scale * real.flatten(1).std(1).view(-1, *[1] * (real.dim() - 1)) * noise
    nearby = nearby.detach().requires_grad_()
    logits = discriminator(nearby)
    (gradients,) = torch.autograd.grad(logits.sum(), nearby, create_graph=True)
    norms = gradients.flatten(1).norm(dim=1)
    return ((norms - 1) ** 2).mean()
