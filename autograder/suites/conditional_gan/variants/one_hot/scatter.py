# right: ones scattered into zeros
def one_hot(labels, classes):
    for wrong in labels[(labels < 0) | (labels > classes - 1)]:
        raise ValueError(f"there is no class {int(wrong)}")
    vectors = torch.zeros(labels.size(0), classes, device=labels.device)
    return vectors.scatter_(1, labels.unsqueeze(1), 1.0)
