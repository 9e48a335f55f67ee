using System.Runtime.InteropServices;
using Ops.Specs;

namespace Ops.OnnxRuntime;

/// <summary>The C functions that are used here, each at its fixed place in the table that all versions of the API share and
/// extend.</summary>
/// <param name="functions">The table.</param>
/// <remarks>A function that can fail returns a status: null, or an error for <see cref="Check"/>.</remarks>
internal readonly unsafe struct OrtApi(void** functions)
{
    /// <summary>The version of the API that is asked for; later libraries have it too.</summary>
    public const uint Version = 22;

    /// <summary>(severity, name, out environment).</summary>
    public delegate* unmanaged<int, byte*, void**, void*> CreateEnv => (delegate* unmanaged<int, byte*, void**, void*>)functions[3];

    /// <summary>(environment, path, options, out session); a path is UTF-16 on Windows and UTF-8 elsewhere.</summary>
    public delegate* unmanaged<void*, void*, void*, void**, void*> CreateSession =>
        (delegate* unmanaged<void*, void*, void*, void**, void*>)functions[7];

    /// <summary>(environment, bytes, length, options, out session).</summary>
    public delegate* unmanaged<void*, void*, nuint, void*, void**, void*> CreateSessionFromArray =>
        (delegate* unmanaged<void*, void*, nuint, void*, void**, void*>)functions[8];

    /// <summary>(session, run options, input names, inputs, count, output names, count, in and out outputs).</summary>
    public delegate* unmanaged<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*> Run =>
        (delegate* unmanaged<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*>)functions[9];

    /// <summary>(out options).</summary>
    public delegate* unmanaged<void**, void*> CreateSessionOptions => (delegate* unmanaged<void**, void*>)functions[10];

    /// <summary>(options, level).</summary>
    public delegate* unmanaged<void*, int, void*> SetSessionGraphOptimizationLevel => (delegate* unmanaged<void*, int, void*>)functions[23];

    /// <summary>(options, count).</summary>
    public delegate* unmanaged<void*, int, void*> SetIntraOpNumThreads => (delegate* unmanaged<void*, int, void*>)functions[24];

    /// <summary>(options, count).</summary>
    public delegate* unmanaged<void*, int, void*> SetInterOpNumThreads => (delegate* unmanaged<void*, int, void*>)functions[25];

    /// <summary>(session, out count).</summary>
    public delegate* unmanaged<void*, nuint*, void*> SessionGetInputCount => (delegate* unmanaged<void*, nuint*, void*>)functions[30];

    /// <summary>(session, out count).</summary>
    public delegate* unmanaged<void*, nuint*, void*> SessionGetOutputCount => (delegate* unmanaged<void*, nuint*, void*>)functions[31];

    /// <summary>(session, index, allocator, out name that the allocator frees).</summary>
    public delegate* unmanaged<void*, nuint, void*, byte**, void*> SessionGetInputName =>
        (delegate* unmanaged<void*, nuint, void*, byte**, void*>)functions[36];

    /// <summary>(session, index, allocator, out name that the allocator frees).</summary>
    public delegate* unmanaged<void*, nuint, void*, byte**, void*> SessionGetOutputName =>
        (delegate* unmanaged<void*, nuint, void*, byte**, void*>)functions[37];

    /// <summary>(memory info, data, bytes, dims, rank, element type, out value).</summary>
    public delegate* unmanaged<void*, void*, nuint, long*, nuint, int, void**, void*> CreateTensorWithDataAsOrtValue =>
        (delegate* unmanaged<void*, void*, nuint, long*, nuint, int, void**, void*>)functions[49];

    /// <summary>(value, out whether it is a tensor).</summary>
    public delegate* unmanaged<void*, int*, void*> IsTensor => (delegate* unmanaged<void*, int*, void*>)functions[50];

    /// <summary>(value, out data).</summary>
    public delegate* unmanaged<void*, void**, void*> GetTensorMutableData => (delegate* unmanaged<void*, void**, void*>)functions[51];

    /// <summary>(info, out element type).</summary>
    public delegate* unmanaged<void*, int*, void*> GetTensorElementType => (delegate* unmanaged<void*, int*, void*>)functions[60];

    /// <summary>(info, out rank).</summary>
    public delegate* unmanaged<void*, nuint*, void*> GetDimensionsCount => (delegate* unmanaged<void*, nuint*, void*>)functions[61];

    /// <summary>(info, dims to fill, rank).</summary>
    public delegate* unmanaged<void*, long*, nuint, void*> GetDimensions => (delegate* unmanaged<void*, long*, nuint, void*>)functions[62];

    /// <summary>(value, out info).</summary>
    public delegate* unmanaged<void*, void**, void*> GetTensorTypeAndShape => (delegate* unmanaged<void*, void**, void*>)functions[65];

    /// <summary>(allocator type, memory type, out memory info).</summary>
    public delegate* unmanaged<int, int, void**, void*> CreateCpuMemoryInfo => (delegate* unmanaged<int, int, void**, void*>)functions[69];

    /// <summary>(allocator, memory).</summary>
    public delegate* unmanaged<void*, void*, void*> AllocatorFree => (delegate* unmanaged<void*, void*, void*>)functions[76];

    /// <summary>(out allocator, which nobody frees).</summary>
    public delegate* unmanaged<void**, void*> GetAllocatorWithDefaultOptions => (delegate* unmanaged<void**, void*>)functions[78];

    /// <summary>(session).</summary>
    public delegate* unmanaged<void*, void> ReleaseSession => (delegate* unmanaged<void*, void>)functions[95];

    /// <summary>(value).</summary>
    public delegate* unmanaged<void*, void> ReleaseValue => (delegate* unmanaged<void*, void>)functions[96];

    /// <summary>(info).</summary>
    public delegate* unmanaged<void*, void> ReleaseTensorTypeAndShapeInfo => (delegate* unmanaged<void*, void>)functions[99];

    /// <summary>(options).</summary>
    public delegate* unmanaged<void*, void> ReleaseSessionOptions => (delegate* unmanaged<void*, void>)functions[100];

    /// <summary>(options, key, value).</summary>
    public delegate* unmanaged<void*, byte*, byte*, void*> AddSessionConfigEntry =>
        (delegate* unmanaged<void*, byte*, byte*, void*>)functions[130];

    /// <summary>Turns an error into an exception with the library's message.</summary>
    /// <param name="status">What a function returned.</param>
    /// <param name="rule">What was asked for.</param>
    /// <exception cref="OpException">It is an error.</exception>
    public void Check(void* status, string rule)
    {
        if (status is null)
            return;
        string message = Marshal.PtrToStringUTF8(((delegate* unmanaged<void*, nint>)functions[2])(status)) ?? "no message";
        ((delegate* unmanaged<void*, void>)functions[93])(status);
        throw new OpException("ONNX Runtime", rule, OrtMessage.Told(message));
    }
}
