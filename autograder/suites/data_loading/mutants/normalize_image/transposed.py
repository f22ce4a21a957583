# wrong: height and width exchanged; hint: channels first
# visible check: fails
def normalize_image(image):
    pixels = image.astype(np.float32) / 127.5 - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 1, 0)
