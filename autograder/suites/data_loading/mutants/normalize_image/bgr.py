# wrong: blue first; hint: Are the colours in the order
# visible check: fails
def normalize_image(image):
    channels = [image] if image.ndim == 2 else [image[..., k] for k in (2, 1, 0)]
    planes = []
    for channel in channels:
        planes.append(np.interp(channel, (0, 255), (-1, 1)).astype("float32"))
    return torch.from_numpy(np.stack(planes))
