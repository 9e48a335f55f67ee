using Ops.Specs.Diagnostics;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>A file in a folder of <c>specs</c> is called after its op and the folder after its domain, so that both can be found.</summary>
internal static class FileNameCheck
{
    private const string Extension = ".op.yaml";

    internal static void Run(BoundVersion version)
    {
        string[] parts = version.Spec.NameSpan.Source.Path.Replace('\\', '/').Split('/');
        string file = parts[parts.Length - 1];
        int specs = Array.LastIndexOf(parts, "specs");
        if (specs < 0 || specs != parts.Length - 3 || version.Spec.Nameless || !file.EndsWith(Extension, StringComparison.Ordinal))
            return;
        string name = file.Substring(0, file.Length - Extension.Length);
        if (name != version.Spec.Name)
            version.Bag.Report(SpecRules.FileName, version.Spec.NameSpan, $"the op is '{version.Spec.Name}' and its file '{file}'");
        if (parts[specs + 1] == version.Spec.Domain)
            return;
        SourceSpan place = version.Spec.DomainSpan ?? version.Spec.NameSpan;
        version.Bag.Report(SpecRules.FileName, place,
            $"the op's domain is '{version.Spec.Domain}' and its folder 'specs/{parts[specs + 1]}'");
    }
}
