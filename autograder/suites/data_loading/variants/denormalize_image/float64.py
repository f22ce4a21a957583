# right: float64, minimum and maximum, moveaxis
def denormalize_image(tensor):
    x = np.array(tensor.detach().to("cpu", torch.float64))
    x = np.minimum(np.maximum(np.floor((x + 1) * 127.5 + 0.5), 0), 255)
    return np.moveaxis(x, 0, -1).astype("uint8")
