# right: the deviation by hand, dividing by the number of elements
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    spread = (real - real.mean()).square().mean().sqrt()
    noise = torch.rand(real.numel(), generator=rng).reshape(real.shape)
    x = torch.addcmul(real, noise, spread * scale).requires_grad_()
    slope = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)[0]
    norms = torch.linalg.vector_norm(slope, dim=tuple(range(1, slope.dim())))
    return F.mse_loss(norms, torch.ones_like(norms))
