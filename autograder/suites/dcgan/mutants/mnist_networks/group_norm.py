# wrong: group norm in the discriminator; hint: batch norm inside
# visible check: fails
class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.fc = nn.Linear(noise_dim, 64 * 7 * 7)
        self.bn0 = nn.BatchNorm2d(64)
        self.up1 = nn.ConvTranspose2d(64, 32, 4, 2, 1)
        self.bn1 = nn.BatchNorm2d(32)
        self.up2 = nn.ConvTranspose2d(32, 1, 4, 2, 1)

    def forward(self, noise):
        x = self.fc(noise).view(-1, 64, 7, 7)
        x = F.relu(self.bn0(x))
        x = F.relu(self.bn1(self.up1(x)))
        return torch.tanh(self.up2(x))


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, 2, 1)
        self.conv2 = nn.Conv2d(16, 32, 3, 2, 1)
        self.bn2 = nn.GroupNorm(4, 32)
        self.act = nn.LeakyReLU(0.2)
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(32 * 7 * 7, 1)

    def forward(self, x):
        x = self.drop(self.act(self.conv1(x)))
        x = self.drop(self.act(self.bn2(self.conv2(x))))
        return self.fc(x.flatten(1)).squeeze(1)
