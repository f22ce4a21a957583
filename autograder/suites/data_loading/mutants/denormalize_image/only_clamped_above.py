# wrong: too dark wraps around; hint: clamped before it becomes a byte
# visible check: fails
def denormalize_image(tensor):
    pixels = (tensor.detach().cpu().clamp(max=1) + 1) * 127.5
    pixels = pixels.round().to(torch.uint8)
    return pixels.permute(1, 2, 0).numpy()
