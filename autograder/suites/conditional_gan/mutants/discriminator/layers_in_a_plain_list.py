# wrong: layers in a plain list; hint: In a plain Python list they are hidden
# visible check: passes
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.classes = classes
        self.body = [nn.Conv2d(2, 16, 3, 2, 1), nn.Conv2d(16, 32, 3, 2, 1), nn.Conv2d(32, 64, 3, 2, 1)]
        self.norms = nn.ModuleList([nn.Identity(), nn.BatchNorm2d(32), nn.BatchNorm2d(64)])
        self.last = nn.Linear(64 * 16, 1)
        for layer in [*self.body, self.last]:
            nn.init.normal_(layer.weight, std=0.02)

    def forward(self, images, labels):
        plane = (labels / self.classes).view(-1, 1, 1, 1) * torch.ones_like(images)
        x = torch.cat((plane, images), 1)
        for conv, norm in zip(self.body, self.norms):
            x = F.leaky_relu(norm(conv(x)), 0.2)
        return self.last(x.flatten(1)).flatten()
