# right: strips beside each other, the last one filled up
def image_grid(images, columns):
    n, c, h, w = images.shape
    missing = -n % columns
    x = torch.cat([images, torch.ones(missing, c, h, w)]).clamp(-1, 1) / 2 + 0.5
    if c == 1:
        x = x.repeat(1, 3, 1, 1)
    rows = [torch.cat(list(row), dim=2) for row in x.split(columns)]
    return torch.cat(rows, dim=1).permute(1, 2, 0)
