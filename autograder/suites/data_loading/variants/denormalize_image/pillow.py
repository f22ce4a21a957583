# right: by way of torchvision's conversion of bytes
def denormalize_image(tensor):
    shown = torch.round(((tensor.detach().cpu() + 1) / 2).clamp(0, 1) * 255).to(torch.uint8)
    picture = transforms.functional.to_pil_image(shown)
    array = np.asarray(picture)
    return array if array.ndim == 3 else array[:, :, None]
