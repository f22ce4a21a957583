# right: lambdas, mean of means
l1_only_loss = lambda fake, photo: (fake - photo).abs().mean((1, 2, 3)).mean()
generator_loss = lambda fake_logits, fake, photo, l1_weight=100.0: torch.add(
    -F.logsigmoid(fake_logits).mean(), l1_only_loss(fake, photo), alpha=l1_weight
)
