# wrong: reshape cuts the numbers into new pieces; hint: permute), or only reshape
# visible check: fails
def normalize_image(image):
    pixels = image.astype(np.float32) / 127.5 - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).reshape(pixels.shape[2], *pixels.shape[:2])
