# right: a loop over classes, no gradient by a decorator
@torch.no_grad()
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    where = list(generator.parameters())[0].device
    z = torch.randn(columns, noise_dim, generator=rng).to(where)
    before = [(module, module.training) for module in generator.modules()]
    generator.train(False)
    rows = [generator(z, torch.full((columns,), label, dtype=torch.long, device=where)) for label in range(classes)]
    for module, training in before:
        module.training = training
    return torch.cat(rows, dim=0)
