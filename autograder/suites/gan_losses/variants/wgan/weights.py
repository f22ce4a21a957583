# right: one scalar product with signed weights
def wgan_discriminator_loss(real_scores, fake_scores):
    n, m = len(real_scores), len(fake_scores)
    weights = torch.cat([torch.full((n,), -1 / n), torch.full((m,), 1 / m)])
    return torch.dot(weights, torch.cat([real_scores, fake_scores]))


def wgan_generator_loss(fake_scores):
    return torch.einsum("i->", fake_scores) / -len(fake_scores)
