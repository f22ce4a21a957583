# wrong: reshape cuts the numbers into new pieces; hint: Is every picture in the grid once
# visible check: fails
def image_grid(images, columns):
    brightness = (images.detach().cpu().clamp(-1, 1) + 1) / 2
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid.reshape(*grid.shape[1:], 3)
