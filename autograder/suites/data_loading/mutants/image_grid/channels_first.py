# wrong: channels first; hint: with the channels last
# visible check: fails
def image_grid(images, columns):
    brightness = (images.detach().cpu().clamp(-1, 1) + 1) / 2
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid
