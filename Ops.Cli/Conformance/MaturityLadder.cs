using Ops.Schemas;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>Finds the rung an op stands on. Cases are made from its spec; nothing is declared.</summary>
/// <param name="models">The bound specs.</param>
internal sealed class MaturityLadder(SpecModels models)
{
    /// <summary>How many cases are made.</summary>
    private const int Cases = 120;

    /// <summary>On how many cases the second runtime has to agree; it does not take every type.</summary>
    private const int PeerCalls = 3;

    /// <summary>What the evidence says of an op.</summary>
    public Maturity Of(OpDefinition definition, CancellationToken cancellation = default)
    {
        string op = definition.Schema.ToString();
        if (models.Find(definition.Schema) is not { } model)
            return new Maturity(op, 0, "its spec is not here", 0, []);
        var random = new Random(op.Length);
        var generator = new CaseGenerator(model, random, finite: true);
        OpCall[] calls = [.. Enumerable.Range(0, Cases).Select(_ => generator.Make()?.ToCall()).OfType<OpCall>()];
        if (Runs(definition, calls) is { } stopped)
            return new Maturity(op, 0, stopped, 0, []);
        int compared = 0;
        if (definition.Expand is not null && definition.Run is null)
            return new Maturity(op, 1, "no kernel to hold against the body", 0, []);
        for (int i = 0; definition.Expand is not null && i < calls.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            string? difference = BodyComparison.Difference(definition, model, calls[i],
                i % 2 == 0 ? definition.Schema.Since : long.MaxValue, out int outputs);
            compared += outputs;
            if (difference is not null)
                return new Maturity(op, 1, $"on {SpecCase.Describe(calls[i])} {difference}", compared, []);
        }
        if (definition.Expand is not null && compared == 0)
            return new Maturity(op, 1, "no case ran by kernel and body", 0, []);
        RuleResult[] rules = [.. RuleReport.Of(model, definition)];
        string[] unbroken = [.. rules.Where(r => r.Outcome == RuleOutcome.NotFound).Select(r => r.Rule)];
        if (rules.FirstOrDefault(r => r.Outcome == RuleOutcome.Missed) is { } missed)
            return new Maturity(op, 2, $"{missed.Detail} breaks {missed.Rule} and is not refused", compared, unbroken);
        string? peer = InPeer(definition, calls, cancellation);
        return new Maturity(op, peer is null ? 4 : 3, peer ?? "", compared, unbroken);
    }

    /// <summary>Why the meaning of an op does not run on any case; null when it does on one.</summary>
    private static string? Runs(OpDefinition definition, OpCall[] calls)
    {
        string reason = calls.Length == 0
            ? "no case could be made from the spec" : "it has neither a kernel nor a body that runs on its own";
        foreach (OpCall call in calls)
        {
            if (definition is { Run: null, Expand: null } && definition.Schema.Kernel != ControlGraphs.Pattern)
                break;
            try
            {
                _ = BodyComparison.Meaning(definition, call);
                return null;
            }
            catch (OpException e)
            {
                reason = e.Message;
            }
        }
        return reason;
    }

    /// <summary>Why the second runtime shows nothing; null when it agrees.</summary>
    private static string? InPeer(OpDefinition definition, OpCall[] calls, CancellationToken cancellation)
    {
        int agreed = 0;
        string reason = "no case ran in ONNX Runtime";
        foreach (OpCall call in calls)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                IReadOnlyList<TensorValue?> meaning = BodyComparison.Meaning(definition, call);
                if (PeerComparison.Difference(definition, call, meaning) is { } difference)
                    return $"ONNX Runtime on {SpecCase.Describe(call)}: {difference}";
                if (++agreed == PeerCalls)
                    break;
            }
            catch (OpException e)
            {
                // A type or version it does not have, or a case that is not valid.
                reason = e.Message;
            }
        }
        return agreed > 0 ? null : reason;
    }
}
