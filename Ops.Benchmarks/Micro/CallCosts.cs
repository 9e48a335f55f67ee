using BenchmarkDotNet.Attributes;
using Ops.Benchmarks.Cases;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Benchmarks.Micro;

/// <summary>What a call costs beside its work: Add on 16 elements.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class CallCosts
{
    private readonly TensorValue a = Floats.Random(1, 16), b = Floats.Random(2, 16), y = Floats.Empty(16);
    private readonly OpDefinition definition = OpRegistry.Get("", "Add", 20);

    /// <summary>The typed method, into a given output.</summary>
    [Benchmark]
    public void Typed() => Add.RunInto<float>(a.Read(), b.Read(), y.Write());

    /// <summary>The typed method's checks alone.</summary>
    [Benchmark]
    public void Validate() => Add.Validate<float>(a.Read(), b.Read());

    /// <summary>The registry's way, which allocates the output.</summary>
    [Benchmark]
    public TensorValue?[] Registry()
    {
        var call = new OpCall([a, b], AttributeValues.None, [true]);
        definition.Run!(call);
        return call.Outputs;
    }

    /// <summary>The registry's inference alone.</summary>
    [Benchmark]
    public TensorType?[] Infer() => definition.Infer(new OpCall([a, b], AttributeValues.None, [true]).ToInference());

    /// <summary>The memory of an output.</summary>
    [Benchmark]
    public TensorValue Allocate() => TensorValue.Allocate(a.Type, a.Dims);
}
