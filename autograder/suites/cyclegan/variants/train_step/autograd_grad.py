# right: torch.autograd.grad, losses put together by hand
def train_step(
    g_ab, g_ba, d_a, d_b, generator_optimizer, discriminator_optimizer, real_a, real_b, *, pool_a, pool_b, rng=None
):
    def update(loss, networks, optimizer):
        parameters = [p for network in networks for p in network.parameters() if p.requires_grad]
        for p, gradient in zip(parameters, torch.autograd.grad(loss, parameters, allow_unused=True)):
            p.grad = gradient
        optimizer.step()
        return loss.detach().item()

    fake_a, fake_b = g_ba(real_b).detach(), g_ab(real_a).detach()
    objective = generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b)
    generator = update(objective, (g_ab, g_ba), generator_optimizer)
    old_a, old_b = pool_a.query(fake_a, rng=rng), pool_b.query(fake_b, rng=rng)
    total = 0.5 * (
        adversarial_loss(d_a(real_a), True)
        + adversarial_loss(d_a(old_a), False)
        + adversarial_loss(d_b(real_b), True)
        + adversarial_loss(d_b(old_b), False)
    )
    return {"generator": generator, "discriminator": update(total, (d_a, d_b), discriminator_optimizer)}
