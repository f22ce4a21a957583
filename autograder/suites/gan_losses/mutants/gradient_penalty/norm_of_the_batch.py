# wrong: one norm for the whole batch; hint: one norm for each sample, or one for the batch
# visible check: fails
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    drawn_on = real.device if rng is None else rng.device
    alpha = torch.rand(len(real), generator=rng, device=drawn_on).to(real)
    alpha = alpha.view(-1, *[1] * (real.dim() - 1))
    between = alpha * real + (1 - alpha) * fake
    between = between.detach().requires_grad_()
    scores = critic(between)
    (gradients,) = torch.autograd.grad(scores.sum(), between, create_graph=True)
    norms = gradients.norm()
    return ((norms - target) ** 2).mean()
