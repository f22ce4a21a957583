# right: no average of the weights, least squares and others written out in the loop, slower towards the end
def train_ring(name, centers, *, steps, sigma=0.05, rng=None):
    known = ("minimax", "non_saturating", "wgan", "wgan_gp", "lsgan", "dragan", "began")
    if not any(name == other for other in known):
        raise ValueError("unknown name")
    shift, size = centers.mean(dim=0), centers.std() / 1.5
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch.randint(2**31, (1,), generator=rng).item())
        g = nn.Sequential(nn.Linear(2, 96), nn.LeakyReLU(0.1), nn.Linear(96, 96), nn.LeakyReLU(0.1), nn.Linear(96, 2))
        if name == "began":
            d = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 1), nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 2))
        else:
            d = nn.Sequential(nn.Linear(2, 96), nn.LeakyReLU(0.1), nn.Linear(96, 96), nn.LeakyReLU(0.1), nn.Linear(96, 1))
    players = [torch.optim.Adam(d.parameters(), lr=6e-3, betas=(0.0, 0.9), fused=True)]
    players.append(torch.optim.Adam(g.parameters(), lr=3e-3, betas=(0.0, 0.9), fused=True))
    k = 0.0
    for i in range(steps):
        for optimizer, rate in zip(players, (6e-3, 3e-3)):
            optimizer.param_groups[0]["lr"] = rate * (1 - 0.9 * i / steps)
        x = centers[torch.randint(8, (200,), generator=rng)] + sigma * torch.randn(200, 2, generator=rng)
        x = (x - shift) / size
        for turn, optimizer in enumerate(players):
            y = g(torch.randn(200, 2, generator=rng))
            if turn == 0:
                y = y.detach()
            a, b = (d(x), d(y)) if name == "began" else (d(x).view(-1), d(y).view(-1))
            if name == "began":
                a, b = reconstruction_error(x, a), reconstruction_error(y, b)
                loss = [began_discriminator_loss(a, b, k), began_generator_loss(b)][turn]
                k = update_k(k, a, b, rate=0.05) if turn == 0 else k
            elif name == "wgan_gp":
                loss = b.mean().neg()
                if turn == 0:
                    loss = wgan_gp_discriminator_loss(a, b, gradient_penalty(d, x, y, rng=rng), 0.1)
            elif name == "dragan":
                loss = dragan_generator_loss(b)
                if turn == 0:
                    loss = dragan_discriminator_loss(a, b, dragan_penalty(d, x, rng=rng), 0.1)
            elif name == "lsgan":
                loss = [lsgan_discriminator_loss(a, b), lsgan_generator_loss(b)][turn]
            elif name == "wgan":
                loss = [wgan_discriminator_loss(a, b), wgan_generator_loss(b)][turn]
            elif name == "minimax":
                loss = [minimax_discriminator_loss(a, b), minimax_generator_loss(b)][turn]
            else:
                loss = [non_saturating_discriminator_loss(a, b), non_saturating_generator_loss(b)][turn]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if name == "wgan":
                clip_weights(d, 0.1)
    return (g(torch.randn(2000, 2, generator=rng)) * size + shift).detach().cpu().float()
