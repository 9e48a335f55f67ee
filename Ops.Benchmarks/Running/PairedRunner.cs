using Ops.Benchmarks.Cases;
using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Schemas;
using Ops.Specs;
using Ops.Tensors;
using Ops.Threading;

namespace Ops.Benchmarks.Running;

/// <summary>
/// Measures us, ONNX Runtime and the machine's limit in turns, in one process and on as many threads, so that whatever the machine does
/// meanwhile happens to all of them.
/// </summary>
/// <param name="settings">How long.</param>
public sealed class PairedRunner(RunSettings settings)
{
    /// <summary>Measures a case.</summary>
    /// <exception cref="OpException">Our side refuses its own inputs.</exception>
    public BenchmarkRow Run(BenchmarkCase @case, int threads, CancellationToken cancellation = default)
    {
        var row = new BenchmarkRow(@case, threads);
        if (@case.Needs is { } needs && OpRegistry.Find("", needs.Op, needs.Opset)?.Run is null)
            return row with { Note = $"no spec for {needs.Op}-{needs.Opset}" };
        if (@case.Lacks?.Invoke() is { } lack)
            return row with { Note = lack };
        using Workers.Forced forced = Workers.Force(threads);
        using Subject subject = @case.Create();
        string note = "", against = subject.Library ?? (subject.Against is null ? "ONNX Runtime" : "ours");
        using OnnxRuntimePeer? peer = subject.Against is null ? OnnxRuntimePeer.TryCreate(subject, threads, out note) : null;
        Action<int> ours = Ours(subject);
        if ((peer is not null ? Compare(subject, peer) : subject.Library is not null ? CompareLibrary(subject) : null) is { } difference)
            return row with { Against = against, Note = $"the results differ: {difference}", Differs = true };
        using LimitMeter? meter = @case.Limit?.Meter();
        Side us = new(ours);
        Side? them = subject.Against is { } other ? new Side(call => other(subject.Inputs[call % subject.Inputs.Count], subject.Outputs))
            : peer is null ? null
            : new Side(peer.Run), limit = meter is null ? null : new Side(_ => meter.Run());
        TakeTurns([.. new[] { us, them, limit }.OfType<Side>()], cancellation);
        return row with
        {
            Against = against,
            Ours = Statistics.Median(us.Seconds),
            Peer = them is null ? null : Statistics.Median(them.Seconds),
            Ratio = them is null ? null : Statistics.Median(them.Seconds.Zip(us.Seconds, (t, o) => t / o)),
            LimitRate = limit is null ? null : meter!.Work / Statistics.Median(limit.Seconds),
            LimitShare = limit is null
                ? null : Statistics.Median(us.Seconds.Zip(limit.Seconds, (o, l) => @case.Limit!.Work / o / (meter!.Work / l))),
            Spread = Statistics.Spread(us.Seconds),
            Note = note,
        };
    }

    private void TakeTurns(Side[] sides, CancellationToken cancellation)
    {
        GC.Collect();
        // Turns as long as ours at least: a short one more often escapes whatever else the machine does.
        TimeSpan turn = sides[0].WarmUp(settings.Warmup, settings.Sample);
        foreach (Side side in sides[1..])
            side.WarmUp(settings.Warmup / 4, turn > settings.Sample ? turn : settings.Sample);
        for (int round = 0; round < settings.Rounds; round++)
            for (int i = 0; i < sides.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                // Nobody always comes after the same one.
                sides[(round + i) % sides.Length].TakeTurn();
            }
    }

    private static Action<int> Ours(Subject subject)
    {
        int sets = subject.Inputs.Count;
        if (subject.Ours is { } run)
            return call => run(subject.Inputs[call % sets], subject.Outputs);
        OpDefinition definition = Definition(subject);
        return call => subject.RunDefinition(definition, call % sets);
    }

    private static OpDefinition Definition(Subject subject) => OpRegistry.Get("", subject.Node.Op, subject.Node.Opset);

    private static string? CompareLibrary(Subject subject)
    {
        subject.Ours!(subject.Inputs[0], subject.Outputs);
        TensorValue[] theirs = [.. subject.Outputs.Select(o => TensorValue.Allocate(o.Type, o.Dims, clear: true))];
        subject.Against!(subject.Inputs[0], theirs);
        return subject.Outputs.Zip(theirs, (o, t) => Agreement.Differences(o, t, subject.Tolerance)).FirstOrDefault(d => d is not null);
    }

    private static string? Compare(Subject subject, OnnxRuntimePeer peer)
    {
        TensorValue?[] ours = subject.Outputs;
        if (subject.Ours is { } run)
            run(subject.Inputs[0], subject.Outputs);
        else
            ours = subject.RunDefinition(Definition(subject), 0);
        peer.Run(0);
        for (int i = 0; i < ours.Length; i++)
            if (Agreement.Differences(ours[i]!, peer.Outputs[i], subject.Tolerance) is { } difference)
                return difference;
        return null;
    }
}
