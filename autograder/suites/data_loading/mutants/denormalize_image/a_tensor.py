# wrong: a tensor is returned; hint: a NumPy array of type uint8
# visible check: fails
def denormalize_image(tensor):
    pixels = (tensor.detach().cpu().clamp(-1, 1) + 1) * 127.5
    pixels = pixels.round().to(torch.uint8)
    return pixels.permute(1, 2, 0)
