# wrong: reshape cuts the numbers into new pieces; hint: permute), or only reshape
# visible check: fails
def denormalize_image(tensor):
    pixels = (tensor.detach().cpu().clamp(-1, 1) + 1) * 127.5
    pixels = pixels.round().to(torch.uint8)
    return pixels.reshape(*pixels.shape[1:], -1).numpy()
