# wrong: height and width exchanged; hint: exchanged
# visible check: fails
def image_grid(images, columns):
    brightness = (images.detach().cpu().clamp(-1, 1) + 1) / 2
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid.permute(2, 1, 0)
