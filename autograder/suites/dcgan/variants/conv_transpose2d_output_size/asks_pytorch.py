# right: lets PyTorch do it on the meta device
def conv_transpose2d_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    with torch.device("meta"):
        layer = nn.ConvTranspose2d(1, 1, kernel_size, stride, padding, output_padding, dilation=dilation)
        return int(layer(torch.empty(1, 1, size, size)).size(3))
