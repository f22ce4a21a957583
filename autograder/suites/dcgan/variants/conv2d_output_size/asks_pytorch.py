# right: lets PyTorch do it on the meta device, its error turned into a ValueError
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if min(size, kernel_size, stride, dilation, padding + 1) < 1:
        raise ValueError("too small")
    try:
        layer = nn.Conv2d(1, 1, kernel_size, stride, padding, dilation, device="meta")
        return layer(torch.empty(1, 1, size, size, device="meta")).shape[-1]
    except RuntimeError as error:
        raise ValueError(str(error)) from error
