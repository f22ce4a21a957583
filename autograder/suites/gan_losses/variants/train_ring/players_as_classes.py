# right: networks as classes, the judge's last step first, seeds without a fork, match
class Forger(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.one, self.two, self.three = nn.Linear(4, width), nn.Linear(width, width), nn.Linear(width, 2)

    def forward(self, z):
        return self.three(F.relu(self.two(F.relu(self.one(z)))))


class Judge(nn.Module):
    def __init__(self, auto=False, width=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, width), nn.ReLU(), nn.Linear(width, 1 if auto else width))
        self.head = nn.Sequential(nn.Linear(1, width), nn.ReLU(), nn.Linear(width, 2)) if auto else nn.Sequential(nn.ReLU(), nn.Linear(width, 1), nn.Flatten(0))

    def forward(self, x):
        return self.head(self.body(x))


def train_ring(name, centers, *, steps, sigma=0.05, rng=None):
    names = "minimax non_saturating wgan wgan_gp lsgan dragan began".split()
    if name not in names:
        raise ValueError(f"{name} is none of {names}")
    if rng is None:
        rng = torch.Generator().manual_seed(torch.seed() % 2**31)
    state = torch.get_rng_state()
    torch.manual_seed(int(torch.randint(10**6, (1,), generator=rng)))
    g, d = Forger(), Judge(auto=name == "began")
    torch.set_rng_state(state)
    og = torch.optim.Adam(g.parameters(), lr=3e-3, betas=(0.0, 0.9), foreach=True)
    od = torch.optim.Adam(d.parameters(), lr=6e-3, betas=(0.0, 0.9), foreach=True)
    ema = torch.optim.swa_utils.AveragedModel(g, avg_fn=lambda a, b, n: 0.98 * a + 0.02 * b)
    mu, r = centers.mean(0, keepdim=True), (centers - centers.mean(0)).norm(dim=1).max() / 2
    data = (centers - mu) / r
    k = 0.0
    step = 0
    while step < steps:
        step += 1
        x = data[torch.randint(0, len(data), [128], generator=rng)] + sigma / r * torch.randn([128, 2], generator=rng)
        z = torch.randn([128, 4], generator=rng)
        with torch.no_grad():
            y = g(z)
        od.zero_grad(set_to_none=True)
        match name:
            case "minimax":
                loss = minimax_discriminator_loss(d(x), d(y))
            case "non_saturating":
                loss = non_saturating_discriminator_loss(d(x), d(y))
            case "wgan":
                loss = wgan_discriminator_loss(d(x), d(y))
            case "wgan_gp":
                loss = wgan_gp_discriminator_loss(d(x), d(y), gradient_penalty(d, x, y, rng=rng), weight=0.1)
            case "lsgan":
                loss = lsgan_discriminator_loss(d(x), d(y))
            case "dragan":
                loss = dragan_discriminator_loss(d(x), d(y), dragan_penalty(d, x, rng=rng), weight=0.1)
            case "began":
                lx, ly = reconstruction_error(x, d(x)), reconstruction_error(y, d(y))
                loss = began_discriminator_loss(lx, ly, k)
                k = update_k(k, lx.item(), ly.item(), rate=0.05)
        loss.backward()
        od.step()
        if name == "wgan":
            clip_weights(d, limit=0.1)
        og.zero_grad(set_to_none=True)
        y = g(z)
        if name == "began":
            loss = began_generator_loss(reconstruction_error(y, d(y)))
        else:
            loss = globals()[f"{name}_generator_loss"](d(y))
        loss.backward()
        og.step()
        ema.update_parameters(g)
    with torch.inference_mode():
        return ema(torch.randn(2000, 4, generator=rng)).clone() * r + mu
