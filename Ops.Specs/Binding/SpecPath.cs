namespace Ops.Specs.Binding;

/// <summary>Paths as models carry them: the same on every machine.</summary>
internal static class SpecPath
{
    /// <summary>The part from the last <c>specs/</c> on, with forward slashes; without one, the file's name.</summary>
    internal static string Relative(string path)
    {
        string slashed = path.Replace('\\', '/');
        int specs = slashed.StartsWith("specs/", StringComparison.Ordinal) ? 0 : -1;
        int nested = slashed.LastIndexOf("/specs/", StringComparison.Ordinal);
        if (nested >= 0)
            specs = nested + 1;
        return specs >= 0 ? slashed.Substring(specs) : slashed.Substring(slashed.LastIndexOf('/') + 1);
    }
}
