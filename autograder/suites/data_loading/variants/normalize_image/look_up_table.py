# right: a table of 256 values
TABLE = torch.linspace(-1, 1, 256)
def normalize_image(image):
    indices = torch.from_numpy(np.array(image, dtype=np.int64))
    values = TABLE[indices]
    return torch.stack([values]) if values.dim() == 2 else torch.einsum("hwc->chw", values)
