# wrong: differentiable again in training mode only; hint: keep the graph
# visible check: passes
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    drawn_on = real.device if rng is None else rng.device
    alpha = torch.rand(len(real), generator=rng, device=drawn_on).to(real)
    alpha = alpha.view(-1, *[1] * (real.dim() - 1))
    between = alpha * real + (1 - alpha) * fake
    between = between.detach().requires_grad_()
    scores = critic(between)
    (gradients,) = torch.autograd.grad(scores.sum(), between, create_graph=getattr(critic, "training", True))
    norms = gradients.flatten(1).norm(dim=1)
    return ((norms - target) ** 2).mean()
