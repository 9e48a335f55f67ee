using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Fixes;

/// <summary>Corrects a key, name, op or word to the one it was probably meant to be, and dims to the order.</summary>
internal static class SpellingFix
{
    internal static readonly SpecRule[] Rules =
    [
        SpecRules.UnknownKey, SpecRules.RuleName, SpecRules.UnknownName, SpecRules.SuspiciousDim, SpecRules.UnknownDoc,
        SpecRules.UnknownFunction, SpecRules.UnknownElementType,
        SpecRules.UnboundOutput, SpecRules.Aliases, SpecRules.NothingToRemove, SpecRules.LikeBase, SpecRules.BodyName,
        SpecRules.OutputUnassigned, SpecRules.UnknownOp,
        SpecRules.CallAttribute, SpecRules.UnknownPattern, SpecRules.PresetAttribute, SpecRules.PresetValue, SpecRules.DimSwap,
        SpecRules.SentenceSpelling,
    ];

    internal static SpecFix? Make(SpecDiagnostic finding, SpecSyntax spec)
    {
        if (!Rules.Contains(finding.Rule) || DidYouMean.Meant(finding.Message) is not { } meant)
            return null;
        // Dims change places as they are written.
        if (finding.Rule == SpecRules.DimSwap)
            return new SpecFix($"Change the order to '{meant}'", [new TextEdit(spec.Path, finding.Span.Start, finding.Span.Length, meant)],
                IsCertain: false);
        string written = spec.Text.Substring(finding.Span.Start, finding.Span.Length);
        // The mistake must be a word by itself; what stands around it stays.
        string word = written.Trim('\'', '"');
        if (word.Length == 0 || !word.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'))
            return null;
        int start = finding.Span.Start + written.IndexOf(word, StringComparison.Ordinal);
        return new SpecFix($"Change '{word}' to '{meant}'", [new TextEdit(spec.Path, start, word.Length, meant)], IsCertain: true);
    }
}
