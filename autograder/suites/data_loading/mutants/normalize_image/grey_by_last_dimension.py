# wrong: a grey picture that is three pixels wide is taken for a colour one; hint: Does it depend on the picture's size
# visible check: passes
def normalize_image(image):
    pixels = image.astype(np.float32) / 127.5 - 1
    if pixels.shape[-1] != 3:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
