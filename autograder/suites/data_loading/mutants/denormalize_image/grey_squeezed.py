# wrong: grey loses its channel; hint: (h, w, 1) for a grey picture
# visible check: fails
def denormalize_image(tensor):
    a = tensor.detach().cpu().numpy()
    a = np.rint((np.clip(a, -1.0, 1.0) + 1) / 2 * 255)
    return np.transpose(a, (1, 2, 0)).astype(np.uint8).squeeze()
