"""Tracing, gradients and the pairing of parameters, on modules of this process: it is the same code on both sides."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from autograder.sandbox.answer import WrongAnswer
from autograder.sandbox.matching import Leaf, match_parameters
from autograder.sandbox.worker import modules


class Reference(nn.Module):
    """(n, 3) -> (n, 2), with batch norm in between."""

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.second = nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)

    def forward(self, x):
        return self.second(F.relu(self.norm(self.first(x))))


class Reordered(nn.Module):
    """The same, registered in another order under other names."""

    def __init__(self):
        super().__init__()
        self.out, self.bn, self.hidden = nn.Linear(4, 2), nn.BatchNorm1d(4), nn.Linear(3, 4)

    def forward(self, x):
        return self.out(F.relu(self.bn(self.hidden(x))))


class Functional(nn.Module):
    """The same, with matrices of its own that lie transposed."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.w1, self.b1 = nn.Parameter(torch.randn(3, 4)), nn.Parameter(torch.randn(4))
        self.w2, self.b2 = nn.Parameter(torch.randn(4, 2)), nn.Parameter(torch.randn(2))

    def forward(self, x):
        return F.relu(self.norm(x @ self.w1 + self.b1)) @ self.w2 + self.b2


def sequential():
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


def pair(own: nn.Module, wanted: nn.Module, *inputs):
    leaves, target = ([Leaf(**each) for each in modules.trace(m, inputs)] for m in (own, wanted))
    return match_parameters("Net", leaves, shapes(own), target, shapes(wanted))


def shapes(module):
    return {name: tuple(tensor.shape) for name, tensor in modules.state(module, "shapes").items()}


@pytest.mark.parametrize("make", [Reference, Reordered, Functional, sequential])
def test_network_of_another_style_computes_the_same_after_copying(make):
    own, wanted, x = make(), Reference(), torch.randn(5, 3)
    matching = pair(own, wanted, x)
    modules.load(own, matching.from_reference({**dict(wanted.named_parameters()), **dict(wanted.named_buffers())}))
    assert torch.allclose(own(x), wanted(x), atol=1e-6)
    assert set(matching.to_reference(dict(own.named_parameters()))) == set(dict(wanted.named_parameters()))


def test_parameters_without_layers_are_paired_by_shape_also_transposed():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.w, self.b = nn.Parameter(torch.randn(3, 2)), nn.Parameter(torch.randn(2))

        def forward(self, x):
            return x @ self.w + self.b

    own, wanted, x = Plain(), nn.Linear(3, 2), torch.randn(5, 3)
    matching = pair(own, wanted, x)
    modules.load(own, matching.from_reference(dict(wanted.named_parameters())))
    assert matching.transposed == {"w"}
    assert torch.allclose(own(x), wanted(x), atol=1e-6)
    own(x).sum().backward()
    wanted(x).sum().backward()
    gradients = matching.to_reference({name: parameter.grad for name, parameter in own.named_parameters()})
    assert torch.allclose(gradients["weight"], wanted.weight.grad, atol=1e-6)


@pytest.mark.parametrize("own", [nn.Linear(3, 5), nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)), nn.ReLU()])
def test_other_shapes_are_a_wrong_answer_that_lists_both(own):
    with pytest.raises(WrongAnswer, match=r"Net: expected parameters of the shapes .*\(4, 3\).*, got"):
        pair(own, Reference(), torch.randn(5, 3))


def test_two_leaves_that_claim_one_parameter_do_not_match():
    own = {"w": (2, 2)}
    leaf = Leaf("a", ["Linear"], {}, ["w"], [])
    wanted = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False))
    target = [Leaf(**each) for each in modules.trace(wanted, [torch.ones(1, 2)])]
    with pytest.raises(WrongAnswer):
        match_parameters("Net", [leaf, leaf], own, target, shapes(wanted))


@pytest.mark.parametrize(
    ("gradients", "message"),
    [
        ({"weight": None, "bias": torch.ones(2)}, "expected a gradient for weight, got none"),
        ({"weight": torch.ones(7), "bias": torch.ones(2)}, r"expected weight of shape \(2, 3\), got \(7,\)"),
        ({}, 'expected "weight", got nothing'),
    ],
)
def test_gradients_that_are_missing_or_misshapen_are_wrong_answers(gradients, message):
    matching = pair(nn.Linear(3, 2), nn.Linear(3, 2), torch.randn(5, 3))
    with pytest.raises(WrongAnswer, match=message):
        matching.to_reference(gradients)["weight"]


def test_trace_lists_leaves_by_execution_and_leaves_no_trace():
    network = Reordered()
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    described = modules.trace(network, [torch.randn(5, 3)])
    assert [leaf["name"] for leaf in described] == ["hidden", "bn", "out"]
    assert described[0]["options"]["in_features"] == 3
    assert "Linear" in described[0]["types"]
    assert all(torch.equal(before[name], buffer) for name, buffer in network.named_buffers())
    assert network.training
    assert not network.bn._forward_pre_hooks


def test_shared_parameters_come_once():
    tied = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied[1].weight = tied[0].weight
    assert set(modules.state(tied, "parameters")) == {"0.weight", "0.bias", "1.bias"}


def test_gradients_are_those_of_autograd():
    x, cotangent, network = torch.randn(4, 3), torch.randn(4, 2), nn.Linear(3, 2)
    output, (of_x,), of_parameters = modules.differentiate(network, [x], {}, (0,), network, cotangent)
    assert torch.allclose(output, network(x).detach())
    assert torch.allclose(of_x, cotangent @ network.weight.detach(), atol=1e-6)
    assert torch.allclose(of_parameters["bias"], cotangent.sum(0), atol=1e-6)
    assert network.weight.grad is None


def test_gradients_of_what_was_not_used_are_zero():
    _, (first, second), _ = modules.differentiate(
        lambda a, b: a.sum(), [torch.ones(2), torch.ones(3)], {}, (0, 1), None, None
    )
    assert torch.equal(first, torch.ones(2))
    assert torch.equal(second, torch.zeros(3))
    _, (detached,), _ = modules.differentiate(lambda a: a.detach().sum(), [torch.ones(2)], {}, (0,), None, None)
    assert torch.equal(detached, torch.zeros(2))


@pytest.mark.parametrize("output", [None, 3.0, torch.ones(2), torch.tensor(1)])
def test_output_that_cannot_be_differentiated_comes_back_as_it_is(output):
    got, gradients, of_parameters = modules.differentiate(lambda a: output, [torch.ones(2)], {}, (0,), None, None)
    assert got is output
    assert gradients == []
    assert of_parameters == {}
