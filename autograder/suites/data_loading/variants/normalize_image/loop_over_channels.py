# right: interp for each channel
def normalize_image(image):
    channels = [image] if image.ndim == 2 else [image[..., k] for k in range(3)]
    planes = []
    for channel in channels:
        planes.append(np.interp(channel, (0, 255), (-1, 1)).astype("float32"))
    return torch.from_numpy(np.stack(planes))
