using System.Globalization;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Cli.Testing;

/// <summary>The files of a data set: <c>input_i.pb</c> belongs to the graph's input i, <c>output_i.pb</c> to its output i.</summary>
internal static class DataSet
{
    /// <summary>The tensors of the graph's inputs or outputs, by name; a value without a file is not among them.</summary>
    /// <param name="folder">The data set.</param>
    /// <param name="kind"><c>input</c> or <c>output</c>.</param>
    /// <param name="values">The graph's inputs or outputs.</param>
    /// <exception cref="OpException">A file cannot be read, or belongs to nothing.</exception>
    public static IReadOnlyDictionary<string, TensorValue> Read(string folder, string kind, IReadOnlyList<GraphValue> values)
    {
        var tensors = new Dictionary<string, TensorValue>();
        foreach (string path in Files(folder, kind))
        {
            if (Index(path, kind) is not { } index)
                throw new OpException(path, "file", $"the name is not {kind}_N.pb");
            if (index >= values.Count)
                throw new OpException(path, "file", $"the graph has {values.Count} {kind}s, so it belongs to none");
            if (!values[(int)index].IsOther)
                tensors[values[(int)index].Name] = TensorFile.Read(path);
        }
        return tensors;
    }

    private static string[] Files(string folder, string kind)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, $"{kind}_*.pb").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpException(folder, "file", e.Message, inner: e);
        }
    }

    private static long? Index(string path, string kind) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan(kind.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out long index) ? index : null;
}
