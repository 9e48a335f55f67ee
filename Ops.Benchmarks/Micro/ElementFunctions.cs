using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Ops.Benchmarks.Cases;
using Ops.Tensors;

namespace Ops.Benchmarks.Micro;

/// <summary>Functions of one element on what fits the first cache, beside the ones of System.Numerics.Tensors.</summary>
[ShortRunJob]
public class ElementFunctions
{
    private readonly TensorValue x = Floats.Random(1, 4096), y = Floats.Empty(4096);

    /// <summary>Our exponential.</summary>
    [Benchmark]
    public void Exp() => Ops.Exp.RunInto<float>(x.Read(), y.Write());

    /// <summary>Theirs.</summary>
    [Benchmark]
    public void TensorPrimitivesExp() => TensorPrimitives.Exp<float>(x.Span<float>(), y.Span<float>());

    /// <summary>Our tanh.</summary>
    [Benchmark]
    public void Tanh() => Ops.Tanh.RunInto<float>(x.Read(), y.Write());

    /// <summary>Theirs.</summary>
    [Benchmark]
    public void TensorPrimitivesTanh() => TensorPrimitives.Tanh<float>(x.Span<float>(), y.Span<float>());
}
