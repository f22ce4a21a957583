# right: one sample after the other
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    width = scale * torch.std(real)
    total = 0
    for sample in real:
        x = (sample + width * torch.rand(sample.size(), generator=rng)).unsqueeze(0).requires_grad_()
        (slope,) = torch.autograd.grad(discriminator(x).squeeze(), x, create_graph=True)
        total = total + (slope.norm() - 1) ** 2
    return total / len(real)
