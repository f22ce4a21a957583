# wrong: changes the pictures given; hint: Is something done in place
# visible check: passes
def image_grid(images, columns):
    brightness = images.detach().cpu().clamp_(-1, 1).add_(1).div_(2)
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid.permute(1, 2, 0)
