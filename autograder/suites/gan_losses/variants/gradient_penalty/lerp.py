# right: lerp from fake to real, einsum of squares
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    share = torch.empty(real.size(0)).uniform_(generator=rng).reshape([-1] + [1] * (real.dim() - 1))
    points = torch.lerp(fake.detach(), real.detach(), share).requires_grad_()
    total = critic(points).sum()
    (g,) = torch.autograd.grad([total], [points], create_graph=True)
    g = g.reshape(g.size(0), -1)
    norms = torch.einsum("ij,ij->i", g, g).sqrt()
    return F.mse_loss(norms, torch.full_like(norms, target))
