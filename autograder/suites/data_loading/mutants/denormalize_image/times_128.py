# wrong: 255 does not come back; hint: What normalize_image did must be undone
# visible check: fails
def denormalize_image(tensor):
    pixels = (tensor.detach().cpu().clamp(-1, 1) + 1) * 127
    pixels = pixels.round().to(torch.uint8)
    return pixels.permute(1, 2, 0).numpy()
