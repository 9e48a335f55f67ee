using Ops.Onnx.Proto;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>
/// A model in examples, with data. Numbers come from a fixed integer sequence and are multiples of 1/64, so the files are the same wherever
/// they are made; the outputs wanted are computed in double precision, by plain loops that share nothing with the kernels.
/// </summary>
internal abstract class Example
{
    public static IReadOnlyList<Example> All { get; } = [new ExampleMlp(), new ExampleFlexAttention(), new ExampleMoE()];

    /// <summary>The folder in examples.</summary>
    public abstract string Name { get; }

    /// <summary>How many data sets there are.</summary>
    public abstract int Sets { get; }

    public abstract ModelProto Model();

    /// <summary>The inputs of a data set, in the graph's order.</summary>
    public abstract TensorValue[] Inputs(int set);

    /// <summary>What the model makes of inputs.</summary>
    public abstract TensorValue[] Outputs(TensorValue[] inputs);

    protected ModelProto Model(GraphProto graph, long opset, params (string Domain, long Version)[] more)
    {
        graph.Name = Name;
        ModelProto model = Build.Model(graph, opset);
        model.ProducerName = "opspec examples";
        foreach (var (domain, version) in more)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return model;
    }

    protected static NodeProto Named(string name, NodeProto node)
    {
        node.Name = name;
        return node;
    }

    protected static NodeProto In(string domain, NodeProto node)
    {
        node.Domain = domain;
        return node;
    }

    /// <summary>Multiples of 1/64 within 1/4 of a middle.</summary>
    protected static float[] Numbers(int seed, int count, float middle = 0)
    {
        var numbers = new float[count];
        uint state = (uint)seed * 2654435761u;
        for (int i = 0; i < count; i++)
        {
            state = state * 1664525u + 1013904223u;
            numbers[i] = middle + ((int)(state >> 16) % 33 - 16) / 64f;
        }
        return numbers;
    }
}
