# wrong: each picture stretched to all bytes; hint: stretched by its own extremes
# visible check: passes
def denormalize_image(tensor):
    pixels = (tensor.detach().cpu().clamp(-1, 1) + 1) * 127.5
    pixels = ((pixels - pixels.min()) / (pixels.max() - pixels.min()) * 255).round().to(torch.uint8)
    return pixels.permute(1, 2, 0).numpy()
