# wrong: the seed of rng in place of its state; hint: Does everything random come from rng
# visible check: passes
def train_ring(name, centers, *, steps, sigma=0.05, rng=None):
    table = {n: (globals()[f"{n}_discriminator_loss"], globals()[f"{n}_generator_loss"]) for n in
             ("minimax", "non_saturating", "wgan", "wgan_gp", "lsgan", "dragan", "began")}
    if name not in table:
        raise ValueError(f"unknown loss {name}, expected one of {', '.join(table)}")
    d_loss, g_loss = table[name]
    seed = rng.initial_seed() if rng is not None else torch.initial_seed()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        mid = centers.mean(0, keepdim=True)
        size = (centers - mid).norm(dim=1).mean() / 2
        G = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
        if name == "began":
            D = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 1), nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 2))
        else:
            D = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1), nn.Flatten(0))
        opt_g = torch.optim.Adam(G.parameters(), 3e-3, (0.0, 0.9), fused=True)
        opt_d = torch.optim.Adam(D.parameters(), 6e-3, (0.0, 0.9), fused=True)
        ema = [p.detach().clone() for p in G.parameters()]
        k = 0.0
        for _ in range(steps):
            real = (sample_ring(centers, 128, sigma=sigma) - mid) / size
            fake = G(torch.randn(128, 4)).detach()
            if name == "began":
                r, f = reconstruction_error(real, D(real)), reconstruction_error(fake, D(fake))
                loss = d_loss(r, f, k)
                k = update_k(k, r, f, rate=0.05)
            elif name == "wgan_gp":
                loss = d_loss(D(real), D(fake), gradient_penalty(D, real, fake), weight=0.1)
            elif name == "dragan":
                loss = d_loss(D(real), D(fake), dragan_penalty(D, real), weight=0.1)
            else:
                loss = d_loss(D(real), D(fake))
            opt_d.zero_grad(set_to_none=True)
            loss.backward()
            opt_d.step()
            if name == "wgan":
                clip_weights(D, limit=0.1)
            fake = G(torch.randn(128, 4))
            loss = g_loss(reconstruction_error(fake, D(fake)) if name == "began" else D(fake))
            opt_g.zero_grad(set_to_none=True)
            loss.backward()
            opt_g.step()
            torch._foreach_lerp_(ema, [p.detach() for p in G.parameters()], 0.02)
        with torch.no_grad():
            for p, e in zip(G.parameters(), ema):
                p.copy_(e)
            return G(torch.randn(2000, 4)) * size + mid
