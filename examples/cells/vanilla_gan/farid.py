# Typical mistakes: the generator without Tanh and with the batch size built in, DCGAN's slope and a sigmoid in the
# discriminator, loss tensors collected instead of numbers.

# %% generator
class Generator(nn.Module):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super().__init__()
        self.batchsize = 64
        self.hidden = nn.Linear(noise_dim, hidden_dim)
        self.pixels = nn.Linear(hidden_dim, 28 * 28)

    def forward(self, noise):
        x = F.leaky_relu(self.hidden(noise), 0.01)
        return self.pixels(x).view(self.batchsize, 1, 28, 28)

# %% discriminator
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, hidden_dim)
        self.logit = nn.Linear(hidden_dim, 1)

    def forward(self, images):
        x = F.leaky_relu(self.hidden(images.flatten(1)), 0.2)
        return torch.sigmoid(self.logit(x)).squeeze(1)

# %% train
def train(generator, discriminator, loader, *, noise_dim, epochs, discriminator_steps=1, learning_rate=1e-3,
          betas=(0.5, 0.999), rng=None, on_step=None):
    generator_optimizer = torch.optim.Adam(generator.parameters(), lr=learning_rate, betas=betas, weight_decay=1e-5)
    discriminator_optimizer = torch.optim.Adam(
        discriminator.parameters(), lr=learning_rate, betas=betas, weight_decay=1e-5
    )
    generator.train()
    discriminator.train()
    losses = {"generator": [], "discriminator": []}
    for _ in range(epochs):
        for real, _ in loader:
            for _ in range(discriminator_steps):
                noise = sample_noise(len(real), noise_dim, rng=rng)
                d_loss = discriminator_step(generator, discriminator, discriminator_optimizer, real, noise)
            noise = sample_noise(len(real), noise_dim, rng=rng)
            g_loss = generator_step(generator, discriminator, generator_optimizer, noise)
            losses["generator"].append(g_loss)
            losses["discriminator"].append(d_loss)
            if on_step is not None:
                on_step(len(losses["generator"]), g_loss, d_loss)
    return losses
