"""What can be asked of a module: state, leaves by order of execution, gradients. Used on both sides of the wall."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

# Settings of torch.nn's layers that a test may want to see.
OPTIONS = (
    *("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "dilation", "groups"),
    *("in_features", "out_features", "num_features", "eps", "momentum", "affine", "track_running_stats"),
    *("negative_slope", "inplace", "p", "padding_mode", "scale_factor", "mode", "start_dim", "end_dim"),
)


def state(module: nn.Module, part: str) -> dict[str, Any]:
    """One part of a module's state by name in order of registration; shared parameters come once.

    "shapes" are those of parameters and buffers, as tensors without values.
    """
    parameters = dict(nn.Module.named_parameters(module))
    match part:
        case "parameters":
            return {name: parameter.detach() for name, parameter in parameters.items()}
        case "buffers":
            return {name: buffer.detach() for name, buffer in nn.Module.named_buffers(module)}
        case "shapes":
            tensors = {**parameters, **dict(nn.Module.named_buffers(module))}
            return {name: tensor.detach().to("meta") for name, tensor in tensors.items()}
        case "gradients":
            return {name: parameter.grad for name, parameter in parameters.items()}
        case "requires_grad":
            return {name: parameter.requires_grad for name, parameter in parameters.items()}
        case "modes":
            return {name: child.training for name, child in nn.Module.named_modules(module)}
    raise ValueError(f"a module has no part {part!r}")


def load(module: nn.Module, tensors: dict[str, torch.Tensor]) -> None:
    """Copy tensors into the parameters and buffers of those names."""
    own = {**dict(nn.Module.named_parameters(module)), **dict(nn.Module.named_buffers(module))}
    with torch.no_grad():
        for name, tensor in tensors.items():
            own[name].copy_(tensor)


def configure(module: nn.Module, training: bool | None, requires_grad: bool | None, gradients: float | None) -> None:
    """Set what is not None; `gradients` fills every parameter's gradient, NaN removes them."""
    if training is not None:
        nn.Module.train(module, training)
    for parameter in nn.Module.parameters(module):
        if requires_grad is not None:
            parameter.requires_grad_(requires_grad)
        if gradients is not None:
            parameter.grad = None if math.isnan(gradients) else torch.full_like(parameter, gradients)


def trace(module: nn.Module, args: Sequence[Any]) -> list[dict[str, Any]]:
    """Run forward; list, by order of first execution, the modules that are leaves or hold parameters themselves."""
    order: list[tuple[str, nn.Module]] = []
    hooks = []
    seen: set[int] = set()

    def watch(name: str) -> Callable[[nn.Module, Any], None]:
        def note(child: nn.Module, _args: Any) -> None:
            if id(child) not in seen:
                seen.add(id(child))
                order.append((name, child))

        return note

    for name, child in nn.Module.named_modules(module):
        if not child._modules or child._parameters:
            hooks.append(child.register_forward_pre_hook(watch(name)))
    modes = {child: child.training for child in nn.Module.modules(module)}
    saved = {name: buffer.clone() for name, buffer in nn.Module.named_buffers(module)}
    try:
        with torch.no_grad():
            module(*args)
    finally:
        for hook in hooks:
            hook.remove()
        for child, training in modes.items():
            child.training = training
        load(module, saved)
    return [_describe(name, child) for name, child in order]


def differentiate(
    target: Callable[..., Any],
    args: list[Any],
    kwargs: dict[str, Any],
    positions: Sequence[int],
    module: nn.Module | None,
    cotangent: torch.Tensor | None,
) -> list[Any]:
    """[output, gradients of the arguments at `positions`, gradients of the module's parameters by name].

    Gradients are of sum(output * cotangent), or of the output itself (a scalar); zero where it does not depend.
    An output that cannot be differentiated like that comes back without gradients: its type or shape tells why.
    """
    args = list(args)
    leaves = []
    for position in positions:
        leaf = args[position].detach().clone().requires_grad_(True)
        args[position] = leaf
        leaves.append(leaf)
    parameters = {} if module is None else dict(nn.Module.named_parameters(module))
    output = target(*args, **kwargs)
    shape = () if cotangent is None else cotangent.shape
    if not isinstance(output, torch.Tensor) or output.shape != shape or not output.dtype.is_floating_point:
        return [output, [], {}]
    wanted = [*leaves, *parameters.values()]
    if not output.requires_grad:  # depends on nothing that was asked for
        found: Sequence[torch.Tensor | None] = [None] * len(wanted)
    else:
        found = torch.autograd.grad(output, wanted, cotangent, allow_unused=True)
    gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, found, strict=True)]
    return [output.detach(), gradients[: len(leaves)], dict(zip(parameters, gradients[len(leaves) :], strict=True))]


def _describe(name: str, module: nn.Module) -> dict[str, Any]:
    classes = [base.__name__ for base in type(module).__mro__ if base.__module__.startswith("torch.nn.modules")]
    options = {
        key: vars(module)[key] for key in OPTIONS if isinstance(vars(module).get(key), bool | int | float | str | tuple)
    }
    prefix = f"{name}." if name else ""
    return {
        "name": name,
        "types": classes,
        "options": options,
        "parameters": [prefix + key for key, value in module._parameters.items() if value is not None],
        "buffers": [prefix + key for key, value in module._buffers.items() if value is not None],
    }
