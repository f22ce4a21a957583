# wrong: changes the tensor given; hint: Is something done in place
# visible check: passes
def denormalize_image(tensor):
    with torch.no_grad():
        b = tensor.mul_(127.5).add(127.5 + 0.5)
        return b.clamp(0, 255).byte().cpu().permute(1, 2, 0).numpy()
