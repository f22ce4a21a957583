# right: skips first, lists of modules, activations in place where nothing is lost
class ToyUNet(nn.Module):
    def __init__(self):
        super(ToyUNet, self).__init__()
        self.decoder = nn.ModuleList([nn.ConvTranspose2d(i, o, 4, 2, 1) for i, o in ((256, 128), (256, 64), (128, 3))])
        self.encoder = nn.ModuleList([nn.Conv2d(i, o, 4, 2, 1) for i, o in ((3, 64), (64, 128), (128, 256))])

    def forward(self, x):
        skips = []
        for i, layer in enumerate(self.encoder):
            x = layer(x if i == 0 else x.clamp(min=0))
            skips.insert(0, x)
        for i, layer in enumerate(self.decoder):
            x = layer(torch.relu(x if i == 0 else torch.cat((skips[i], x), 1)))
        return x.tanh()
