# wrong: the middle is 127.5; hint: Is the middle of the range between
# visible check: fails
def normalize_image(image):
    pixels = (image.astype(np.float32) - 128) / 127.5
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
