# wrong: 255 does not become 1; hint: Does 255 become 1
# visible check: fails
def normalize_image(image):
    pixels = image.astype(np.float32) / 128 - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
