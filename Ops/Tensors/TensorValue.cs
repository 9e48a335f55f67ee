using System.Runtime.InteropServices;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>
/// A dense, row-major tensor whose element type only the running program knows. Its buffer is pinned and aligned to 64 bytes, so kernels
/// work on it in place; elements below 8 bits are packed as ONNX packs them.
/// </summary>
public sealed unsafe class TensorValue
{
    private const int MaxBytes = int.MaxValue - 128;

    private readonly int start;

    private TensorValue(ElementType type, long[] dims, long length, TensorBuffer buffer, string[]? strings, int start = 0)
    {
        this.start = start;
        Type = type;
        Dims = dims;
        Length = length;
        Buffer = buffer;
        Strings = strings;
    }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The dims; not to be changed.</summary>
    public long[] Dims { get; }

    /// <summary>How many elements there are.</summary>
    public long Length { get; }

    /// <summary>How many bytes the elements take.</summary>
    public int ByteCount => (int)((Length * Type.Bits() + 7) / 8);

    /// <summary>The elements of a string tensor; null for every other.</summary>
    public string[]? Strings { get; }

    /// <summary>From one index of each axis to the next, in elements, where they do not lie one after another; only contractions get such
    /// tensors.</summary>
    internal long[]? Strides { get; private init; }

    /// <summary>The elements in the form that a kernel reads, for a tensor that has no others.</summary>
    internal Kernels.PackedOperand? Packed { get; private init; }

    /// <summary>The address of the first element; valid as long as this object is reachable.</summary>
    public void* Pointer => Buffer.Pointer + start;

    /// <summary>The raw bytes.</summary>
    public Span<byte> Bytes =>
        Strides is null ? Buffer.Slice(start, ByteCount)
            : throw new InvalidOperationException("The elements do not lie one after another.");

    /// <summary>Where the elements lie.</summary>
    internal TensorBuffer Buffer { get; }

    /// <summary>A new tensor; its elements are zero only when <paramref name="clear"/>.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="dims">The dims.</param>
    /// <param name="clear">Whether to fill it with zeros.</param>
    /// <exception cref="OpException">A dim is negative, or the tensor would take more than 2 GiB.</exception>
    public static TensorValue Allocate(ElementType type, ReadOnlySpan<long> dims, bool clear = false) =>
        Allocate(type, dims.ToArray(), clear, null);

    /// <summary>A new tensor in memory of a pool, with these very dims; its elements are whatever lay there.</summary>
    internal static TensorValue Allocate(ElementType type, long[] dims, BufferPool pool) => Allocate(type, dims, clear: false, pool);

    private static TensorValue Allocate(ElementType type, long[] dims, bool clear, BufferPool? pool)
    {
        long length = CountElements(dims);
        int bits = type.Bits();
        if (type == ElementType.Undefined)
            throw new OpException("tensor", "element-type", "the element type is not known");
        if (length > int.MaxValue || length * bits / 8 > MaxBytes)
            throw new OpException("tensor", "size", $"{type.Name()}[{string.Join(", ", dims)}] takes more than 2 GiB");
        if (type == ElementType.String)
        {
            var strings = new string[length];
            strings.AsSpan().Fill("");
            return new TensorValue(type, dims, length, TensorBuffer.Empty, strings);
        }
        int size = (int)((length * bits + 7) / 8);
        return new TensorValue(type, dims, length, pool?.Take(size) ?? TensorBuffer.Allocate(size, clear), null);
    }

    /// <summary>The same elements under another shape, in the same memory.</summary>
    /// <exception cref="OpException">The shape has another number of elements.</exception>
    internal TensorValue View(long[] dims) => CountElements(dims) == Length ? new TensorValue(Type, dims, Length, Buffer, Strings, start)
        : throw new OpException("tensor", "shape", $"[{string.Join(", ", dims)}] is no other shape of {this}");

    /// <summary>The same elements with their axes in another order, in the same memory.</summary>
    internal TensorValue Permuted(long[] dims, long[] strides) => new(Type, dims, Length, Buffer, Strings, start) { Strides = strides };

    /// <summary>The part at one position of the first axis, in the same memory; null where it does not lie on whole bytes.</summary>
    internal TensorValue? ViewAt(long position)
    {
        int bits = Type.Bits();
        if (Strings is not null || bits < 8)
            return null;
        long[] dims = Dims[1..];
        long length = CountElements(dims);
        return new TensorValue(Type, dims, length, Buffer, null, start + (int)(position * length * bits / 8));
    }

    /// <summary>A tensor whose elements exist only in the form that a kernel reads.</summary>
    internal static TensorValue Of(Kernels.PackedOperand packed, ElementType type, ReadOnlySpan<long> dims) =>
        new(type, dims.ToArray(), CountElements(dims), TensorBuffer.Empty, null) { Packed = packed };

    /// <summary>How many elements a shape has; 0 when any dim is.</summary>
    /// <exception cref="OpException">A dim is negative, or the product does not fit 64 bits.</exception>
    public static long CountElements(ReadOnlySpan<long> dims)
    {
        ulong count = 1;
        foreach (long dim in dims)
        {
            if (dim < 0)
                throw new OpException("tensor", "shape", $"[{string.Join(", ", dims.ToArray())}] has a negative dim");
            if (dim == 0)
                return dims.ToArray().Any(d => d < 0)
                    ? throw new OpException("tensor", "shape", $"[{string.Join(", ", dims.ToArray())}] has a negative dim") : 0;
            if (Math.BigMul(count, (ulong)dim, out count) > 0 || count > long.MaxValue)
                throw new OpException("tensor", "size", $"[{string.Join(", ", dims.ToArray())}] has more elements than fit 64 bits");
        }
        return (long)count;
    }

    /// <summary>A tensor with a copy of <paramref name="elements"/>.</summary>
    /// <exception cref="OpException">The number of elements does not fit the dims, or <typeparamref name="T"/> is no element
    /// type.</exception>
    public static TensorValue From<T>(ReadOnlySpan<T> elements, params ReadOnlySpan<long> dims) where T : unmanaged
    {
        TensorValue value = Allocate(ClrTypes.ElementTypeOf<T>(), dims);
        if (value.Length != elements.Length)
            throw new OpException("tensor", "shape", $"{elements.Length} elements do not fill [{string.Join(", ", dims.ToArray())}]");
        elements.CopyTo(value.Span<T>());
        return value;
    }

    /// <summary>A string tensor.</summary>
    public static TensorValue From(string[] elements, params ReadOnlySpan<long> dims)
    {
        TensorValue value = Allocate(ElementType.String, dims);
        if (value.Length != elements.Length)
            throw new OpException("tensor", "shape", $"{elements.Length} elements do not fill [{string.Join(", ", dims.ToArray())}]");
        elements.CopyTo(value.Strings!, 0);
        return value;
    }

    /// <summary>The elements.</summary>
    /// <exception cref="OpException"><typeparamref name="T"/> is not the C# type of <see cref="Type"/>.</exception>
    public Span<T> Span<T>() where T : unmanaged
    {
        if (ClrTypes.ElementTypeOf<T>() != Type)
            throw new OpException("tensor", "element-type", $"the tensor holds {Type.Name()}, not {typeof(T).Name}");
        return MemoryMarshal.Cast<byte, T>(Bytes);
    }

    /// <summary>The tensor as inference sees it, with its data.</summary>
    public TensorType ToTensorType() => new(Type, Seq.Of(Array.ConvertAll(Dims, d => (Dim)d)), TensorValueData.Of(this));

    /// <summary>Type and dims, for instance <c>float[2, 3]</c>.</summary>
    public override string ToString() => $"{Type.Name()}[{string.Join(", ", Dims)}]";
}
