# wrong: as if values lay in [0, 1]; hint: Does -1 become 0
# visible check: fails
def denormalize_image(tensor):
    pixels = tensor.detach().cpu().clamp(0, 1) * 255
    pixels = pixels.round().to(torch.uint8)
    return pixels.permute(1, 2, 0).numpy()
