# wrong: the fraction is cut off; hint: Is it rounded to the nearest byte
# visible check: fails
def denormalize_image(tensor):
    pixels = (tensor.detach().cpu().clamp(-1, 1) + 1) * 127.5
    pixels = pixels.to(torch.uint8)
    return pixels.permute(1, 2, 0).numpy()
