using System.Text;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Cli.Execution;

/// <summary>Writes the outputs of a run, a file each.</summary>
internal static class OutputFiles
{
    private const int MaxName = 100;

    /// <summary>Writes the outputs into a folder, which is made if need be; gives the files.</summary>
    /// <exception cref="OpException">The folder or a file cannot be written.</exception>
    public static IReadOnlyList<string> Write(string folder, Graph graph, IReadOnlyList<TensorValue?> outputs)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OpException(folder, "file", e.Message, inner: e);
        }
        var files = new List<string>();
        for (int i = 0; i < outputs.Count; i++)
        {
            if (outputs[i] is not { } value)
                continue;
            string name = FileName(graph.Outputs[i].Name), path = Path.Combine(folder, name + ".pb");
            if (files.Contains(path))
                path = Path.Combine(folder, $"{name}.{i}.pb");
            TensorFile.Write(path, graph.Outputs[i].Name, value);
            files.Add(path);
        }
        return files;
    }

    /// <summary>A name of a value as a name of a file: it comes from the model, so nothing in it may lead out of the folder.</summary>
    public static string FileName(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, MaxName)))
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || c == '.' && text.Length > 0 ? c : '_');
        return text.Length == 0 ? "_" : text.ToString();
    }
}
