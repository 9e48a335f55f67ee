using System.Runtime.InteropServices;

namespace Ops.OnnxRuntime;

/// <summary>Names of a session's inputs or outputs, as text and as the library wants them.</summary>
internal sealed unsafe class OrtNames : IDisposable
{
    private byte** pointers;

    /// <summary>Copies names.</summary>
    public OrtNames(IReadOnlyList<string> names)
    {
        Names = names;
        pointers = (byte**)NativeMemory.AllocZeroed((nuint)int.Max(names.Count, 1), (nuint)sizeof(byte*));
        for (int i = 0; i < names.Count; i++)
            pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(names[i]);
    }

    /// <summary>Frees what was not disposed.</summary>
    ~OrtNames() => Free();

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The names as UTF-8 that ends with a zero.</summary>
    public byte** Pointers => pointers is not null ? pointers : throw new ObjectDisposedException(nameof(OrtNames));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (pointers is null)
            return;
        for (int i = 0; i < Names.Count; i++)
            Marshal.FreeCoTaskMem((nint)pointers[i]);
        NativeMemory.Free(pointers);
        pointers = null;
    }
}
