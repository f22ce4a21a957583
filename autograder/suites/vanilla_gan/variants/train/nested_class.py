# right: a class inside the function keeps the state
def train(generator, discriminator, loader, *, noise_dim, epochs, discriminator_steps=1, learning_rate=1e-3, betas=(0.5, 0.999), rng=None, on_step=None):

    class Trainer:
        def __init__(self):
            self.step = 0
            self.log = {"discriminator": [], "generator": []}
            self.opts = [torch.optim.Adam([{"params": net.parameters()}], lr=learning_rate, betas=betas, weight_decay=1e-5) for net in (generator, discriminator)]
            self.device = next(generator.parameters()).device
        def noise(self, n):
            return sample_noise(n, noise_dim, rng=rng, device=self.device)
        def batch(self, real):
            n, k = real.size(0), 0
            while k < discriminator_steps:
                d = discriminator_step(generator, discriminator, self.opts[1], real, self.noise(n))
                k += 1
            g = generator_step(generator, discriminator, self.opts[0], self.noise(n))
            self.step += 1
            self.log["generator"].append(g.cpu().item()); self.log["discriminator"].append(d.cpu().item())
            if on_step is not None:
                on_step(self.step, self.log["generator"][-1], self.log["discriminator"][-1])
    t = Trainer()
    generator.train(); discriminator.train()
    for _ in range(epochs):
        for item in loader:
            t.batch((item[0] if not isinstance(item, torch.Tensor) else item).to(t.device))
    return t.log
