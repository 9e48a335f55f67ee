using System.Runtime.InteropServices;
using System.Text;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.OnnxRuntime;

/// <summary>A model in ONNX Runtime, on the processor.</summary>
public sealed unsafe class OrtSession : IDisposable
{
    private void* handle;

    private OrtSession(void* handle)
    {
        this.handle = handle;
        OrtApi api = OrtLibrary.Api;
        nuint inputs, outputs;
        api.Check(api.SessionGetInputCount(handle, &inputs), "session");
        api.Check(api.SessionGetOutputCount(handle, &outputs), "session");
        Inputs = Names(handle, inputs, api, api.SessionGetInputName);
        Outputs = Names(handle, outputs, api, api.SessionGetOutputName);
    }

    /// <summary>Frees what was not disposed.</summary>
    ~OrtSession() => Free();

    /// <summary>The names of the model's inputs, without those that have a default.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The names of the model's outputs.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The handle.</summary>
    internal void* Handle => handle is not null ? handle : throw new ObjectDisposedException(nameof(OrtSession));

    /// <summary>Makes a session of a model's bytes.</summary>
    /// <exception cref="OpException">There is no library, or it refuses the model.</exception>
    public static OrtSession Parse(ReadOnlySpan<byte> model, OrtSessionOptions? options = null)
    {
        fixed (byte* bytes = model)
        {
            byte* data = bytes;
            var length = (nuint)model.Length;
            return Create(options, (api, o) =>
            {
                void* made;
                api.Check(api.CreateSessionFromArray(OrtEnvironment.Shared.Environment, data, length, (void*)o, &made), "model");
                return (nint)made;
            });
        }
    }

    /// <summary>Makes a session of a model's file.</summary>
    /// <exception cref="OpException">There is no library, or it refuses the model.</exception>
    public static OrtSession Load(string path, OrtSessionOptions? options = null)
    {
        byte[] text = OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : Encoding.UTF8.GetBytes(path + '\0');
        return Create(options, (api, o) =>
        {
            void* made;
            fixed (byte* p = text)
                api.Check(api.CreateSession(OrtEnvironment.Shared.Environment, p, (void*)o, &made), "model");
            return (nint)made;
        });
    }

    /// <summary>Runs the model; the inputs are not copied.</summary>
    /// <param name="inputs">The inputs by name; null is an absent one.</param>
    /// <returns>The outputs in the model's order; null for an optional one that came out absent.</returns>
    /// <exception cref="OpException">The run failed, or an output is no tensor of numbers.</exception>
    public TensorValue?[] Run(IReadOnlyDictionary<string, TensorValue?> inputs)
    {
        using OrtRun run = Prepare([.. inputs.Where(i => i.Value is not null).Select(i => KeyValuePair.Create(i.Key, i.Value!))]);
        run.Invoke();
        return run.Outputs();
    }

    /// <summary>Prepares runs on the same tensors.</summary>
    /// <param name="inputs">The inputs by name. Their elements may change between runs.</param>
    /// <param name="outputs">Tensors for the outputs, in the model's order; null lets the library allocate.</param>
    /// <exception cref="OpException">A tensor cannot be handed over.</exception>
    public OrtRun Prepare(IReadOnlyList<KeyValuePair<string, TensorValue>> inputs, IReadOnlyList<TensorValue>? outputs = null) =>
        new(this, inputs, outputs);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static OrtSession Create(OrtSessionOptions? options, Func<OrtApi, nint, nint> create)
    {
        options ??= new OrtSessionOptions();
        OrtApi api = OrtLibrary.Api;
        void* o;
        api.Check(api.CreateSessionOptions(&o), "options");
        try
        {
            api.Check(api.SetIntraOpNumThreads(o, options.Threads), "options");
            api.Check(api.SetInterOpNumThreads(o, 1), "options");
            api.Check(api.SetSessionGraphOptimizationLevel(o, (int)options.Optimization), "options");
            if (options.StopSpinning)
                Configure(api, o, "session.force_spinning_stop\0"u8, "1\0"u8);
            return new OrtSession((void*)create(api, (nint)o));
        }
        finally
        {
            api.ReleaseSessionOptions(o);
        }
    }

    private static void Configure(OrtApi api, void* options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
            api.Check(api.AddSessionConfigEntry(options, k, v), "options");
    }

    private static string[] Names(void* session, nuint count, OrtApi api, delegate* unmanaged<void*, nuint, void*, byte**, void*> name)
    {
        var names = new string[count];
        void* allocator = OrtEnvironment.Shared.Allocator;
        for (nuint i = 0; i < count; i++)
        {
            byte* text;
            api.Check(name(session, i, allocator, &text), "session");
            names[i] = Marshal.PtrToStringUTF8((nint)text)!;
            api.Check(api.AllocatorFree(allocator, text), "session");
        }
        return names;
    }

    private void Free()
    {
        if (handle is not null)
            OrtLibrary.Api.ReleaseSession(handle);
        handle = null;
    }
}
