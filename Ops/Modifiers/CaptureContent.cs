using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>What a call captures, copied: calls that capture the same share their programs, as the layers of a model do.</summary>
internal sealed class CaptureContent : IEquatable<CaptureContent>
{
    /// <summary>The most bytes worth copying and comparing in every call.</summary>
    private const long MaxBytes = 1 << 16;

    private readonly TensorValue[] tensors;

    private CaptureContent(TensorValue[] tensors) => this.tensors = tensors;

    /// <summary>Nothing.</summary>
    public static CaptureContent None { get; } = new([]);

    /// <summary>The content of captures; null if they are too large to keep.</summary>
    public static unsafe CaptureContent? Of(ReadOnlySpan<Operand> captures)
    {
        if (captures.Length == 0) return None;
        long bytes = 0;
        foreach (Operand capture in captures)
        {
            if (capture.IsAbsent || capture.Type == ElementType.String) return null;
            bytes += capture.Length * sizeof(double);
            if (bytes > MaxBytes) return null;
        }
        var tensors = new TensorValue[captures.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = TensorValue.Allocate(captures[i].Type, captures[i].Dims);
            Span<byte> own = tensors[i].Bytes;
            new ReadOnlySpan<byte>(captures[i].Data, own.Length).CopyTo(own);
        }
        return new CaptureContent(tensors);
    }

    /// <summary>The tensors as the compiler of modifiers reads them.</summary>
    public ModifierTensor[] ToTensors() => [.. tensors.Select((t, i) => ModifierGraphs.Constant($"captures[{i}]", t))];

    /// <inheritdoc/>
    public bool Equals(CaptureContent? other)
    {
        if (other is null || other.tensors.Length != tensors.Length) return false;
        for (int i = 0; i < tensors.Length; i++)
        {
            TensorValue x = tensors[i], y = other.tensors[i];
            if (x.Type != y.Type || !x.Dims.AsSpan().SequenceEqual(y.Dims) || !x.Bytes.SequenceEqual(y.Bytes)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CaptureContent);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (TensorValue tensor in tensors)
        {
            hash.Add(tensor.Type);
            foreach (long dim in tensor.Dims) hash.Add(dim);
            hash.AddBytes(tensor.Bytes);
        }
        return hash.ToHashCode();
    }
}
