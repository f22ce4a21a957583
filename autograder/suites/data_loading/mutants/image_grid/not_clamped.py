# wrong: values out of [0, 1]; hint: and clamped
# visible check: fails
def image_grid(images, columns):
    brightness = (images.detach().cpu() + 1) / 2
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid.permute(1, 2, 0)
