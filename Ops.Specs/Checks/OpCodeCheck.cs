using Ops.Specs.Binding;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>
/// Holds a spec against the C# that completes it, where that is at hand: what the one names and the other does not have is misspelt or
/// missing in one of them.
/// </summary>
public static class OpCodeCheck
{
    /// <summary>The rules it checks.</summary>
    public static IReadOnlyList<SpecRule> Rules { get; } = [SpecRules.UnnamedKernel, SpecRules.HostMethod, SpecRules.CodeReads,
        SpecRules.UnreadDefinition];

    /// <summary>What does not fit.</summary>
    /// <param name="syntax">The file.</param>
    /// <param name="bound">What it was bound to.</param>
    /// <param name="code">The C# of its op.</param>
    public static IReadOnlyList<SpecDiagnostic> Run(SpecSyntax syntax, BoundSpec bound, OpCode code)
    {
        // Behind a mistake nobody knows what was meant to be read.
        if (bound.Family is not { } family || syntax.Documents.Count == 0)
            return [];
        var bag = new DiagnosticBag(syntax.Source);
        HostMethods(syntax, code, bag);
        if (syntax.Documents[0].Op is { } op && code.HasKernel && family.Versions.All(v => v.Kernel is null))
            bag.Report(SpecRules.UnnamedKernel, op.Span, $"a kernel of '{op.Value}' is written, and the spec has no 'kernel'");
        HashSet<string> unread = UnreadDefinitions(syntax, family, code, bag);
        Arguments(syntax, family, code, unread, bag);
        Suppressions.Apply(syntax, bag, ofCode: true);
        return bag.ToArray();
    }

    private static void HostMethods(SpecSyntax syntax, OpCode code, DiagnosticBag bag)
    {
        foreach (FunctionSyntax call in syntax.Documents.SelectMany(Expressions).SelectMany(Hosts))
            if (!code.Methods.Contains(call.Name))
                bag.Report(SpecRules.HostMethod, call.NameSpan,
                    $"the C# of '{syntax.OpName}' has no method '{call.Name}'{DidYouMean.Hint(call.Name, code.Methods)}");
    }

    /// <summary>Definitions that no version's spec reads, nor the kernel that all versions share.</summary>
    private static HashSet<string> UnreadDefinitions(SpecSyntax syntax, OpFamily family, OpCode code, DiagnosticBag bag)
    {
        HashSet<string> unread = [];
        // A definition is one thing in all versions: where one of them reads it, another may leave it.
        HashSet<string> read = [.. family.Versions.SelectMany(Reads)];
        foreach (Let let in family.Versions.SelectMany(v => v.Lets))
            if (family.Versions.Any(v => v.Kernel is not null) && !read.Contains(let.Name) && !code.Names(let.Name) && unread.Add(let.Name))
            {
                Entry<ExprSyntax>? own = syntax.Documents.SelectMany(d => d.Lets).LastOrDefault(l => l.Name == let.Name && !l.Removed);
                if ((own?.NameSpan ?? syntax.Documents[0].PlaceOf("let")) is { } place)
                    bag.Report(SpecRules.UnreadDefinition, place,
                        $"neither the spec nor its C# reads the definition '{let.Name}'{DidYouMean.Hint(let.Name, code.Arguments.Except(family.Versions.SelectMany(NamesOf)))}");
            }
        return unread;
    }

    /// <summary>What the kernel reads and no version has.</summary>
    private static void Arguments(SpecSyntax syntax, OpFamily family, OpCode code, HashSet<string> unread, DiagnosticBag bag)
    {
        HashSet<string> names = [.. family.Versions.SelectMany(NamesOf)];
        foreach (string name in code.Arguments)
            if (names.Count > 0 && !names.Contains(name) && !names.Contains(name.TrimEnd('_'))
                && !(name.StartsWith("Has", StringComparison.Ordinal) && names.Contains(name.Substring(3)))
                && DidYouMean.Nearest(name, unread) is null && syntax.Documents[0].PlaceOf("let") is { } place)
                bag.Report(SpecRules.CodeReads, place, $"the C# of '{syntax.OpName}' reads 'args.{name}', which the spec does not have");
    }

    private static IEnumerable<string> NamesOf(OpModel model) =>
        model.Inputs.Concat(model.Outputs).Select(p => p.Name).Concat(model.Attributes.Select(a => a.Name))
            .Concat(model.Dims.Select(d => d.Name)).Concat(model.Lets.Select(l => l.Name)).Concat(model.Types.Select(t => t.Name));

    private static IEnumerable<string> Reads(OpModel model) =>
        ModelExpressions.Of(model).Concat(ModelExpressions.OfBodies(model)).SelectMany(ExpressionNames.Of).Select(n => n.Name)
            .Concat(model.Kernel is { } kernel ? kernel.Arguments : []);

    private static IEnumerable<FunctionSyntax> Hosts(ExprSyntax expression) =>
        (expression is FunctionSyntax { Host: true } call ? new[] { call } : []).Concat(expression.Children.SelectMany(Hosts));

    /// <summary>Every expression of a document but those of its body, which calls no C#.</summary>
    private static IEnumerable<ExprSyntax> Expressions(DocumentSyntax document) =>
        document.Types.SelectMany(t => new[] { t.Value?.Set, t.Value?.Default })
            .Concat(document.Inputs.Concat(document.Outputs)
                .SelectMany(p => p.Value is null ? [] : Expressions(p.Value.Type).Concat([p.Value.In, p.Value.Value])))
            .Concat(document.Attributes.SelectMany(a => new[] { a.Value?.Length, a.Value?.In, a.Value?.Default }))
            .Concat(document.Lets.Select(l => l.Value)).Concat(document.Constraints.Select(c => c.Value))
            .OfType<ExprSyntax>();

    private static IEnumerable<ExprSyntax?> Expressions(TypeSyntax type) => type switch
    {
        TensorTypeSyntax tensor =>
            tensor.Items.SelectMany(i => i switch
            {
                DimSyntax d => [d.Extent],
                SpliceSyntax s => [s.Dims, s.End],
                FreshSyntax f => [f.Bound],
                _ => Array.Empty<ExprSyntax?>()
            }),
        ConditionalTypeSyntax choice => Expressions(choice.Then).Append(choice.Condition).Concat(Expressions(choice.Otherwise)),
        ContainerTypeSyntax container => Expressions(container.Element),
        HostTypeSyntax host => [host.Call],
        _ => [],
    };
}
