# The right number of parameters and a wrong wiring, every layer of the discriminator with stride 2, no detach.

# %% unet_generator
class UNetGenerator(nn.Module):

    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        widths = [base_channels * multiple for multiple in (1, 2, 4, 8, 8, 8, 8, 8)]
        self.downs = nn.ModuleList([nn.Conv2d(image_channels, widths[0], 4, stride=2, padding=1)])
        for i in range(1, 8):
            layers = [nn.LeakyReLU(0.2), nn.Conv2d(widths[i - 1], widths[i], 4, stride=2, padding=1)]
            if i < 7:
                layers.append(nn.BatchNorm2d(widths[i]))
            self.downs.append(nn.Sequential(*layers))
        self.ups = nn.ModuleList()
        for i in range(7, 0, -1):
            channels = widths[i] if i == 7 else 2 * widths[i]
            layers = [nn.ReLU(), nn.ConvTranspose2d(channels, widths[i - 1], 4, stride=2, padding=1)]
            layers.append(nn.BatchNorm2d(widths[i - 1]))
            self.ups.append(nn.Sequential(*layers))
        last = nn.ConvTranspose2d(2 * widths[0], image_channels, 4, stride=2, padding=1)
        self.ups.append(nn.Sequential(last, nn.Tanh()))

    def forward(self, sketch):
        x = sketch
        encoded = []
        for down in self.downs:
            x = down(x)
            encoded.append(x)
        encoded.pop()
        for up in self.ups:
            x = up(x)
            if encoded:
                x = torch.cat([x, encoded.pop()], dim=1)
        return x

# %% patch_discriminator
class PatchDiscriminator(nn.Module):

    def __init__(self, image_channels=3, base_channels=64, layers=3):
        super().__init__()
        kernel_size, padding = (4, 1) if layers > 0 else (1, 0)
        channels = 2 * image_channels
        blocks = []
        for i in range(max(layers, 1) + 1):
            stride = 2
            width = base_channels * min(2 ** i, 8)
            blocks.append(nn.Conv2d(channels, width, kernel_size, stride, padding))
            if i > 0:
                blocks.append(nn.BatchNorm2d(width))
            blocks.append(nn.LeakyReLU(0.2))
            channels = width
        blocks.append(nn.Conv2d(channels, 1, kernel_size, 1, padding))
        self.judge = nn.Sequential(*blocks)

    def forward(self, sketch, photo):
        pair = torch.cat([sketch, photo], dim=1)
        return self.judge(pair)

# %% train_steps
def discriminator_step(generator, discriminator, optimizer, sketch, photo):
    fake = generator(sketch)
    real_logits = discriminator(sketch, photo)
    fake_logits = discriminator(sketch, fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()

def generator_step(generator, discriminator, optimizer, sketch, photo, l1_weight=100.0):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    fake = generator(sketch)
    fake_logits = discriminator(sketch, fake)
    loss = generator_loss(fake_logits, fake, photo, l1_weight)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.detach()
