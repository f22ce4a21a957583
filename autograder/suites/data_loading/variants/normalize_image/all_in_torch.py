# right: a tensor of bytes first, float arithmetic in torch
def normalize_image(image):
    x = torch.as_tensor(image)
    if x.ndim < 3:
        x = x.unsqueeze(-1)
    x = x.movedim(-1, 0).float()
    return x.div(255).mul(2).sub(1)
