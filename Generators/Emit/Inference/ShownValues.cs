namespace Ops.Generators.Emit.Inference;

/// <summary>Writes the names and values that the message about a broken rule shows.</summary>
internal static class ShownValues
{
    /// <summary>A name and its value.</summary>
    public static string Shown(this OpVersion version, string name)
    {
        string quoted = CodeWriter.Quote(name);
        if (version.FindAttribute(name) is { } attribute)
            return attribute.HasValue ? $"({quoted}, {Names.Local(name)})" : $"({quoted}, {attribute.InferenceParameter} is not null)";
        if (version.Model.Outputs.FirstOrDefault(o => o.Name == name) is { } output)
            return output.Optional ? $"({quoted}, {Names.Has(name)})" : $"({quoted}, {Names.ShapeOf(name)})";
        return $"({quoted}, {Names.Local(name)})";
    }
}
