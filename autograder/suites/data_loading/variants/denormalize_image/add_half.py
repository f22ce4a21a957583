# right: half a step added, then cut off
def denormalize_image(tensor):
    with torch.no_grad():
        b = tensor.mul(127.5).add(127.5 + 0.5)
        return b.clamp(0, 255).byte().cpu().permute(1, 2, 0).numpy()
