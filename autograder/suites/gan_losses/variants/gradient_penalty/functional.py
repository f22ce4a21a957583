# right: autograd.functional, alpha for the fake side
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    alpha = torch.rand((len(real),), generator=rng)
    alpha = alpha[(...,) + (None,) * (real.ndim - 1)]
    mixed = real + alpha * (fake - real)
    _, gradients = torch.autograd.functional.vjp(lambda x: critic(x).sum(), mixed, create_graph=True)
    over = tuple(range(1, gradients.ndim))
    return gradients.norm(p=2, dim=over).sub(target).pow(2).mean()
