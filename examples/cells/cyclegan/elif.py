# Zeros round the picture, a sum of both losses where half of it is asked for, the identity in the wrong domain.

# %% residual_block
class ResidualBlock(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.change = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.InstanceNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1), nn.InstanceNorm2d(channels))

    def forward(self, x):
        return x + self.change(x)

# %% generator_objective
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    fake_b = g_ab(real_a)
    fake_a = g_ba(real_b)
    fooling = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    cycles = cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b)
    identities = identity_loss(g_ab, real_a) + identity_loss(g_ba, real_b)
    return fooling + cycle_weight * cycles + cycle_weight * identity_weight * identities

# %% discriminator_objective
def discriminator_objective(discriminator, real, fake):
    return adversarial_loss(discriminator(real), True) + adversarial_loss(discriminator(fake.detach()), False)
