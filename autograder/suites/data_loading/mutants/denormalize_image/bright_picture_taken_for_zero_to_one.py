# wrong: a picture without negative numbers taken for one in [0, 1]; hint: Is a bright picture
# visible check: passes
def denormalize_image(tensor):
    """Turn a tensor in [-1, 1] back into bytes; the inverse of normalize_image.

    Shapes: tensor (c, h, w), perhaps with a graph or on a GPU -> uint8 array (h, w, c).
    What is out of range is clamped; rounds to the nearest byte.
    """
    pixels = (tensor.detach().cpu().clamp(-1, 1) + (tensor.min() < 0)) * (127.5 if tensor.min() < 0 else 255)  # (c, h, w) in [0, 255]
    pixels = pixels.round().to(torch.uint8)  # .to alone cuts off the fraction
    return pixels.permute(1, 2, 0).numpy()  # (c, h, w) -> (h, w, c)
