# WGAN's signs turned, the penalty's norm over one dimension only, k that may leave [0, 1], noise that is the same for all.

# %% wgan
def wgan_discriminator_loss(real_scores, fake_scores):
    return real_scores.mean() - fake_scores.mean()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()

# %% gradient_penalty
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    alpha = torch.rand(len(real), generator=rng).view(-1, *[1] * (real.dim() - 1))
    between = (alpha * real + (1 - alpha) * fake).detach().requires_grad_()
    scores = critic(between)
    (gradients,) = torch.autograd.grad(scores.sum(), between, create_graph=True)
    norms = gradients.norm(dim=1)
    return ((norms - target) ** 2).mean()

# %% update_k
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    return float(k + rate * (gamma * real_error - fake_error))
