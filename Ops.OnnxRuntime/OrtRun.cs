using Ops.Specs;
using Ops.Tensors;

namespace Ops.OnnxRuntime;

/// <summary>Runs of a session on the same tensors, prepared once so that a run is nothing but the library's work.</summary>
public sealed unsafe class OrtRun : IDisposable
{
    private readonly OrtSession session;
    private readonly OrtNames inputNames, outputNames;
    private readonly OrtValue[] inputs;
    private readonly OrtValue[]? given;
    private readonly nint[] inputHandles, outputHandles;

    internal OrtRun(OrtSession session, IReadOnlyList<KeyValuePair<string, TensorValue>> inputs, IReadOnlyList<TensorValue>? outputs)
    {
        if (outputs is not null && outputs.Count != session.Outputs.Count)
            throw new OpException("ONNX Runtime", "outputs",
                $"there are {outputs.Count} tensors for the {session.Outputs.Count} outputs of the model");
        this.session = session;
        this.inputs = [.. inputs.Select(i => new OrtValue(i.Value))];
        given = outputs is null ? null : [.. outputs.Select(o => new OrtValue(o))];
        inputNames = new OrtNames([.. inputs.Select(i => i.Key)]);
        outputNames = new OrtNames(session.Outputs);
        inputHandles = Handles(this.inputs);
        outputHandles = given is null ? new nint[session.Outputs.Count] : Handles(given);
    }

    /// <summary>Runs the model. Outputs that the library allocated in the run before are gone.</summary>
    /// <exception cref="OpException">The run failed.</exception>
    public void Invoke()
    {
        OrtApi api = OrtLibrary.Api;
        ReleaseOutputs();
        fixed (nint* i = inputHandles, o = outputHandles)
            api.Check(api.Run(session.Handle, null, inputNames.Pointers, (void**)i, (nuint)inputHandles.Length, outputNames.Pointers,
                (nuint)outputHandles.Length, (void**)o), "run");
        GC.KeepAlive(this);
    }

    /// <summary>The outputs of the last run: the tensors given for them, or copies; null for an optional one that came out
    /// absent.</summary>
    /// <exception cref="OpException">An output is no tensor of numbers.</exception>
    public TensorValue?[] Outputs()
    {
        if (given is not null)
            return [.. given.Select(v => v.ToTensor())];
        var tensors = new TensorValue?[outputHandles.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (outputHandles[i] == 0)
                continue;
            // From here on the value is freed with the object.
            using var value = new OrtValue((void*)outputHandles[i]);
            outputHandles[i] = 0;
            tensors[i] = value.ToTensor();
        }
        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReleaseOutputs();
        foreach (OrtValue value in inputs.Concat(given ?? []))
            value.Dispose();
        inputNames.Dispose();
        outputNames.Dispose();
    }

    private void ReleaseOutputs()
    {
        if (given is not null)
            return;
        for (int i = 0; i < outputHandles.Length; i++)
            if (outputHandles[i] != 0)
                OrtLibrary.Api.ReleaseValue((void*)outputHandles[i]);
        Array.Clear(outputHandles);
    }

    private static nint[] Handles(OrtValue[] values)
    {
        var handles = new nint[values.Length];
        for (int i = 0; i < handles.Length; i++)
            handles[i] = (nint)values[i].Handle;
        return handles;
    }
}
