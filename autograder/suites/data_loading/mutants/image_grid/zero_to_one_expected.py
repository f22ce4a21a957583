# wrong: what is below 0 is cut off; hint: or cut off at 0
# visible check: fails
def image_grid(images, columns):
    brightness = images.detach().cpu().clamp(0, 1)
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid.permute(1, 2, 0)
