# wrong: pictures are rows only; hint: Over which dimensions is the norm
# visible check: passes
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    alpha = torch.rand((len(real),), generator=rng)
    alpha = alpha[(...,) + (None,) * (real.ndim - 1)]
    mixed = real + alpha * (fake - real)
    _, gradients = torch.autograd.functional.vjp(lambda x: critic(x).sum(), mixed, create_graph=True)
    over = (-2, -1) if gradients.ndim > 2 else -1
    return gradients.norm(p=2, dim=over).sub(target).pow(2).mean()
