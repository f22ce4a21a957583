# right: one sample after the other
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    terms = []
    for one, other in zip(real, fake):
        a = torch.rand((), generator=rng)
        point = (other + a * (one - other))[None].clone().requires_grad_()
        gradient = torch.autograd.grad(critic(point).sum(), point, create_graph=True)[0]
        terms.append((torch.linalg.vector_norm(gradient) - target).square())
    return torch.stack(terms).mean()
