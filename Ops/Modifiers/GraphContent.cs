using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Ops.Graphs;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>A short name of what a graph says, the same for equal graphs.</summary>
internal static class GraphContent
{
    private static readonly ConditionalWeakTable<Graph, string> s_known = [];

    /// <summary>The hash of a graph's nodes and constants.</summary>
    public static string Hash(Graph graph) => s_known.GetValue(graph, static g =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, g);
        return Convert.ToHexString(hash.GetHashAndReset());
    });

    private static void Append(IncrementalHash hash, Graph graph)
    {
        Append(hash, $"graph {graph.Inputs.Count} {graph.Outputs.Count} {graph.Nodes.Count} {graph.Constants.Count}");
        foreach (GraphValue value in graph.Inputs.Concat(graph.Outputs)) Append(hash, value.Name);
        foreach (Node node in graph.Nodes)
        {
            Append(hash, $"{node.Domain} {node.Op} {node.Opset} {node.Inputs.Count} {node.Outputs.Count}");
            foreach (string name in node.Inputs.Concat(node.Outputs)) Append(hash, name);
            foreach (var (name, value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                Append(hash, name);
                Append(hash, value);
            }
        }
        foreach (var (name, value) in graph.Constants.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, value);
        }
    }

    private static void Append(IncrementalHash hash, object value)
    {
        switch (value)
        {
            case Graph graph: Append(hash, graph); break;
            case Graph[] graphs: foreach (Graph graph in graphs) Append(hash, graph); break;
            case TensorValue { Strings: { } strings }: Append(hash, strings); break;
            case TensorValue tensor:
                Append(hash, tensor.ToString());
                hash.AppendData(tensor.Bytes);
                break;
            case float number: Append(hash, $"f{BitConverter.SingleToInt32Bits(number)}"); break;
            case float[] numbers: Append(hash, "f" + string.Join(',', numbers.Select(BitConverter.SingleToInt32Bits))); break;
            case long[] numbers: Append(hash, "i" + string.Join(',', numbers)); break;
            case string[] texts: foreach (string text in texts) Append(hash, text); break;
            default: Append(hash, FormattableString.Invariant($"{value}")); break;
        }
    }

    // Lengths go first, so that no two lists of texts look the same.
    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
