# right: the gradient penalty between equal points
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    nearby = real + scale * real.std() * torch.rand(real.shape, generator=rng)
    return gradient_penalty(discriminator, nearby, nearby, rng=rng)
