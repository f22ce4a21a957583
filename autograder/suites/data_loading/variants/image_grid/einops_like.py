# right: fold
def image_grid(images, columns):
    n, c, h, w = images.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    x = ((images.float() + 1) / 2).clamp(0, 1).expand(n, 3, h, w)
    x = torch.cat([x, x.new_zeros(rows * columns - n, 3, h, w)])
    x = F.fold(x.flatten(1).T[None], output_size=(rows * h, columns * w), kernel_size=(h, w), stride=(h, w))
    return x[0].permute(1, 2, 0).contiguous()
