using Ops.Benchmarks.Cases;
using Ops.Onnx;
using Ops.OnnxRuntime;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Benchmarks.Peers;

/// <summary>ONNX Runtime on the tensors of a subject, with outputs of its own.</summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    private readonly OrtSession session;
    private readonly OrtRun[] runs;

    private OnnxRuntimePeer(Subject subject, int threads)
    {
        PeerCall? call = subject.PeerCall;
        Outputs = [.. (call?.Outputs ?? subject.Outputs).Select(o => TensorValue.Allocate(o.Type, o.Dims, clear: true))];
        PeerNode node = call?.Node ?? subject.PeerNode ?? subject.Node;
        IReadOnlyList<IReadOnlyList<TensorValue?>> sets = subject.PeerInputs is { } own
            ? [own] : [.. (call?.Inputs ?? subject.Inputs).Select(i => (IReadOnlyList<TensorValue?>)i)];
        using var environment = NativeEnvironment.Set(subject.PeerEnvironment);
        session = OrtSession.Parse(subject.PeerGraph is { } graph ? ModelWriter.Write(graph) : node.ToModel(sets[0], Filled(sets[0])),
            new OrtSessionOptions { Threads = threads });
        runs = [.. sets.Select(inputs => session.Prepare(
            [.. inputs.Select((x, i) => KeyValuePair.Create(subject.PeerGraph?.Inputs[i].Name ?? PeerNode.InputName(i), x!))
                .Where((x, i) => x.Value is not null && !node.IsConstant(i))],
            Filled(inputs)))];

        TensorValue[] Filled(IReadOnlyList<TensorValue?> inputs) => [.. Outputs, .. (call?.Shared ?? []).Select(i => inputs[i]!)];
    }

    /// <summary>What it fills.</summary>
    public TensorValue[] Outputs { get; }

    /// <summary>The peer of a subject; null, and why, when there is none.</summary>
    public static OnnxRuntimePeer? TryCreate(Subject subject, int threads, out string note)
    {
        note = OrtLibrary.Unavailable ?? "";
        if (!OrtLibrary.IsAvailable)
            return null;
        try
        {
            return new OnnxRuntimePeer(subject, threads);
        }
        catch (OpException e)
        {
            note = e.Message;
            return null;
        }
    }

    /// <summary>One call.</summary>
    public void Run(int call) => runs[call % runs.Length].Invoke();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrtRun run in runs)
            run.Dispose();
        session.Dispose();
    }
}
